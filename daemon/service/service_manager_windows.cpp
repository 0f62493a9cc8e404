#include "daemon/service/service_host_windows.hpp"
#include "daemon/service/service_manager.hpp"

namespace ecr::daemon {

service_manager service_manager::from_environment()
{
    return {};  // whether Windows has started this is known to the host
}

bool service_manager::present() const noexcept
{
    return is_service();
}

void service_manager::ready(std::string_view sentence)
{
    report_running();
    report_event(event_kind::information, sentence);
}

void service_manager::status(std::string_view sentence)
{
    sentence_ = sentence;  // Windows has no place for it; the status page has
}

void service_manager::reloading() {}  // nothing asks for it there

void service_manager::failed(std::string_view sentence)
{
    report_event(event_kind::error, sentence);
}

void service_manager::stopping(std::string_view sentence, std::chrono::milliseconds at_most)
{
    report_stopping(at_most);
    report_event(event_kind::information, sentence);
}

void service_manager::feed() {}

}  // namespace ecr::daemon
