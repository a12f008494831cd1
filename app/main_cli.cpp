#include "app/cli_program.h"

int main(int argc, char** argv)
{
    return apical::runHeadlessProgram(argc, argv);
}
