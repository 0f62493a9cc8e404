#include "daemon/service/service_config_windows.hpp"

#include "daemon/access_windows.hpp"
#include "daemon/config.hpp"
#include "daemon/limits.hpp"
#include "daemon/link/handle_windows.hpp"
#include "daemon/service/service_host_windows.hpp"
#include "daemon/usual_places.hpp"
#include "store/private_access_windows.hpp"

#include <array>
#include <fstream>
#include <iterator>

namespace ecr::daemon {
namespace {

constexpr auto event_source_key =
    L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\ecrbridged";

/// As the unit of systemd has it: a few times at once, then every minute, for as long as it takes.
constexpr SC_ACTION restarts[] = {{SC_ACTION_RESTART, 2'000},
                                  {SC_ACTION_RESTART, 2'000},
                                  {SC_ACTION_RESTART, 2'000},
                                  {SC_ACTION_RESTART, 60'000}};
constexpr DWORD good_again_after_s = 600;

template <class Setting>
void set(SC_HANDLE service, DWORD which, Setting setting, const char* what,
         std::vector<std::string>& refused)
{
    if (::ChangeServiceConfig2W(service, which, &setting)) return;
    refused.push_back(std::string{"this Windows does not take "} + what + ": " +
                      last_windows_error().message());
}

}  // namespace

std::vector<std::string> set_manners(SC_HANDLE service)
{
    std::vector<std::string> refused;
    std::wstring about =
        L"Takes the payments of tills to QFPay's terminals and tells tills the "
        L"truth about them. See ecrbridge --help";
    set(service, SERVICE_CONFIG_DESCRIPTION, SERVICE_DESCRIPTIONW{about.data()}, "a description",
        refused);
    auto actions = std::to_array(restarts);
    set(service, SERVICE_CONFIG_FAILURE_ACTIONS,
        SERVICE_FAILURE_ACTIONSW{.dwResetPeriod = good_again_after_s,
                                 .lpRebootMsg = nullptr,
                                 .lpCommand = nullptr,
                                 .cActions = static_cast<DWORD>(actions.size()),
                                 .lpsaActions = actions.data()},
        "that it starts again", refused);
    // Also when it has ended by itself, with an error.
    set(service, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, SERVICE_FAILURE_ACTIONS_FLAG{TRUE},
        "that it starts again after an error", refused);
    set(service, SERVICE_CONFIG_SERVICE_SID_INFO, SERVICE_SID_INFO{SERVICE_SID_TYPE_UNRESTRICTED},
        "a name of its own", refused);
    std::wstring privileges{L"SeChangeNotifyPrivilege\0", 24};
    set(service, SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO,
        SERVICE_REQUIRED_PRIVILEGES_INFOW{privileges.data()}, "that it needs no privileges",
        refused);
    const auto at_most = config{}.drain + limits::stop_margin;
    set(service, SERVICE_CONFIG_PRESHUTDOWN_INFO,
        SERVICE_PRESHUTDOWN_INFO{static_cast<DWORD>(at_most.count())}, "time to stop", refused);
    return refused;
}

void start_late_at_boot(SC_HANDLE service)
{
    SERVICE_DELAYED_AUTO_START_INFO late{TRUE};
    // One that starts early is as good, if the network is there.
    (void)::ChangeServiceConfig2W(service, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, &late);
}

error_code make_service_folder(const std::filesystem::path& folder)
{
    // OICI: for what is in it, too. The service may change its files and not who sees them.
    return set_access(folder, L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;" +
                                  std::wstring{store::bridge_service} + L")");
}

std::optional<config> config_of_service()
{
    std::ifstream in{usual_config(), std::ios::binary};
    if (!in) return std::nullopt;
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    config_report report;
    return parse_config(text, report);
}

void register_event_source(const std::filesystem::path& program)
{
    HKEY key = nullptr;
    if (::RegCreateKeyExW(HKEY_LOCAL_MACHINE, event_source_key, 0, nullptr, 0, KEY_SET_VALUE,
                          nullptr, &key, nullptr) != ERROR_SUCCESS)
        return;  // its events are there all the same, with a remark that the text is not found
    const auto file = program.wstring();
    ::RegSetValueExW(key, L"EventMessageFile", 0, REG_SZ,
                     reinterpret_cast<const BYTE*>(file.c_str()),
                     static_cast<DWORD>((file.size() + 1) * sizeof(wchar_t)));
    const DWORD types = EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE;
    ::RegSetValueExW(key, L"TypesSupported", 0, REG_DWORD, reinterpret_cast<const BYTE*>(&types),
                     sizeof types);
    ::RegCloseKey(key);
}

void forget_event_source()
{
    (void)::RegDeleteKeyW(HKEY_LOCAL_MACHINE, event_source_key);  // there may be none
}

}  // namespace ecr::daemon
