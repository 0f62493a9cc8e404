// ecrbridged beside what an integrator would write. See README.md; the script "compare" builds all
// that it needs.

#include "tests/bench/compared/alone.hpp"
#include "tests/bench/compared/report.hpp"
#include "tests/bench/compared/rounds.hpp"
#include "tests/bench/compared/scaling.hpp"
#include "tests/bench/compared/statistics.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <sys/resource.h>

namespace ecr::bench {
namespace {

constexpr int slow_cloud_ms = 50;
constexpr int large_journal_orders = 1'000'000;
// Each takes as much as the other, so that a tenth of the goal's number tells.
constexpr int open_orders_count = 10'000;
constexpr int open_orders_scale = 10;
constexpr int start_times = 11;
constexpr int writers = 64;
constexpr int steps_of_a_writer = 50;
constexpr int raw_appends = 500;
constexpr int https_calls = 4'000;
constexpr double mib = 1'024;  // KiB

/// What a busy machine may add to figures that it spares for the most part.
constexpr double margin = 1.3;

/// What the table in README.md says is reached. CI fails when a change takes it back, whether it
/// meets the goal or not.
struct reached {
    double cpu_against_python;
    double idle_mib;
    double idle_till_kib;
};
constexpr reached so_far{.cpu_against_python = 0.30, .idle_mib = 10, .idle_till_kib = 4.2};

struct options {
    bool check = false;
    bool brief = false;
    bool alone = false;
    bool parts = false;
    bool scaling = false;
    double installed_bytes = 0;  // 0: not known
    amounts how_much;
};

/// Medians of all rounds.
class figures {
public:
    explicit figures(const all_results& got) : got_{got} {}

