// A thousand open orders at once on one merchant's 400 requests a minute: who is asked about when.
#include "tests/daemon/shop/case_shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::shopper;

constexpr int at_terminals = 500;  // in doubt
constexpr int directly = 470;      // in doubt
constexpr int waiting = 30;        // with a shopper before the terminal
constexpr int a_till = 15;         // commands it may have in hand, and one to spare

shop_plan big_shop()
{
    return {.bridge =
                [](daemon::config& c) {
                    c.terminals.clear();
                    for (int i = 1; i <= at_terminals + waiting; ++i)
                        c.terminals.push_back({.id = "T" + std::to_string(i)});
                },
            .cloud =
                [](simulator::settings& c) {
                    c.terminals.clear();
                    for (int i = 1; i <= at_terminals + waiting; ++i)
                        c.terminals.push_back({"T" + std::to_string(i), true});
                    c.requests_per_minute = 400;
                    c.shopper_delay = 100min;  // nobody acts while this is measured
                    c.cpm_reply = simulator::cpm_reply::pending;
                }};
}

std::string at_terminal(int i, const std::string& more = {})
{
    return "pay order=T" + std::to_string(i) + " amount=500 terminal=T" + std::to_string(i) + more;
}

/// The longest time between two enquiries about an order, and from the beginning and to the end.
milliseconds longest_gap(const std::vector<milliseconds>& asked, milliseconds from, milliseconds to)
{
    milliseconds longest{0};
    auto last = from;
    for (const auto at : asked) {
        if (at < from || at > to) continue;
        longest = std::max(longest, at - last);
        last = at;
    }
    return std::max(longest, to - last);
}

class a_thousand_orders : public shop {
public:
    a_thousand_orders() : shop{big_shop()}
    {
        // The cloud does not say what became of anything.
        cloud().plan(
            fault{.kind = fault_kind::row_respcd, .path = "/query", .count = -1, .respcd = "1298"});
        for (int i = 1; i <= at_terminals; ++i)
            say(at_terminal(i));
        for (int i = 1; i <= directly; ++i)
            say(command(way::scanned, "D" + std::to_string(i)));
    }

    void say(const std::string& line)
    {
        if (said_++ % a_till == 0) tills_.push_back(tcp_till());
        tills_.back()->say(line);
    }

    /// The bridge is switched off for a while, and every till has to come back.
    void off(milliseconds duration)
    {
        away(duration);
        tills_.clear();
        said_ = 0;
    }

    bool all_in(const std::string& wanted)
    {
        return open_orders([&](const std::string& number) { return in(number, wanted); }) == 0;
    }

    /// How many of the doubtful are not so.
    template <class Test>
    int open_orders(Test test)
    {
        int others = 0;
        for (int i = 1; i <= at_terminals; ++i)
            others += test("T" + std::to_string(i)) ? 0 : 1;
        for (int i = 1; i <= directly; ++i)
            others += test("D" + std::to_string(i)) ? 0 : 1;
        return others;
    }

    bool in(const std::string& number, const std::string& wanted)
    {
        const auto kept = journal(number);
        return kept && kept->state == wanted;
    }

    milliseconds gap(const std::string& number, milliseconds from, milliseconds to)
    {
        const auto found = truth().enquiries().find(number);
        if (found == truth().enquiries().end()) return to - from;
        return longest_gap(found->second, from, to);
    }

private:
    std::vector<std::unique_ptr<sample_till>> tills_;
    int said_ = 0;
};

TEST(SoakScaleTest, AThousandOpenOrdersStarveNobodyAndNoShopperWaits)
{
    a_thousand_orders s;
    s.pass(12min);  // everything is pushed, and its tills have been told what is known
    ASSERT_TRUE(s.all_in("in_doubt"));
    s.off(3min);
    const auto back = s.time().now();
    for (int i = at_terminals + 1; i <= at_terminals + waiting; ++i)
        s.say(at_terminal(i, " timeout=600"));
    s.pass(1min);  // their pushes have used up a part of the first minute
    const auto from = s.time().now();
    s.pass(8min);
    const auto to = s.time().now();

    milliseconds longest_wait{0};
    for (int i = at_terminals + 1; i <= at_terminals + waiting; ++i) {
        const auto gap = s.gap("T" + std::to_string(i), from, to);
        EXPECT_LE(gap, 5s) << i;
        longest_wait = std::max(longest_wait, gap);
    }

    // The shoppers leave; then there is room for the others.
    s.pass(15min);
    const auto end = s.time().now();
    milliseconds longest{0};
    s.open_orders([&](const std::string& number) {
        const auto gap = s.gap(number, back, end);
        longest = std::max(longest, gap);
        EXPECT_LE(gap, 21min) << number;
        return true;
    });
    std::cout << "longest between two enquiries: " << longest_wait.count()
              << " ms for a waiting shopper, " << longest / 1s << " s for an order in doubt\n";
    EXPECT_LE(s.truth().rate_limited_in_a_row(), 1);

    // The cloud finds its tongue: everything ends, and nothing was charged.
    s.cloud().clear_faults();
    s.pass(1h);
    EXPECT_EQ(s.open_orders([&](const std::string& number) {
        const auto kept = s.journal(number);
        return kept && kept->state != "in_doubt" && kept->state != "paid" && kept->needs == 0;
    }),
              0);
    EXPECT_EQ(s.truth().charged_in_all().count, 0);
    EXPECT_EQ(s.truth().pushed_to_busy_terminal(), 0);
    EXPECT_LE(s.truth().rate_limited_in_a_row(), 1);
}

}  // namespace
}  // namespace ecr::test
