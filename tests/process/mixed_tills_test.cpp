// Every kind of till at once, on lines as slow as they are in shops, under a cloud that errs.
#include "busy_shop.hpp"

#include <algorithm>
#include <iostream>
#include <sys/resource.h>

namespace ecr::process {
namespace {

constexpr int serial_lines = 16;
constexpr int tills_of_a_port = 16;
constexpr int terminals = 12;
constexpr int bytes_per_second = 960;  // 9,600 baud, 8N1
constexpr auto day = 75s;              // nobody may take longer

double seconds_of(const timeval& t)
{
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

/// Of all children that have ended.
double cpu_seconds()
{
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

class SoakMixedTillsTest : public BusyShopTest {
protected:
    SoakMixedTillsTest() : BusyShopTest{terminals} {}
    ~SoakMixedTillsTest() override { pinger_.reset(); }

    [[nodiscard]] shop_config whole_shop();
    void add_tills_of_ports();
    void keep_pinging();
    void report(milliseconds took, double cpu) const;

    std::unique_ptr<test::till_wire> pinger_;
    milliseconds pinged_at_{};
    milliseconds longest_ping_{};
    int pings_ = 0;
};

/// Each terminal has two serial tills, or a port of 16 tills; those of the line dialect go to all.
shop_config SoakMixedTillsTest::whole_shop()
{
    auto how = quick_shop();
    for (int i = 0; i < serial_lines; ++i)
        how.links += add_line(bytes_per_second, "T" + std::to_string(i % 8 + 1));
    const std::string tcp = "type = \"tcp\"\nlisten = \"127.0.0.1:0\"\n";
    how.links += link_text("words", tcp + "terminal = \"T12\"\n");
    how.links += link_text("old", tcp +
                                      "terminal = \"T9\"\ndialect = \"hypercom\"\n"
                                      "numbers = \"none\"\npatience_s = 9\n");
    how.links += link_text("app", tcp +
                                      "terminal = \"T10\"\ndialect = \"qfpay-local\"\n"
                                      "wrapping = \"tcp\"\npatience_s = 12\n");
    how.links += link_text("web", tcp +
                                      "terminal = \"T11\"\ndialect = \"qfpay-local\"\n"
                                      "wrapping = \"http\"\n");
    return how;
}

void SoakMixedTillsTest::add_tills_of_ports()
{
    const auto on = [this](const std::string& link, int i) { return at_port(link, 10 + i); };
    for (int i = 0; i < tills_of_a_port; ++i) {
        const auto number = std::to_string(i + 1);
        const auto terminal = "T" + std::to_string(i % 9 == 8 ? 12 : i % 9 + 1);
        tills_.push_back(
            make_line_cashier(on("words", i), "words" + number, sales(3), false, terminal));
        tills_.push_back(make_hypercom_cashier(on("old", i), "old" + number, sales(2)));
        tills_.push_back(
            make_qfpay_cashier(on("app", i), "app" + number, sales(2), qfpay_link::tcp));
        tills_.push_back(
            make_qfpay_cashier(on("web", i), "web" + number, sales(2), qfpay_link::http));
    }
}

/// On a link of its own: nobody's slowness is anybody else's.
void SoakMixedTillsTest::keep_pinging()
{
    if (!pinger_) {
        pinger_ = test::tcp_wire(io_, bridge_->port("shop"));
        pinger_->on_bytes([this](std::string_view bytes) {
            if (bytes.find('\n') == std::string_view::npos) return;
            longest_ping_ = std::max(longest_ping_, clock_.now() - pinged_at_);
            ++pings_;
            time_->after(100ms, [this] { keep_pinging(); });
        });
    }
    pinged_at_ = clock_.now();
    pinger_->send("ping\n");
}

void SoakMixedTillsTest::report(milliseconds took, double cpu) const
{
    milliseconds longest{};
    std::string who;
    for (const auto& till : tills_)
        for (const auto& customer : till->customers()) {
            if (customer.how != says::paid || customer.waited <= longest) continue;
            longest = customer.waited;
            who = till->name();
        }
    std::cout << next_sale_ << " sales in " << took.count() << " ms: " << ended(says::paid)
              << " paid, " << ended(says::not_paid) << " not paid, " << ended(says::unknown)
              << " unknown; the longest wait for \"paid\" " << longest.count() << " ms (" << who
              << "); " << pings_ << " pings, the longest " << longest_ping_.count()
              << " ms; the bridge used " << cpu << " s of CPU\n";
    EXPECT_GT(ended(says::paid), next_sale_ / 2);
    EXPECT_GT(ended(says::not_paid), next_sale_ / 20);
}

TEST_F(SoakMixedTillsTest, EveryTillIsToldTheTruth)
{
    const auto cpu_before = cpu_seconds();
    const auto began = clock_.now();
    start(whole_shop());
    for (std::size_t i = 0; i < serial_lines; ++i)
        add_serial_till(i, sales(4));
    add_tills_of_ports();
    keep_pinging();
    for (const auto& till : tills_)
        till->open();
    run_until([&] { return all_closed(); }, day);
    for (const auto& till : tills_)
        EXPECT_TRUE(till->closed()) << till->standing();
    const auto took = clock_.now() - began;
    const auto watched_until = clock_.now() + 10s;
    while (!late_money_is_known() && clock_.now() < watched_until)
        run_until([] { return false; }, 200ms);
    EXPECT_EQ(bridge_->stop(), 0);
    EXPECT_LT(longest_ping_, 1s);
    judge();
    report(took, cpu_seconds() - cpu_before);
}

}  // namespace
}  // namespace ecr::process
