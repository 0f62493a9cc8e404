#include "daemon/environment.hpp"

#include <cstdlib>

namespace ecr::daemon {

std::optional<std::string> environment_variable(const char* name)
{
    // What is set or unset is so in main's first lines, before there is a second thread.
    // NOLINTNEXTLINE(concurrency-mt-unsafe)
    const char* value = std::getenv(name);
    if (value == nullptr) return std::nullopt;
    return value;
}

}  // namespace ecr::daemon
