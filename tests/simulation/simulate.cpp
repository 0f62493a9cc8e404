// Shops by seed: `simulate --seeds 2000`, or one again with its story: `simulate --seed 7`.
#include "daemon/logging.hpp"
#include "tests/simulation/shop_run.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

namespace {

using ecr::simulation::run_shop;
using ecr::simulation::shop_plan;

void tell(const shop_plan& plan, const std::vector<std::string>& lines)
{
    std::printf("%s\n", plan.text().c_str());
    for (const auto& line : lines)
        std::printf("  %s\n", line.c_str());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App options{"Runs whole shops under a virtual clock, each with the faults of its seed"};
    std::uint64_t from = 1;
    std::uint64_t seeds = 100;
    std::uint64_t one = 0;
    bool stop = false;
    options.add_option("--from", from, "first seed");
    options.add_option("--seeds", seeds, "how many");
    options.add_option("--seed", one, "this one alone, with its story");
    options.add_flag("--stop", stop, "at the first shop with problems");
    CLI11_PARSE(options, argc, argv);

    if (one != 0) {
        const auto plan = shop_plan::drawn(one);
        const auto report = run_shop(plan, true);
        tell(plan, report.story);
        tell(plan, report.problems);
        return report.problems.empty() ? 0 : 1;
    }
    ecr::daemon::set_up_logging({.level = "error"});
    const auto started = std::chrono::steady_clock::now();
    std::size_t failed = 0;
    std::size_t orders = 0;
    std::size_t paid = 0;
    std::size_t late = 0;
    std::size_t shown = 0;
    std::size_t statements = 0;
    int crashes = 0;
    int journal_failures = 0;
    std::size_t doubled = 0;
    std::size_t hints = 0;
    double hours = 0;
    for (auto seed = from; seed < from + seeds; ++seed) {
        const auto plan = shop_plan::drawn(seed);
        const auto report = run_shop(plan);
        orders += report.orders;
        paid += report.paid;
        late += report.late;
        shown += report.for_the_operator;
        statements += report.statements;
        crashes += report.crashes;
        journal_failures += report.journal_failures;
        doubled += report.doubled;
        hints += report.hints;
        hours += static_cast<double>(report.simulated.count()) / 3'600'000;
        if (report.problems.empty()) continue;
        ++failed;
        tell(plan, report.problems);
        if (stop) break;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    std::printf(
        "%llu shops, %zu with problems; %zu orders, %zu paid, %zu of them late, %zu on the "
        "operator's list, %zu statements to tills, %d power cuts, %d failures of "
        "the journal's disk, %zu requests that arrived twice, %zu notifications, %.0f simulated "
        "hours in %.1f s\n",
        static_cast<unsigned long long>(seeds), failed, orders, paid, late, shown, statements,
        crashes, journal_failures, doubled, hints, hours, took.count());
    return failed == 0 ? 0 : 1;
}
