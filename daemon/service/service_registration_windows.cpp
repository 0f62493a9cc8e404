#include "daemon/service/service_registration_windows.hpp"

#include "daemon/access_windows.hpp"
#include "daemon/link/handle_windows.hpp"
#include "daemon/service/firewall_windows.hpp"
#include "daemon/service/service_config_windows.hpp"
#include "daemon/service/service_host_windows.hpp"
#include "daemon/usual_places.hpp"
#include "store/journal_copy.hpp"

#include <boost/system/system_error.hpp>

#include <iostream>
#include <memory>
#include <type_traits>

namespace ecr::daemon {
namespace {

struct closed {
    void operator()(SC_HANDLE handle) const noexcept { ::CloseServiceHandle(handle); }
};
using service_handle = std::unique_ptr<std::remove_pointer_t<SC_HANDLE>, closed>;

constexpr DWORD step_ms = 250;

std::string because(const std::string& what)
{
    const auto why = last_windows_error();
    return what + ": " + why.message() +
           (why.value() == ERROR_ACCESS_DENIED ? ". Run this as administrator" : "");
}

std::filesystem::path own_program()
{
    std::wstring path(32768, L'\0');
    path.resize(::GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    return path;
}

/// Null: there is none, or it is not permitted.
service_handle open_service(DWORD access)
{
    const service_handle manager{::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT)};
    if (!manager) return nullptr;
    return service_handle{::OpenServiceW(manager.get(), service_name, access)};
}

DWORD state_of(SC_HANDLE service)
{
    SERVICE_STATUS now{};
    return ::QueryServiceStatus(service, &now) ? now.dwCurrentState : SERVICE_STOPPED;
}

/// True: it is in that state, or has been, before the time was over or it was in another for good.
bool reaches(SC_HANDLE service, DWORD wanted, DWORD at_most_ms)
{
    for (DWORD waited = 0; waited <= at_most_ms; waited += step_ms) {
        const auto state = state_of(service);
        if (state == wanted) return true;
        if (wanted == SERVICE_RUNNING && state == SERVICE_STOPPED && waited > 0) return false;
        ::Sleep(step_ms);
    }
    return false;
}

/// What still waits for the cloud's word; none when that cannot be known.
std::int64_t open_orders(const std::filesystem::path& journal)
{
    try {
        return store::count_open_orders(journal);
    } catch (const boost::system::system_error&) {
        return 0;
    }
}

void wait_for_orders(int wait_s)
{
    const auto settings = config_of_service();
    if (!settings) return;
    for (int waited = 0;; ++waited) {
        const auto orders = open_orders(settings->journal);
        if (orders == 0) return;
        if (waited == 0)
            std::cout << "ecrbridge: waiting for " << orders << " open order(s) to end, at most "
                      << wait_s << " s\n"
                      << std::flush;
        if (waited >= wait_s) {
            std::cout << "ecrbridge: " << orders
                      << " order(s) still open; they go on at the next start\n";
            return;
        }
        ::Sleep(1000);
    }
}

std::string make_folder()
{
    const auto folder = usual_config().parent_path();
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return "cannot make " + folder.string() + ": " + failed.message();
    if (const auto open_to_others = make_service_folder(folder))
        return "cannot keep others out of " + folder.string() + ": " + open_to_others.message();
    return {};
}

}  // namespace

bool is_service_installed()
{
    return open_service(SERVICE_QUERY_STATUS) != nullptr;
}

bool is_service_running()
{
    const auto service = open_service(SERVICE_QUERY_STATUS);
    return service && state_of(service.get()) != SERVICE_STOPPED;
}

std::string install_service(const std::filesystem::path& config)
{
    const service_handle manager{::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_ALL_ACCESS)};
    if (!manager) return because("cannot reach Windows' services");
    const auto command = L"\"" + own_program().wstring() + L"\" service --config \"" +
                         std::filesystem::absolute(config).wstring() + L"\"";
    service_handle service{::OpenServiceW(manager.get(), service_name, SERVICE_ALL_ACCESS)};
    const bool is_new = !service;
    // On demand until somebody starts it: what is not set up must not fail at every boot.
    if (is_new)
        service.reset(::CreateServiceW(manager.get(), service_name, service_title,
                                       SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
                                       SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, command.c_str(),
                                       nullptr, nullptr, service_needs, service_account, nullptr));
    if (!service) return because("cannot register the service");
    if (!is_new && !::ChangeServiceConfigW(service.get(), SERVICE_NO_CHANGE, SERVICE_NO_CHANGE,
                                           SERVICE_ERROR_NORMAL, command.c_str(), nullptr, nullptr,
                                           service_needs, service_account, nullptr, service_title))
        return because("cannot set the service anew");
    for (const auto& problem : set_manners(service.get()))
        std::cerr << "ecrbridged: " << problem << '\n';
    register_event_source(own_program());
    if (auto problem = make_folder(); !problem.empty()) return problem;
    std::cout << (is_new ? "Registered" : "Set anew") << " the service ecrbridged.\n";
    return {};
}

std::string start_service()
{
    const auto service = open_service(SERVICE_START | SERVICE_QUERY_STATUS | SERVICE_CHANGE_CONFIG);
    if (!service) return because("cannot open the service ecrbridged");
    if (!::ChangeServiceConfigW(service.get(), SERVICE_NO_CHANGE, SERVICE_AUTO_START,
                                SERVICE_NO_CHANGE, nullptr, nullptr, nullptr, nullptr, nullptr,
                                nullptr, nullptr))
        return because("cannot have it started at every boot");
    start_late_at_boot(service.get());
    open_firewall(own_program());
    if (!::StartServiceW(service.get(), 0, nullptr) &&
        ::GetLastError() != ERROR_SERVICE_ALREADY_RUNNING)
        return because("the service does not start");
    constexpr DWORD at_most_ms = 120'000;
    if (!reaches(service.get(), SERVICE_RUNNING, at_most_ms))
        return "the service does not start: the event log says why, under Windows Logs, "
               "Application, ecrbridged; or try \"ecrbridged --check-config\"";
    std::cout << "Started the service ecrbridged.\n";
    return {};
}

std::string stop_service(int wait_s)
{
    const auto service = open_service(SERVICE_STOP | SERVICE_QUERY_STATUS);
    if (!service)
        return ::GetLastError() == ERROR_SERVICE_DOES_NOT_EXIST
                   ? std::string{}
                   : because("cannot open the service ecrbridged");
    if (state_of(service.get()) == SERVICE_STOPPED) return {};
    wait_for_orders(wait_s);
    SERVICE_STATUS now{};
    if (!::ControlService(service.get(), SERVICE_CONTROL_STOP, &now) &&
        ::GetLastError() != ERROR_SERVICE_NOT_ACTIVE &&
        ::GetLastError() != ERROR_SERVICE_CANNOT_ACCEPT_CTRL)
        return because("the service does not stop");
    constexpr DWORD at_most_ms = 120'000;
    if (!reaches(service.get(), SERVICE_STOPPED, at_most_ms)) return "the service does not stop";
    std::cout << "Stopped the service ecrbridged.\n";
    return {};
}

std::string remove_service()
{
    close_firewall();
    forget_event_source();
    const auto service = open_service(DELETE);
    if (!service)
        return ::GetLastError() == ERROR_SERVICE_DOES_NOT_EXIST
                   ? std::string{}
                   : because("cannot open the service ecrbridged");
    if (!::DeleteService(service.get())) return because("cannot remove the service");
    std::cout << "Removed the service ecrbridged. Its journal and settings stay in "
              << usual_config().parent_path().string() << '\n';
    return {};
}

}  // namespace ecr::daemon
