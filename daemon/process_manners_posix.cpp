#include "daemon/process_manners.hpp"

#include <csignal>

namespace ecr::daemon {

void outlive_peers() noexcept
{
    std::signal(SIGPIPE, SIG_IGN);  // a till that left is an error value, not the end
    std::signal(SIGXFSZ, SIG_IGN);  // nor is a file that may not grow: its writer hears EFBIG
}

void write_bytes_as_they_are() noexcept {}

std::optional<int> reload_signal() noexcept
{
    return SIGHUP;
}

}  // namespace ecr::daemon
