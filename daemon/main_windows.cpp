#include "daemon/bridge_program.hpp"

int main(int argc, char** argv)
{
    return ecr::daemon::bridge_program(argc, argv);
}