    [[nodiscard]] bool has(competitor who) const { return got_.by_tills.contains(who); }
    [[nodiscard]] double of(competitor who, int tills, std::vector<double> results::*what) const
    {
        return median(got_.by_tills.at(who).at(tills).*what);
    }
    /// Ours against another's.
    [[nodiscard]] double ratio(competitor to, int tills, std::vector<double> results::*what) const
    {
        return of(competitor::bridge, tills, what) / of(to, tills, what);
    }
    /// Two flushes, a push and its answer, and a connection: what no bridge can be faster than.
    [[nodiscard]] double floor_ms() const
    {
        std::vector<double> all;
        for (const auto& each : got_.limits)
            all.push_back(2 * each.fdatasync_ms + each.tls_ms + each.tcp_connect_ms);
        return median(all);
    }

private:
    const all_results& got_;
};

void print_tables(const all_results& got)
{
    std::printf(
        "\n| Tills | | Commands/s | p50 ms | p99 ms | CPU µs a command |\n"
        "|---|---|---|---|---|---|\n");
    for (const int tills : {1, 8, 64})
        for (const auto& [who, by_tills] : got.by_tills) {
            const auto found = by_tills.find(tills);
            if (found == by_tills.end()) continue;
            const auto& r = found->second;
            std::printf("| %d | %s | %.0f | %.2f | %.2f | %.0f |\n", tills, name_of(who).c_str(),
                        median(r.per_second), median(r.p50_ms), median(r.p99_ms), median(r.cpu_us));
        }
    std::printf("\n| | PSS idle MiB | PSS after the load MiB | Start ms |\n|---|---|---|---|\n");
    for (const auto& [who, idle] : got.idle_kib)
        std::printf("| %s | %.1f | %.1f | %.1f |\n", name_of(who).c_str(), median(idle) / mib,
                    median(got.loaded_kib.at(who)) / mib, median(got.started_ms.at(who)));
    std::vector<double> sync;
    std::vector<double> tls;
    std::vector<double> tcp;
    for (const auto& each : got.limits) {
        sync.push_back(each.fdatasync_ms);
        tls.push_back(each.tls_ms);
        tcp.push_back(each.tcp_connect_ms);
    }
    std::printf(
        "\n| Physical limit | ms |\n|---|---|\n| append of 4 KiB and fdatasync | %.3f |\n"
        "| TLS round trip | %.3f |\n| TCP connect | %.3f |\n",
        median(sync), median(tls), median(tcp));
}

std::vector<goal> goals_of_speed(const figures& f)
{
    const auto p50 = &results::p50_ms;
    const auto speed = &results::per_second;
    std::vector<goal> all{{.what = "1 till, p50, against disk and wire",
                           .measured = f.of(competitor::bridge, 1, p50) / f.floor_ms(),
                           .limit = 1.5}};
    const auto against = [&](competitor who, int tills, std::vector<double> results::*what,
                             double limit) {
        if (!f.has(who)) return;
        const bool faster = what == speed;
        all.push_back({.what = std::to_string(tills) + (tills == 1 ? " till, " : " tills, ") +
                               (faster ? "commands/s" : "p50") + ", against " + name_of(who),
                       .measured = f.ratio(who, tills, what),
                       .limit = limit,
                       .at_least = faster});
    };
    against(competitor::node, 1, p50, 0.8);
    against(competitor::python, 1, p50, 0.65);
    against(competitor::node, 8, speed, 3);
    against(competitor::python, 8, speed, 4);
    against(competitor::node, 64, speed, 4);
    against(competitor::python, 64, speed, 5);
    against(competitor::relay, 64, speed, 0.7);
    all.push_back({.what = "64 tills, p99 against p50",
                   .measured = f.of(competitor::bridge, 64, &results::p99_ms) /
                               f.of(competitor::bridge, 64, p50),
                   .limit = 2.5});
    return all;
}

void add_goals_of_cpu(const figures& f, std::vector<goal>& to)
{
    for (const auto& [who, part] :
         {std::pair{competitor::node, 4.5}, std::pair{competitor::python, 8.0}})
        if (f.has(who))
            to.push_back({.what = "64 tills, CPU a command, against " + name_of(who),
                          .measured = f.ratio(who, 64, &results::cpu_us),
                          .limit = 1 / part});
}

void add_goals_of_memory(const all_results& got, std::vector<goal>& to)
{
    const auto held = measure_memory();
    to.push_back(
        {.what = "idle memory (PSS)", .measured = held.idle / mib, .limit = 8, .unit = "MiB"});
    to.push_back({.what = "no goal: the same, where nobody else has its libraries open",
                  .measured = held.idle_alone / mib,
                  .limit = 8,
                  .unit = "MiB",
                  .counts = false});
    if (got.idle_kib.contains(competitor::node))
        to.push_back({.what = "idle memory, against Node",
                      .measured = held.idle / median(got.idle_kib.at(competitor::node)),
                      .limit = 1.0 / 6});
    to.push_back({.what = "an idle till", .measured = held.a_till, .limit = 4, .unit = "KiB"});
}

/// What must not be lost again. Without Node and without waiting times: a minute on a busy machine.
std::vector<goal> what_was_reached(const figures& f)
{
    const auto held = measure_memory();
    return {{.what = "64 tills, CPU a command, against Python",
             .measured = f.ratio(competitor::python, 64, &results::cpu_us),
             .limit = margin * so_far.cpu_against_python},
            {.what = "idle memory (PSS)",
             .measured = held.idle / mib,
             .limit = margin * so_far.idle_mib,
             .unit = "MiB"},
            {.what = "an idle till",
             .measured = held.a_till,
             .limit = margin * so_far.idle_till_kib,
             .unit = "KiB"}};
}

void add_goals_of_starts(const all_results& got, std::vector<goal>& to)
{
    const auto start = measure_starts(ECR_BENCH_DIR, large_journal_orders, start_times);
    to.push_back({.what = "start to listening, new journal",
                  .measured = start.new_journal,
                  .limit = 20,
                  .unit = "ms"});
    to.push_back({.what = "start, 1,000,000 orders and a dirty log",
                  .measured = start.large_journal,
                  .limit = 20,
                  .unit = "ms"});
    if (got.started_ms.contains(competitor::node))
        to.push_back({.what = "start, against Node",
                      .measured = start.new_journal / median(got.started_ms.at(competitor::node)),
                      .limit = 1.0 / 8});
}

void add_goals_of_parts(std::vector<goal>& to)
{
    const folder where;
    const auto raw = appends_per_second(where / "", raw_appends);
    to.push_back(
        {.what = "group commit, 64 writers, against append and fdatasync",
         .measured = group_commits_per_second(where / "", writers, steps_of_a_writer) / raw,
         .limit = 5,
         .at_least = true});
    const auto open = measure_open_orders(open_orders_count);
    to.push_back({.what = "100,000 open orders, more memory (10,000, times ten)",
                  .measured = open_orders_scale * open.more_kib / mib,
                  .limit = 8,
                  .unit = "MiB"});
    to.push_back({.what = "10,000 open orders, CPU of an enquiry beside its HTTPS call",
                  .measured = open.enquiry_us - https_call_us(https_calls),
                  .limit = 20,
                  .unit = "µs"});
}

std::vector<goal> all_goals(const all_results& got, const options& chosen)
{
    const figures f{got};
    std::vector<goal> all;
    if (chosen.brief) return what_was_reached(f);
    if (!chosen.parts) {
        all = goals_of_speed(f);
        add_goals_of_cpu(f, all);
    }
    add_goals_of_memory(got, all);
    add_goals_of_starts(got, all);
    all.push_back({.what = "64 tills, a cloud that answers in 50 ms: added to it",
                   .measured = median(added_to_slow_cloud(slow_cloud_ms, chosen.how_much)),
                   .limit = 5,
                   .unit = "ms"});
    add_goals_of_parts(all);
    if (chosen.installed_bytes > 0)
        all.push_back({.what = "installed size",
                       .measured = chosen.installed_bytes / 1e6,
                       .limit = 10,
                       .unit = "MB"});
    return all;
}

std::vector<competitor> contestants(const options& chosen)
{
    std::vector<competitor> all{competitor::bridge};
    if (chosen.alone) return all;
    if (!chosen.brief && has_node()) all.push_back(competitor::node);
    all.push_back(competitor::python);
    if (!chosen.brief && has_relay()) all.push_back(competitor::relay);
    return all;
}

void allow_many_connections()
{
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
}

int run(const options& chosen)
{
    allow_many_connections();
    std::signal(SIGPIPE, SIG_IGN);  // "| head" must not leave the programs running
    std::printf("ecrbridged, build type %s\n", ECR_BUILD_TYPE);
    if (chosen.scaling) {
        print_scaling();
        return 0;
    }
    const auto got =
        chosen.parts ? all_results{} : run_rounds(contestants(chosen), chosen.how_much);
    if (!chosen.parts) print_tables(got);
    if (chosen.alone) return 0;
    const auto missed = print_goals(all_goals(got, chosen));
    if (!chosen.brief && (!has_node() || !has_relay()))
        std::printf("\nNot everybody is here: tests/bench/compare installs them.\n");
    std::printf("\n%d goals missed\n", missed);
    return chosen.check && missed > 0 ? 1 : 0;
}

}  // namespace
}  // namespace ecr::bench

int main(int argc, char** argv)
{
    ecr::bench::options chosen;
    CLI::App app{"Measures ecrbridged beside other bridges, on loopback", "bench_compare"};
    app.add_flag("--check", chosen.check, "End with an error when a goal is missed");
    app.add_flag("--short", chosen.brief,
                 "Processor time and memory only, beside Python only: what was reached before, "
                 "with a margin");
    app.add_flag("--alone", chosen.alone, "ecrbridged only: for a profiler");
    app.add_flag("--scaling", chosen.scaling, "From one till to many, and from none to a million");
    app.add_flag("--parts", chosen.parts, "Only what needs nobody to be compared with");
    app.add_option("--installed-bytes", chosen.installed_bytes, "What an installation takes");
    auto* rounds = app.add_option("--rounds", chosen.how_much.rounds, "How often");
    rounds->check(CLI::Range(1, 100))->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    if (chosen.brief) {
        chosen.how_much.commands = {{64, 1'200}};
        if (rounds->empty()) chosen.how_much.rounds = 3;
    }
    try {
        return ecr::bench::run(chosen);
    } catch (const std::exception& failed) {
        std::cerr << "bench_compare: " << failed.what() << "\n";
        return 2;
    }
}
