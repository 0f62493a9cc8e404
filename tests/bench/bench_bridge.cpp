// What ecrbridged costs and how fast it is. See README.md.

#include "tests/bench/crowd.hpp"
#include "tests/bench/shop.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <numeric>
#include <optional>
#include <sys/resource.h>

namespace ecr::bench {
namespace {

constexpr int tills = 64;
constexpr double connection_max_bytes = 4'096;
constexpr double idle_max_kib = 8 * 1'024;
constexpr double start_max_ms = 20;
constexpr double unfairness_max = 2;  // the slowest till's mean against the fastest's

struct amounts {
    int rounds = 50;          // payments of each till
    int rounds_in_line = 5;   // the same, when all want one terminal
    int connections = 1'000;  // idle ones
    int payments = 1'000;     // made before memory is looked at, twice
    int starts = 21;
};

/// Prints a figure at once, and remembers which missed its limit.
class table {
public:
    void section(const char* name) { std::printf("\n%s\n", name); }

    void line(const std::string& what, double value, const char* unit)
    {
        std::printf("  %-58s %10.1f %s\n", what.c_str(), value, unit);
        std::fflush(stdout);
    }
    void line(const std::string& what, double value, const char* unit, double limit)
    {
        const bool kept = value < limit;
        std::printf("  %-58s %10.1f %-6s %s %.0f\n", what.c_str(), value, unit,
                    kept ? "kept: <" : "MISSED: <", limit);
        std::fflush(stdout);
        if (!kept) ++missed_;
    }
    [[nodiscard]] int missed() const { return missed_; }

private:
    int missed_ = 0;
};

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void show(table& out, const crowd::takings& got)
{
    std::vector<double> all;
    std::vector<double> means;
    for (const auto& till : got.latencies) {
        all.insert(all.end(), till.begin(), till.end());
        means.push_back(std::accumulate(till.begin(), till.end(), 0.0) /
                        static_cast<double>(till.size()));
    }
    const auto [fastest, slowest] = std::ranges::minmax(means);
    out.line("payments", static_cast<double>(all.size()) / got.took_s, "/s");
    out.line("a payment, fastest", std::ranges::min(all), "ms");
    out.line("a payment, median", median(all), "ms");
    out.line("a payment, slowest", std::ranges::max(all), "ms");
    out.line("mean of the till served best", fastest, "ms");
    out.line("mean of the median till", median(means), "ms");
    out.line("mean of the till served worst", slowest, "ms");
    out.line("worst till against best", slowest / fastest, "x", unfairness_max);
}

/// Terminals enough, and then one for all: the bridge's own queue decides who is next.
void measure_fairness(table& out, const amounts& how_much)
{
    const folder where;
    const simulated_cloud cloud{where, tills};
    const bridge running{
        where, {.cloud_port = cloud.port(), .ca_file = cloud.ca_file(), .terminals = tills}};
    crowd all{running.port(), tills};
    (void)all.pay(1, "warm", terminal_name);
    out.section("64 tills at once, a terminal each");
    show(out, all.pay(how_much.rounds, "each", terminal_name));
    out.section("64 tills at once, one terminal");
    show(out, all.pay(how_much.rounds_in_line, "line", [](int) { return terminal_name(0); }));
}

void measure_idle(table& out, const amounts& how_much)
{
    const folder where;
    const bridge running{where, {}};
    crowd{running.port(), 1}.ping();
    const auto before = running.held();
    out.section("Idle, with a configuration file");
    out.line("PSS", static_cast<double>(before.pss), "KiB", idle_max_kib);
    out.line("of that anonymous", static_cast<double>(before.anonymous), "KiB");
    out.line("resident", static_cast<double>(before.resident), "KiB");

    crowd idle{running.port(), how_much.connections};
    idle.ping();
    const auto after = running.held();
    out.section("Idle connections, each of which has said ping");
    out.line("connections", how_much.connections, "");
    out.line("PSS", static_cast<double>(after.pss), "KiB");
    out.line("a connection",
             static_cast<double>(after.pss - before.pss) * 1'024 / how_much.connections, "bytes",
             connection_max_bytes);
}

void measure_growth(table& out, const amounts& how_much, const folder& where,
                    const simulated_cloud& cloud)
{
    const bridge running{where, {.cloud_port = cloud.port(), .ca_file = cloud.ca_file()}};
    crowd one{running.port(), 1};
    const auto terminal = [](int) { return terminal_name(0); };
    (void)one.pay(1, "warm", terminal);
    const auto before = running.held();
    (void)one.pay(how_much.payments, "first", terminal);
    const auto first = running.held();
    (void)one.pay(how_much.payments, "second", terminal);
    const auto second = running.held();
    out.section("Memory over payments of one till");
    out.line("PSS after 1 payment", static_cast<double>(before.pss), "KiB");
    const auto count = std::to_string(how_much.payments);
    out.line("PSS after " + count, static_cast<double>(first.pss), "KiB");
    out.line("PSS after twice " + count, static_cast<double>(second.pss), "KiB");
    out.line("anonymous, after twice " + count, static_cast<double>(second.anonymous), "KiB");
}

/// The system's store with the simulated cloud's authority added: as large as the real one, and
/// the cloud is trusted.
std::optional<std::filesystem::path> large_store(const folder& where, const simulated_cloud& cloud)
{
    std::ifstream system{"/etc/ssl/certs/ca-certificates.crt"};
    if (!system) return std::nullopt;
    auto both = where / "large.pem";
    std::ofstream{both} << system.rdbuf() << std::ifstream{cloud.ca_file()}.rdbuf();
    return both;
}

/// `journal` is there already, or empty for a new one each time.
double start_ms(const folder& where, shop setup, const std::string& journal, int starts)
{
    std::vector<double> all;
    for (int i = 0; i < starts; ++i) {
        setup.journal = journal.empty() ? "new-" + std::to_string(i) + ".db" : journal;
        all.push_back(bridge{where, setup}.started_in_ms());
        if (journal.empty()) std::filesystem::remove(where / setup.journal);
    }
    return median(all);
}

void measure_start(table& out, const amounts& how_much, const folder& where,
                   const simulated_cloud& cloud)
{
    out.section("From exec to the first accepted connection, median");
    const auto large = large_store(where, cloud);
    if (!large) std::printf("  (no ca-certificates here: only the small store)\n");
    const auto journal_used = std::to_string(2 * how_much.payments) + " orders";
    for (const auto& [store, file] :
         {std::pair{"own CA", std::optional{cloud.ca_file()}},
          std::pair{"system's store", std::optional{std::filesystem::path{}}},
          std::pair{"system's store as a file", large}}) {
        if (!file) continue;
        const shop setup{.cloud_port = cloud.port(), .ca_file = *file};
        out.line(std::string{store} + ", new journal", start_ms(where, setup, "", how_much.starts),
                 "ms", start_max_ms);
        out.line(std::string{store} + ", journal of " + journal_used,
                 start_ms(where, setup, "journal.db", how_much.starts), "ms", start_max_ms);
    }

    out.section("First payment after the start, and the second");
    for (const auto& [store, file] : {std::pair{"own CA", std::optional{cloud.ca_file()}},
                                      std::pair{"system's store as a file", large}}) {
        if (!file) continue;
        const bridge running{where, {.cloud_port = cloud.port(), .ca_file = *file}};
        crowd one{running.port(), 1};
        const auto name = std::string{"start-"} + (file == large ? "large" : "small");
        const auto got = one.pay(2, name, [](int) { return terminal_name(0); });
        out.line(std::string{store} + ", first", got.latencies[0][0], "ms");
        out.line(std::string{store} + ", second", got.latencies[0][1], "ms");
        out.line(std::string{store} + ", PSS then", static_cast<double>(running.held().pss), "KiB");
    }
}

void allow_many_connections()
{
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
}

int run(const amounts& how_much, bool check)
{
    allow_many_connections();
    std::signal(SIGPIPE, SIG_IGN);  // "| head" must not leave the programs running
    table out;
    std::printf("ecrbridged, build type %s\n", ECR_BUILD_TYPE);
    measure_idle(out, how_much);
    measure_fairness(out, how_much);
    {
        const folder where;
        const simulated_cloud cloud{where, 1};
        measure_growth(out, how_much, where, cloud);
        measure_start(out, how_much, where, cloud);
    }
    std::printf("\n%d limits missed\n", out.missed());
    return check && out.missed() > 0 ? 1 : 0;
}

}  // namespace
}  // namespace ecr::bench

int main(int argc, char** argv)
{
    ecr::bench::amounts how_much;
    bool check = false;
    CLI::App app{"Measures ecrbridged against a simulated cloud, on loopback", "bench_bridge"};
    app.add_flag("--check", check, "End with an error when a limit is missed");
    app.add_option("--rounds", how_much.rounds, "Payments of each of 64 tills")
        ->check(CLI::Range(1, 1'000))
        ->capture_default_str();
    app.add_option("--rounds-in-line", how_much.rounds_in_line, "The same, with one terminal")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    app.add_option("--connections", how_much.connections, "Idle connections")
        ->check(CLI::Range(1, 2'000))
        ->capture_default_str();
    app.add_option("--payments", how_much.payments, "Payments between two looks at memory")
        ->check(CLI::Range(1, 20'000))
        ->capture_default_str();
    app.add_option("--starts", how_much.starts, "Starts for each start-up figure")
        ->check(CLI::Range(1, 1'000))
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        return ecr::bench::run(how_much, check);
    } catch (const std::exception& failed) {
        std::cerr << "bench_bridge: " << failed.what() << "\n";
        return 2;
    }
}
