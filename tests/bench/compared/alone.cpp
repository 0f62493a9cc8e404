#include "tests/bench/compared/alone.hpp"

#include "tests/bench/compared/contestant.hpp"
#include "tests/bench/compared/made_journal.hpp"
#include "tests/bench/compared/statistics.hpp"
#include "tests/bench/crowd.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

namespace ecr::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto settling = 500ms;  // after a start, until memory is looked at
constexpr int dirty_orders = 64;  // at terminals, when the power goes out

/// While it lives, programs that are started have copies of these libraries to themselves: what
/// other processes share with them must not make them look small.
class own_libraries {
public:
    explicit own_libraries(pid_t user)
    {
        std::ifstream maps{"/proc/" + std::to_string(user) + "/maps"};
        std::set<std::string> known;
        for (std::string line; std::getline(maps, line);) {
            const auto path = line.find('/');
            if (path == std::string::npos || line.find(".so") == std::string::npos) continue;
            const std::filesystem::path library{line.substr(path)};
            // Every process of every machine has these.
            const auto name = library.filename().string();
            if (name.starts_with("ld-") || name.starts_with("libc.")) continue;
            if (known.insert(library.string()).second)
                std::filesystem::copy_file(library, where_ / library.filename().string());
        }
        ::setenv("LD_LIBRARY_PATH", (where_ / "").c_str(), 1);
    }
    ~own_libraries() { ::unsetenv("LD_LIBRARY_PATH"); }
    own_libraries(const own_libraries&) = delete;
    own_libraries& operator=(const own_libraries&) = delete;

private:
    folder where_;
};

double pss_of(bridge& running)
{
    return static_cast<double>(running.held().pss);
}

}  // namespace

memory_alone measure_memory()
{
    constexpr int tills = 1'000;
    const folder where;
    std::unique_ptr<own_libraries> own;
    memory_alone held;
    {
        bridge running{where, {}};
        crowd{running.port(), 1}.ping();
        std::this_thread::sleep_for(settling);
        held.idle = pss_of(running);
        crowd all{running.port(), tills};
        all.ping();
        held.a_till = (pss_of(running) - held.idle) / tills;
        own = std::make_unique<own_libraries>(running.program().pid());
    }
    bridge running{where, {}};
    crowd{running.port(), 1}.ping();
    std::this_thread::sleep_for(settling);
    held.idle_alone = pss_of(running);
    return held;
}

starts measure_starts(const std::filesystem::path& kept, int orders, int times)
{
    const folder where;
    const fixed_cloud cloud{where, 0};
    double pss = 0;
    const auto started = [&](const std::string& journal) {
        bridge one{where, shop{.cloud_port = cloud.port(),
                               .ca_file = cloud.ca_file(),
                               .terminals = dirty_orders,
                               .journal = journal,
                               .first_enquiry_ms = 60'000}};
        const auto took = one.started_in_ms();
        pss = pss_of(one);
        one.program().kill();
        return took;
    };
    std::vector<double> fresh;
    for (int i = 0; i < times; ++i)
        fresh.push_back(started("new-" + std::to_string(i) + ".db"));

    const auto large = kept / ("journal-" + std::to_string(orders) + ".db");
    if (!std::filesystem::exists(large)) {
        std::filesystem::create_directories(kept);
        auto begun = large;
        begun += ".begun";
        std::filesystem::remove(begun);
        make_journal(begun, orders, 0);
        std::filesystem::rename(begun, large);
    }
    settle_open_orders(large);
    {
        bridge one{where, shop{.cloud_port = cloud.port(),
                               .ca_file = cloud.ca_file(),
                               .terminals = dirty_orders,
                               .journal = large.string(),
                               .first_enquiry_ms = 5}};
        // Each run needs numbers of its own: the journal is kept.
        const auto now = std::chrono::system_clock::now().time_since_epoch().count();
        (void)run_load({.port = one.port(),
                        .language = spoken::bridge,
                        .tills = 8,
                        .commands = dirty_orders,
                        .prefix = "D" + std::to_string(now)});
        one.program().kill();
    }
    std::vector<double> dirty;
    for (int i = 0; i < times; ++i)
        dirty.push_back(started(large.string()));
    return {.new_journal = median(fresh), .large_journal = median(dirty), .large_pss_kib = pss};
}

open_orders measure_open_orders(int count)
{
    constexpr int terminals = 4'000;
    const folder where;
    const fixed_cloud cloud{where, 0};
    const auto how = [&](const std::string& journal) {
        return shop{.cloud_port = cloud.port(),
                    .ca_file = cloud.ca_file(),
                    .terminals = terminals,
                    .journal = journal,
                    .first_enquiry_ms = 1'000};
    };
    make_journal(where / "open.db", 0, count);
    double idle = 0;
    {
        bridge without{where, how("empty.db")};
        std::this_thread::sleep_for(settling);
        idle = pss_of(without);
    }
    bridge running{where, how("open.db")};
    std::this_thread::sleep_for(2 * settling);
    const auto asked = cloud.requests();
    const auto before = running.program().cpu_time();
    std::this_thread::sleep_for(5s);
    const std::chrono::duration<double, std::micro> spent = running.program().cpu_time() - before;
    const auto enquiries = cloud.requests() - asked;
    if (enquiries == 0) throw std::runtime_error("the bridge asks nothing about its open orders");
    return {.count = count,
            .more_kib = pss_of(running) - idle,
            .started_in_ms = running.started_in_ms(),
            .enquiry_us = spent.count() / static_cast<double>(enquiries)};
}

}  // namespace ecr::bench
