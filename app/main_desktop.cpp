#include "app/program/window_program.h"

int main(int argc, char** argv)
{
    return apical::runWindowProgram(argc, argv);
}
