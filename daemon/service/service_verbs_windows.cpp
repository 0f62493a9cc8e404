#include "daemon/service/service_host_windows.hpp"
#include "daemon/service/service_registration_windows.hpp"
#include "daemon/service/service_verbs.hpp"
#include "daemon/usual_places.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>

namespace ecr::daemon {
namespace {

/// The status of a program that has said what is wrong, if anything.
int ended(const std::string& problem)
{
    if (problem.empty()) return 0;
    std::cerr << "ecrbridged: " << problem << '\n';
    return 1;
}

}  // namespace

std::optional<int> run_service_verb(int argc, char** argv, int (*run)(int, char**))
{
    constexpr std::string_view verbs[] = {"service", "install", "start",
                                          "stop",    "status",  "remove"};
    if (argc < 2 || std::ranges::find(verbs, argv[1]) == std::end(verbs)) return std::nullopt;
    if (std::string_view{argv[1]} == "service") return host_service(argc - 1, argv + 1, run);

    CLI::App app{"The bridge as a service of Windows. As administrator", "ecrbridged"};
    std::string config = usual_config().string();
    int wait_s = wait_for_orders_s;
    auto* install = app.add_subcommand("install", "Register the service, or set it anew");
    install->add_option("--config", config, "Its configuration")->capture_default_str();
    auto* start = app.add_subcommand("start", "Start it, now and at every boot");
    auto* stop = app.add_subcommand("stop", "Wait until no order is open, and stop it");
    stop->add_option("--wait", wait_s, "Wait at most so many seconds")->capture_default_str();
    auto* status = app.add_subcommand("status", "Say whether it runs: 0, or 1");
    auto* remove = app.add_subcommand("remove", "Stop it and forget it; its files stay");
    remove->add_option("--wait", wait_s, "Wait at most so many seconds")->capture_default_str();
    app.require_subcommand(1);
    CLI11_PARSE(app, argc, argv);
    if (install->parsed()) return ended(install_service(config));
    if (start->parsed()) return ended(start_service());
    if (status->parsed()) {
        const bool runs = is_service_running();
        std::cout << (runs ? "The service runs.\n" : "The service does not run.\n");
        return runs ? 0 : 1;
    }
    auto problem = stop_service(wait_s);
    if (remove->parsed() && problem.empty()) problem = remove_service();
    return ended(problem);
}

}  // namespace ecr::daemon
