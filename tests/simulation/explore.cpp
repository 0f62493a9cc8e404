// Everything that can go wrong in a small shop, breadth-first: `explore --scenario one_sale
// --deviations 3`.
#include "daemon/logging.hpp"
#include "tests/simulation/small_shop.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>

namespace {

using namespace ecr::simulation;

/// "10:1", as a counter-example says "decision 10, …: 1". All others are 0.
std::string beginning_of(const std::vector<std::string>& decisions)
{
    std::string made;
    for (const auto& each : decisions) {
        const auto at = std::stoul(each);
        made.resize(std::max(made.size(), at + 1), '\0');
        made[at] = static_cast<char>(std::stoi(each.substr(each.find(':') + 1)));
    }
    return made;
}

int play_one(const std::string& scenario, const std::vector<std::string>& decisions)
{
    for (const auto each : all_small_scenarios) {
        if (scenario != name_of(each)) continue;
        chooser run{beginning_of(decisions)};
        const auto problems = run_small_shop(each, run);
        for (const auto& problem : problems)
            std::printf("%s\n", problem.c_str());
        return problems.empty() ? 0 : 1;
    }
    return 2;
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App options{"Explores small shops: every loss, delay, crash, repeat, cancel and whim"};
    std::string only;
    search_bounds bounds;
    options.add_option("--scenario", only, "this one alone");
    options.add_option("--deviations", bounds.deviations, "how many things may go wrong in a run");
    options.add_option("--runs", bounds.runs_max, "an end for the impatient");
    std::vector<std::string> decisions;
    options.add_option("--play", decisions, "one run again, its log on standard error: 10:1 15:2");
    bool names = false;
    options.add_flag("--list", names, "the scenarios' names alone");
    CLI11_PARSE(options, argc, argv);
    if (names) {
        for (const auto each : all_small_scenarios)
            std::printf("%s\n", std::string{name_of(each)}.c_str());
        return 0;
    }
    if (!decisions.empty()) return play_one(only, decisions);

    ecr::daemon::set_up_logging({.level = "error"});
    bool good = true;
    search_report total;
    const auto began = std::chrono::steady_clock::now();
    for (const auto scenario : all_small_scenarios) {
        if (!only.empty() && only != name_of(scenario)) continue;
        const auto started = std::chrono::steady_clock::now();
        const auto report =
            search([&](chooser& run) { return run_small_shop(scenario, run); }, bounds);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
        std::printf("%-20s %zu runs, %zu distinct states, longest path %zu decisions, %s, %.1f s\n",
                    std::string{name_of(scenario)}.c_str(), report.runs, report.states,
                    report.longest, report.complete ? "the whole bounded space" : "not complete",
                    took.count());
        for (const auto& problem : report.problems)
            std::printf("  %s\n", problem.c_str());
        for (const auto& step : report.counter_example)
            std::printf("    %s\n", step.c_str());
        std::fflush(stdout);
        good = good && report.problems.empty();
        total.runs += report.runs;
        total.states += report.states;
        total.longest = std::max(total.longest, report.longest);
        total.complete = total.complete && report.complete;
    }
    if (!only.empty()) return good ? 0 : 1;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("%-20s %zu runs, %zu distinct states, longest path %zu decisions, %s, %.1f s\n",
                "all of them", total.runs, total.states, total.longest,
                total.complete ? "the whole bounded space" : "not complete", took.count());
    return good ? 0 : 1;
}
