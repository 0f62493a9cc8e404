#pragma once

namespace ecr::daemon {

/// ecrbridged, with the arguments of a command line; its exit status.
int bridge_program(int argc, char** argv);

}  // namespace ecr::daemon
