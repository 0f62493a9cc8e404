// One program under two names: what they have in common, most of it, is installed once.
#include "daemon/bridge_program.hpp"
#include "daemon/cli/tool_program.hpp"

#include <filesystem>

int main(int argc, char** argv)
{
    const bool is_tool = argc > 0 && std::filesystem::path{argv[0]}.filename() == "ecrbridge";
    return is_tool ? ecr::cli::tool_program(argc, argv) : ecr::daemon::bridge_program(argc, argv);
}
