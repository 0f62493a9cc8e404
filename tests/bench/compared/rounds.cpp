#include "tests/bench/compared/rounds.hpp"

#include <chrono>
#include <cstdio>
#include <thread>

namespace ecr::bench {
namespace {

using namespace std::chrono_literals;

constexpr int physical_times = 200;
constexpr auto settling = 300ms;  // after a start, until memory is looked at

int terminals_for(const amounts& how_much)
{
    int all = how_much.warm_up;
    for (const auto& [tills, commands] : how_much.commands)
        all += commands;
    return all;
}

void one_round(competitor who, int round, const fixed_cloud& cloud, const amounts& how_much,
               all_results& into)
{
    contestant one{who, cloud, terminals_for(how_much)};
    into.started_ms[who].push_back(one.started_in_ms());
    std::this_thread::sleep_for(settling);
    into.idle_kib[who].push_back(static_cast<double>(one.program().held().pss));
    (void)one.run({.tills = 64, .commands = how_much.warm_up, .prefix = "W"});
    for (const auto& [tills, commands] : how_much.commands) {
        const auto before = one.program().cpu_time();
        const auto got = one.run(
            {.tills = tills, .commands = commands, .prefix = "C" + std::to_string(tills) + "-"});
        const std::chrono::duration<double, std::micro> cpu = one.program().cpu_time() - before;
        auto& to = into.by_tills[who][tills];
        to.per_second.push_back(got.per_second);
        to.p50_ms.push_back(got.p50_ms);
        to.p99_ms.push_back(got.p99_ms);
        to.cpu_us.push_back(cpu.count() / commands);
        std::printf(
            "  round %d, %-10s %2d tills: %6.0f/s, p50 %6.2f ms, p99 %6.2f ms, %4.0f us "
            "CPU each\n",
            round, name_of(who).c_str(), tills, got.per_second, got.p50_ms, got.p99_ms,
            to.cpu_us.back());
        std::fflush(stdout);
    }
    into.loaded_kib[who].push_back(static_cast<double>(one.program().held().pss));
    one.check_journal();
}

}  // namespace

all_results run_rounds(const std::vector<competitor>& all, const amounts& how_much)
{
    const folder where;
    const fixed_cloud cloud{where, 0};
    all_results got;
    for (int round = 1; round <= how_much.rounds; ++round) {
        for (const auto who : all)
            one_round(who, round, cloud, how_much, got);
        got.limits.push_back(
            measure_physical(where / "", cloud.port(), cloud.ca_file(), physical_times));
    }
    return got;
}

std::vector<double> added_to_slow_cloud(int delay_ms, const amounts& how_much)
{
    constexpr int tills = 64;
    const folder where;
    const fixed_cloud cloud{where, delay_ms};
    std::vector<double> added;
    for (int round = 0; round < how_much.rounds; ++round) {
        contestant one{competitor::bridge, cloud, how_much.warm_up + 20 * tills};
        (void)one.run({.tills = tills, .commands = how_much.warm_up, .prefix = "W"});
        const auto got = one.run({.tills = tills, .commands = 20 * tills, .prefix = "D"});
        added.push_back(got.p50_ms - delay_ms);
        one.check_journal();
    }
    return added;
}

}  // namespace ecr::bench
