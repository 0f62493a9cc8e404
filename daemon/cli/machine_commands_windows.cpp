#include "daemon/cli/machine_commands.hpp"

namespace ecr::cli {

struct machine_commands::parts {};

machine_commands::machine_commands(CLI::App& /*app*/) {}

machine_commands::~machine_commands() = default;

bool machine_commands::chosen() const
{
    return false;
}

int machine_commands::serve(bool /*as_json*/)
{
    return 0;
}

}  // namespace ecr::cli
