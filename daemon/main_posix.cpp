// One program under two names: what they have in common, most of it, is installed once.
#include "daemon/bridge_program.hpp"
#include "daemon/cli/tool_program.hpp"

#include <filesystem>
#include <string>

int main(int argc, char** argv)
{
    const auto name = argc > 0 ? std::filesystem::path{argv[0]}.filename().string() : "";
    // Under a strange name it is the tool: nothing takes tills' money by mistake.
    const bool is_bridge = name.starts_with("ecrbridged");
    return is_bridge ? ecr::daemon::bridge_program(argc, argv) : ecr::cli::tool_program(argc, argv);
}
