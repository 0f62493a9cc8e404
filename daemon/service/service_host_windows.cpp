#include "daemon/service/service_host_windows.hpp"

#include "daemon/link/handle_windows.hpp"

#include <atomic>
#include <csignal>
#include <filesystem>
#include <iostream>

namespace ecr::daemon {
namespace {

using std::chrono::milliseconds;

// Opening a journal takes moments, unless it is checked after a power cut.
constexpr milliseconds start_at_most{120'000};

// Windows calls a service back by functions without an argument: what they need is here.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
int argument_count = 0;
char** arguments = nullptr;
int (*run_it)(int, char**) = nullptr;
int exit_status = 0;
std::atomic<SERVICE_STATUS_HANDLE> status_handle{nullptr};
HANDLE event_source = nullptr;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

void report(DWORD state, milliseconds at_most = {}, DWORD status = 0) noexcept
{
    const auto handle = status_handle.load();
    if (handle == nullptr) return;
    static std::atomic<DWORD> checkpoint{0};
    const bool moves = state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING;
    SERVICE_STATUS now{};
    now.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    now.dwCurrentState = state;
    now.dwControlsAccepted =
        state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN : 0;
    now.dwWin32ExitCode = status == 0 ? NO_ERROR : ERROR_SERVICE_SPECIFIC_ERROR;
    now.dwServiceSpecificExitCode = status;
    now.dwCheckPoint = moves ? ++checkpoint : 0;
    now.dwWaitHint = static_cast<DWORD>(at_most.count());
    ::SetServiceStatus(handle, &now);
}

DWORD WINAPI obey(DWORD control, DWORD, void*, void*)
{
    switch (control) {
        case SERVICE_CONTROL_STOP:
        case SERVICE_CONTROL_PRESHUTDOWN:
            // As systemd stops it: the loop hears of it, and says how long it takes.
            std::raise(SIGTERM);
            return NO_ERROR;
        case SERVICE_CONTROL_INTERROGATE: return NO_ERROR;
        default: return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

void WINAPI serve(DWORD, wchar_t**)
{
    status_handle = ::RegisterServiceCtrlHandlerExW(service_name, obey, nullptr);
    event_source = ::RegisterEventSourceW(nullptr, service_name);
    report(SERVICE_START_PENDING, start_at_most);
    exit_status = run_it(argument_count, arguments);
    report(SERVICE_STOPPED, {}, static_cast<DWORD>(exit_status));
}

}  // namespace

int host_service(int argc, char** argv, int (*run)(int, char**))
{
    argument_count = argc;
    arguments = argv;
    run_it = run;
    std::wstring name{service_name};
    const SERVICE_TABLE_ENTRYW table[] = {{name.data(), serve}, {nullptr, nullptr}};
    if (::StartServiceCtrlDispatcherW(table)) return exit_status;
    std::cerr << "ecrbridged: \"service\" is for Windows alone to say; see \"ecrbridged start\": "
              << last_windows_error().message() << '\n';
    return 1;
}

bool is_service() noexcept
{
    return status_handle.load() != nullptr;
}

void report_running() noexcept
{
    report(SERVICE_RUNNING);
}

void report_stopping(milliseconds at_most) noexcept
{
    report(SERVICE_STOP_PENDING, at_most);
}

void report_event(event_kind kind, std::string_view text) noexcept
{
    if (event_source == nullptr) return;
    const WORD type = kind == event_kind::error     ? EVENTLOG_ERROR_TYPE
                      : kind == event_kind::warning ? EVENTLOG_WARNING_TYPE
                                                    : EVENTLOG_INFORMATION_TYPE;
    const auto wide = std::filesystem::path{text}.wstring();
    const wchar_t* texts[] = {wide.c_str()};
    // The one message that packaging/windows/messages.mc has: the text itself.
    ::ReportEventW(event_source, type, 0, 1, nullptr, 1, 0, texts, nullptr);
}

}  // namespace ecr::daemon
