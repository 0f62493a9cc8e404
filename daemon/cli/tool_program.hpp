#pragma once

namespace ecr::cli {

/// ecrbridge, with the arguments of a command line; its exit status.
int tool_program(int argc, char** argv);

}  // namespace ecr::cli
