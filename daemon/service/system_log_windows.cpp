#include "daemon/logging.hpp"
#include "daemon/service/service_host_windows.hpp"
#include "daemon/service/system_log.hpp"

namespace ecr::daemon {

void tell_system(log_level level, std::string_view line) noexcept
{
    if (level == log_level::warning) report_event(event_kind::warning, line);
    if (level == log_level::error) report_event(event_kind::error, line);
}

}  // namespace ecr::daemon
