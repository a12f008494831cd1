#include "app/cli/program.h"

int main(int argc, char** argv)
{
    return apical::runHeadlessProgram(argc, argv);
}
