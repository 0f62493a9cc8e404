#include "daemon/cli/service_control.hpp"
#include "daemon/service/service_registration_windows.hpp"

namespace ecr::cli {

bool can_start_service()
{
    return daemon::is_service_installed();
}

const char* how_to_start()
{
    return "ecrbridged start";
}

std::string start_service(const daemon::config&)
{
    if (auto problem = daemon::stop_service(daemon::wait_for_orders_s); !problem.empty())
        return problem;
    return daemon::start_service();
}

}  // namespace ecr::cli
