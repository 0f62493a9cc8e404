#include "daemon/cli/tool_program.hpp"

int main(int argc, char** argv)
{
    return ecr::cli::tool_program(argc, argv);
}
