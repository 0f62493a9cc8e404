#pragma once

#include <optional>
#include <string>

namespace ecr::daemon {

/// A variable of the program's environment; nothing: it is not set.
[[nodiscard]] std::optional<std::string> environment_variable(const char* name);

}  // namespace ecr::daemon
