// A shop at half load for as long as one likes, with a bridge that is killed and a cloud that errs
// and vanishes: in the end it holds no more memory, descriptors and disk than its orders explain.
//
// ECR_SOAK_MINUTES: how long; without it half a minute. See packaging/soak.sh.
#include "busy_shop.hpp"
#include "daemon/limits.hpp"
#include "protocol/till/trace_record.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <random>
#include <sstream>

namespace ecr::process {
namespace {

namespace fs = std::filesystem;

constexpr int serial_lines = 8;
constexpr int tills_of_a_port = 6;
constexpr int terminals = 24;
constexpr int bytes_per_second = 960;       // 9,600 baud, 8N1
constexpr int customers_of_a_till = 5'000;  // more than there is time for
constexpr auto day = 75s;                   // from the last customer to the end of all sales

// A sale takes a cashier of this shop half a second, and then the till rests as long.
constexpr cashier_pace half_load{.rest = 500ms, .sale_answered = 10s};

// What an order may leave behind. In memory: the bridge remembers the last few thousand numbers.
constexpr double memory_of_an_order_kib = 0.5;
#ifdef __SANITIZE_ADDRESS__
constexpr double memory_slack_kib = 48 * 1024;  // every allocation is surrounded
#else
constexpr double memory_slack_kib = 768;  // heaps are not tidy
#endif
// And each link remembers what passed on it last, so much of it and no more.
constexpr int tcp_links = 4;
constexpr double trace_of_an_order_kib = 2;
constexpr double trace_of_a_link_max_kib =
    (daemon::limits::trace_size_max +
     daemon::limits::trace_records_max * sizeof(protocol::till::trace_record)) /
    1024.0;
constexpr double traces_max_kib = (serial_lines + tcp_links) * trace_of_a_link_max_kib;
constexpr double journal_of_an_order_kib = 4;
constexpr double log_of_journal_max_kib = 16 * 1024;  // SQLite's write-ahead log

/// What the bridge holds. Source: /proc/PID/smaps_rollup, /proc/PID/fd, /proc/net/tcp.
struct holdings {
    long pss_kib = 0;
    long heap_kib = 0;  // its own data: heap, stacks
    int descriptors = 0;
    int to_cloud = 0;  // of the descriptors
    std::size_t orders = 0;
};

int connections_to(std::uint16_t port)
{
    std::ifstream table{"/proc/net/tcp"};
    std::ostringstream wanted;
    wanted << ':' << std::uppercase << std::hex << std::setw(4) << std::setfill('0') << port;
    int found = 0;
    for (std::string line; std::getline(table, line);) {
        std::istringstream words{line};
        std::string number, local, remote, state, skipped, inode;
        words >> number >> local >> remote >> state;
        for (int i = 0; i < 5; ++i)
            words >> skipped;
        words >> inode;
        if (remote.ends_with(wanted.str()) && inode != "0") ++found;
    }
    return found;
}

double kib_of(const fs::path& file)
{
    std::error_code missing;
    const auto size = fs::file_size(file, missing);
    return missing ? 0 : static_cast<double>(size) / 1024;
}

class SoakHalfLoadTest : public BusyShopTest {
protected:
    SoakHalfLoadTest() : BusyShopTest{terminals}
    {
        const auto seed = std::random_device{}();
        std::cout << "seed " << seed << '\n';
        random_.seed(seed);
    }

