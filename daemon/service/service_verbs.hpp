#pragma once

#include <optional>

namespace ecr::daemon {

/// What Windows asks of a program that is a service there: `service`, as which Windows itself
/// starts it, and `install`, `start`, `stop`, `status` and `remove`, for installers. `run` is the
/// bridge with the arguments that follow. Gives the exit status; nothing: the command line is none
/// of these, or this is not Windows, where packages have a unit of systemd for all that.
[[nodiscard]] std::optional<int> run_service_verb(int argc, char** argv, int (*run)(int, char**));

}  // namespace ecr::daemon
