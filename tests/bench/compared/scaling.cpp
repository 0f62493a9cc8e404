#include "tests/bench/compared/scaling.hpp"

#include "tests/bench/compared/alone.hpp"
#include "tests/bench/compared/made_journal.hpp"
#include "tests/bench/compared/statistics.hpp"
#include "tests/bench/crowd.hpp"
#include "tests/bench/shop.hpp"

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>

namespace ecr::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto settling = 500ms;
constexpr int week_of_orders = 7 * 20'000;

void print_payments()
{
    std::printf(
        "\n| Tills | Payments/s | p50 ms | p99 ms | CPU µs a payment |\n"
        "|---|---|---|---|---|\n");
    for (const int tills : {1, 8, 64, 256}) {
        const folder where;
        const simulated_cloud cloud{where, tills};
        bridge running{
            where, {.cloud_port = cloud.port(), .ca_file = cloud.ca_file(), .terminals = tills}};
        crowd all{running.port(), tills};
        (void)all.pay(2, "warm", terminal_name);
        const int rounds = 1'024 / tills;
        const auto before = running.program().cpu_time();
        const auto got = all.pay(rounds, "paid", terminal_name);
        const std::chrono::duration<double, std::micro> spent =
            running.program().cpu_time() - before;
        std::vector<double> took;
        for (const auto& till : got.latencies)
            took.insert(took.end(), till.begin(), till.end());
        std::printf("| %d | %.0f | %.2f | %.2f | %.0f |\n", tills,
                    static_cast<double>(took.size()) / got.took_s, quantile(took, 0.5),
                    quantile(took, 0.99), spent.count() / static_cast<double>(took.size()));
        std::fflush(stdout);
    }
}

void print_connections()
{
    std::printf("\n| Connections | PSS MiB |\n|---|---|\n");
    for (const int tills : {0, 1'000, 10'000}) {
        const folder where;
        bridge running{where, {.connections_max = 10'001}};
        std::optional<crowd> idle;
        if (tills > 0) idle.emplace(running.port(), tills);
        if (idle) idle->ping();
        std::this_thread::sleep_for(settling);
        std::printf("| %d | %.1f |\n", tills, static_cast<double>(running.held().pss) / 1'024);
        std::fflush(stdout);
    }
}

void print_open_orders()
{
    std::printf(
        "\n| Open orders | PSS more, MiB | CPU µs an enquiry | Start ms |\n"
        "|---|---|---|---|\n");
    for (const int count : {10, 1'000, 10'000}) {
        const auto open = measure_open_orders(count);
        std::printf("| %d | %.1f | %.0f | %.0f |\n", count, open.more_kib / 1'024, open.enquiry_us,
                    open.started_in_ms);
        std::fflush(stdout);
    }
}

void print_starts()
{
    std::printf(
        "\n| Orders in the journal, and a dirty log | Start ms | PSS MiB |\n|---|---|---|\n");
    for (const int orders : {100'000, week_of_orders, 1'000'000}) {
        const auto start = measure_starts(ECR_BENCH_DIR, orders, 5);
        if (orders == 100'000) std::printf("| 0, and none | %.1f | |\n", start.new_journal);
        std::printf("| %d%s | %.1f | %.1f |\n", orders,
                    orders == week_of_orders ? ", a week of 20,000 a day" : "", start.large_journal,
                    start.large_pss_kib / 1'024);
        std::fflush(stdout);
    }
}

}  // namespace

void print_scaling()
{
    print_payments();
    print_connections();
    print_open_orders();
    print_starts();
}

}  // namespace ecr::bench
