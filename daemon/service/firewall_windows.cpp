#include "daemon/service/firewall_windows.hpp"

#include "daemon/link/handle_windows.hpp"
#include "daemon/service/service_config_windows.hpp"

#include <boost/asio/ip/address.hpp>

#include <iostream>
#include <set>
#include <string>

namespace ecr::daemon {
namespace {

constexpr auto rule_name = L"name=\"ecrbridge tills\"";

/// Its exit status; not zero, too, when it cannot be started. netsh is how Windows' makers have
/// scripts do this; its interface of objects is not in mingw-w64.
DWORD run_netsh(const std::wstring& words)
{
    wchar_t folder[MAX_PATH];
    ::GetSystemDirectoryW(folder, MAX_PATH);  // never one that lies about on the path
    const auto program = std::wstring{folder} + L"\\netsh.exe";
    auto line = L"\"" + program + L"\" advfirewall firewall " + words;
    STARTUPINFOW how{};
    how.cb = sizeof how;
    PROCESS_INFORMATION made{};
    if (!::CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, FALSE, CREATE_NO_WINDOW,
                          nullptr, nullptr, &how, &made))
        return 1;
    constexpr DWORD at_most_ms = 30'000;
    DWORD status = 1;
    if (::WaitForSingleObject(made.hProcess, at_most_ms) == WAIT_OBJECT_0)
        ::GetExitCodeProcess(made.hProcess, &status);
    ::CloseHandle(made.hThread);
    ::CloseHandle(made.hProcess);
    return status;
}

/// Those that another machine could reach.
std::set<std::uint16_t> ports_to_open()
{
    std::set<std::uint16_t> ports;
    const auto settings = config_of_service();
    if (!settings) return ports;
    for (const auto& link : settings->links) {
        if (link.kind != link_kind::tcp || link.port == 0) continue;
        error_code failed;
        const auto address = boost::asio::ip::make_address(link.address, failed);
        if (!failed && !address.is_loopback()) ports.insert(link.port);
    }
    return ports;
}

}  // namespace

void open_firewall(const std::filesystem::path& program)
{
    close_firewall();
    std::wstring ports;
    for (const auto port : ports_to_open())
        ports += (ports.empty() ? L"" : L",") + std::to_wstring(port);
    if (ports.empty()) return;
    const auto failed = run_netsh(
        std::wstring{L"add rule "} + rule_name + L" dir=in action=allow protocol=TCP localport=" +
        ports + L" program=\"" + program.wstring() + L"\" profile=private,domain");
    if (failed != 0)
        std::cerr
            << "ecrbridged: the firewall takes no rule; open the ports of the links by hand\n";
}

void close_firewall()
{
    (void)run_netsh(std::wstring{L"delete rule "} + rule_name);  // there may be none
}

}  // namespace ecr::daemon
