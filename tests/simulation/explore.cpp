// Everything that can go wrong in a small shop, breadth-first: `explore --scenario one_sale
// --deviations 3`.
#include "daemon/logging.hpp"
#include "tests/simulation/small_shop.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>

int main(int argc, char** argv)
{
    using namespace ecr::simulation;
    CLI::App options{"Explores small shops: every loss, delay, crash, repeat, cancel and whim"};
    std::string only;
    search_bounds bounds;
    options.add_option("--scenario", only, "this one alone");
    options.add_option("--deviations", bounds.deviations, "how many things may go wrong in a run");
    options.add_option("--runs", bounds.runs_max, "an end for the impatient");
    CLI11_PARSE(options, argc, argv);

    ecr::daemon::set_up_logging({.level = "error"});
    bool good = true;
    search_report total;
    const auto began = std::chrono::steady_clock::now();
    for (const auto scenario : all_small_scenarios) {
        if (!only.empty() && only != name_of(scenario)) continue;
        const auto started = std::chrono::steady_clock::now();
        const auto report =
            search([&](chooser& decisions) { return run_small_shop(scenario, decisions); }, bounds);
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
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("%-20s %zu runs, %zu distinct states, longest path %zu decisions, %s, %.1f s\n",
                "all of them", total.runs, total.states, total.longest,
                total.complete ? "the whole bounded space" : "not complete", took.count());
    return good ? 0 : 1;
}
