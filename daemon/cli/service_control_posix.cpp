#include "daemon/cli/service_control.hpp"
#include "daemon/setup/safe_file.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iostream>
#include <iterator>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace ecr::cli {
namespace {

namespace fs = std::filesystem;

const fs::path serial_example = "/usr/share/doc/ecrbridge/examples/serial.conf";
const fs::path serial_in_force = "/etc/systemd/system/ecrbridged.service.d/serial.conf";

constexpr auto waiter = "/usr/libexec/ecrbridge/wait-for-orders";

/// Runs a program to its end. Its exit status; negative: it could not be run, or was killed.
int run(std::initializer_list<const char*> words)
{
    std::vector<char*> arguments;
    for (const auto* word : words)
        // posix_spawn leaves them alone. NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
        arguments.push_back(const_cast<char*>(word));
    arguments.push_back(nullptr);
    pid_t child = -1;
    std::cout << std::flush;
    if (::posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ) != 0)
        return -1;
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string let_it_see_ports()
{
    std::error_code failed;
    if (fs::exists(serial_in_force, failed)) return {};
    std::ifstream in{serial_example, std::ios::binary};
    if (!in) return "cannot read " + serial_example.string();
    // By its first line the package knows, when it is purged, that it may go.
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    fs::create_directories(serial_in_force.parent_path(), failed);  // whoever writes says so
    const auto written = daemon::write_whole(
        serial_in_force, "# Written by \"ecrbridge setup\".\n" + text, 0644, daemon::over::nothing);
    if (!written.problem.empty()) return written.problem;
    std::cout << "Written: " << serial_in_force.string()
              << " (lets the service use serial ports)\n";
    return {};
}

/// A bridge that runs may have a shopper at a terminal. As the package does before an upgrade.
void wait_for_orders()
{
    std::error_code failed;
    if (!fs::exists(waiter, failed)) return;
    if (run({"systemctl", "--quiet", "is-active", "ecrbridged.service"}) != 0) return;
    // It says what it waits for. What is still open after that is in the journal.
    (void)run({waiter});
}

}  // namespace

bool can_start_service()
{
    std::error_code failed;
    return fs::is_directory("/run/systemd/system", failed);
}

const char* how_to_start()
{
    return "systemctl enable --now ecrbridged";
}

std::string start_service(const daemon::config& settings)
{
    const bool serial = std::ranges::any_of(
        settings.links, [](const auto& link) { return link.kind == daemon::link_kind::serial; });
    if (serial)
        if (auto problem = let_it_see_ports(); !problem.empty()) return problem;
    if (run({"systemctl", "daemon-reload"}) != 0) return "systemctl does not work here";
    if (run({"systemctl", "--quiet", "enable", "ecrbridged.service"}) != 0)
        return "the service cannot be enabled";
    // It counts five failures within two minutes, and may have some from before it was set up.
    (void)run({"systemctl", "reset-failed", "ecrbridged.service"});
    wait_for_orders();
    if (run({"systemctl", "restart", "ecrbridged.service"}) != 0)
        return "the service does not start; see: systemctl status ecrbridged";
    return {};
}

}  // namespace ecr::cli