    [[nodiscard]] static milliseconds whole_time()
    {
        const char* const minutes = std::getenv("ECR_SOAK_MINUTES");
        if (minutes == nullptr) return 30s;
        return milliseconds{static_cast<long>(std::strtod(minutes, nullptr) * 60'000)};
    }
    [[nodiscard]] milliseconds between(milliseconds least, milliseconds most)
    {
        return milliseconds{
            std::uniform_int_distribution<long>{least.count(), most.count()}(random_)};
    }
    [[nodiscard]] std::string whole_shop();
    void open_tills();
    void bad_weather(milliseconds again_after);
    void live(milliseconds duration);
    void start_again();
    [[nodiscard]] holdings held();
    void show(const char* when, const holdings& what) const;
    void compare(const holdings& fresh, const holdings& warm, const holdings& end);

    std::string config_text_;
    std::mt19937 random_;
    int kills_ = 0;
    int outages_ = 0;
    double log_of_journal_kib_ = 0;  // the most there was
};

std::string SoakHalfLoadTest::whole_shop()
{
    auto how = hasty_shop(serial_lines, bytes_per_second);
    // It writes to a file of a fixed size: what the test would have to keep would be its own
    // growth.
    how.log = "level = \"info\"\nfile = \"" + (folder_ / "bridge.log").string() + "\"\n";
    return text_of(how);
}

void SoakHalfLoadTest::open_tills()
{
    for (std::size_t i = 0; i < serial_lines; ++i)
        add_serial_till(i, sales(customers_of_a_till), half_load);
    add_tcp_tills(tills_of_a_port, customers_of_a_till, half_load);
    for (const auto& till : tills_)
        till->open();
}

/// Faults of every kind, and now and then nobody listens for a second.
void SoakHalfLoadTest::bad_weather(milliseconds again_after)
{
    plan_weather();
    ++outages_;
    cloud_.set_listening(false);
    time_->after(1s, [this] { cloud_.set_listening(true); });
    time_->after(again_after, [this, again_after] { bad_weather(again_after); });
}

void SoakHalfLoadTest::live(milliseconds duration)
{
    const auto end = clock_.now() + duration;
    while (clock_.now() < end) {
        run_until([] { return false; }, std::min<milliseconds>(500ms, end - clock_.now()));
        log_of_journal_kib_ = std::max(log_of_journal_kib_, kib_of(folder_ / "journal.db-wal"));
    }
}

void SoakHalfLoadTest::start_again()
{
    if (bridge_) {
        bridge_->signal(SIGKILL);
        EXPECT_EQ(bridge_->wait(), -SIGKILL);
        ++kills_;
    }
    // Instrumented, it would hold on to what was freed.
    bridge_ = run(config_text_, {.environment = {{"ASAN_OPTIONS", "quarantine_size_mb=1"}}});
}

holdings SoakHalfLoadTest::held()
{
    const auto of_process = fs::path{"/proc"} / std::to_string(bridge_->pid());
    holdings now;
    std::ifstream in{of_process / "smaps_rollup"};
    for (std::string line; std::getline(in, line);) {
        std::istringstream words{line};
        std::string name;
        long kib = 0;
        words >> name >> kib;
        if (name == "Pss:") now.pss_kib = kib;
        if (name == "Pss_Anon:") now.heap_kib = kib;
    }
    for ([[maybe_unused]] const auto& each : fs::directory_iterator{of_process / "fd"})
        ++now.descriptors;
    now.to_cloud = connections_to(cloud_.port());
    for (const auto& till : tills_)
        now.orders += till->customers().size();
    return now;
}

void SoakHalfLoadTest::show(const char* when, const holdings& what) const
{
    std::cout << when << ": " << what.orders << " sales, PSS " << what.pss_kib << " KiB, heap "
              << what.heap_kib << " KiB, " << what.descriptors << " descriptors, " << what.to_cloud
              << " of them to the cloud\n"
              << std::flush;
}

void SoakHalfLoadTest::compare(const holdings& fresh, const holdings& warm, const holdings& end)
{
    const auto orders = static_cast<double>(end.orders - warm.orders);
    EXPECT_LT(static_cast<double>(end.heap_kib - warm.heap_kib),
              memory_slack_kib + memory_of_an_order_kib * orders +
                  std::min(traces_max_kib, trace_of_an_order_kib * orders));
    // No till is there any more: nothing but what it opened when it started.
    EXPECT_EQ(end.descriptors - end.to_cloud, fresh.descriptors - fresh.to_cloud);
    EXPECT_LT(log_of_journal_kib_, log_of_journal_max_kib);
}

TEST_F(SoakHalfLoadTest, LeavesNothingBehindButOrders)
{
    const auto time = whole_time();
    config_text_ = whole_shop();
    start_again();
    run_until([] { return false; }, 1s);
    bridge_->line_with("bridge.ready");
    const auto fresh = held();
    show("fresh", fresh);
    open_tills();
    bad_weather(std::max<milliseconds>(time / 10, 8s));

    // Bridges that are killed, …
    const auto began = clock_.now();
    const auto lives_end = began + time * 6 / 10;
    while (clock_.now() < lives_end) {
        live(between(time / 60, time / 12));
        start_again();
    }
    // … and one that lives.
    live(time / 10);
    const auto warm = held();
    show("warm", warm);
    live(time * 3 / 10);
    for (const auto& till : tills_)
        till->close_up();
    run_until([&] { return all_closed(); }, day);
    const auto took = clock_.now() - began;
    tills_in_hand_hang_up();
    run_until([] { return false; }, 2s);
    const auto end = held();
    show("end", end);
    compare(fresh, warm, end);

    close_shop(config_text_, day);
    judge();
    const auto orders = test::read_journal(folder_ / "journal.db").orders.size();
    const auto journal_kib = kib_of(folder_ / "journal.db");
    std::cout << orders << " orders in " << took.count() / 1000 << " s, " << kills_ << " kills, "
              << outages_ << " times without a cloud; journal " << journal_kib / 1024 << " MiB, "
              << journal_kib / static_cast<double>(orders) << " KiB an order, its log at most "
              << log_of_journal_kib_ / 1024 << " MiB; " << ended(says::paid) << " paid, "
              << ended(says::not_paid) << " not paid, " << ended(says::unknown) << " unknown\n";
    EXPECT_LT(journal_kib, 256 + journal_of_an_order_kib * static_cast<double>(orders));
    EXPECT_GT(kills_, 5);
}

}  // namespace
}  // namespace ecr::process
