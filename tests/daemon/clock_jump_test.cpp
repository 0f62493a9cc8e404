// A clock that is set in the middle of an order: ages come from the one that never jumps.
#include "tests/daemon/shop/case_shop.hpp"
#include "tests/daemon/shop/wrong_clock.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::movements;
using simulator::shopper;
using simulator::undo_plan;

struct jump_case {
    std::string name;
    timestamp start;  // QFPay's time
    milliseconds by;  // after 20 s

    friend void PrintTo(const jump_case& c, std::ostream* out) { *out << c.name; }
};

// clang-format off
const jump_case jump_cases[] = {
    {"Forward",             hong_kong(2026, 11, 18, 12h),         2h},
    {"Back",                hong_kong(2026, 11, 18, 12h),         -2h},
    {"ForwardOverMidnight", hong_kong(2026, 11, 18, 23h),         2h},
    {"BackOverMidnight",    hong_kong(2026, 11, 19, 1h),          -2h},
    {"ForwardOverMonth",    hong_kong(2026, 11, 30, 23h),         2h},
    {"BackOverMonth",       hong_kong(2026, 12, 1,  1h),          -2h},
    {"ForwardOverYear",     hong_kong(2026, 12, 31, 23h + 59min), 2h},
    {"ThreeMonthsForward",  hong_kong(2026, 11, 18, 12h),         24h * 91},
    {"ThreeMonthsBack",     hong_kong(2026, 11, 18, 12h),         -24h * 91},
    {"FromTheFactory",      hong_kong(2026, 11, 18, 12h),         24h * 365 * 20},
};
// clang-format on

class ClockJumpTest : public testing::TestWithParam<jump_case> {
protected:
    /// A sale during which the clock is set by so much: what its till was told, and when.
    struct told_at {
        std::string line;
        milliseconds after{};
        std::string kept{};  // the order's state in the journal, minutes later
    };
    static told_at sale(case_shop& s, way w, const shopper& who, milliseconds jump)
    {
        s.cloud().plan(who);
        s.say(command(w, "A1", w == way::shown ? "timeout=300" : ""));
        const auto begun = s.time().now();
        s.pass(20s);
        if (jump != 0ms) set_pc_clock(s, jump);
        auto line = s.end_of("A1");
        return {.line = std::move(line), .after = s.time().now() - begun};
    }
    static told_at sale(way w, const shopper& who, timestamp start, milliseconds jump)
    {
        case_shop s{{.start = start}};
        auto got = sale(s, w, who, jump);
        s.pass(5min);
        got.kept = s.state("A1");
        EXPECT_EQ(s.truth().times_pushed("A1"), 1);
        return got;
    }
};

TEST_P(ClockJumpTest, EndsNoOrderEarlyAndNoneLate)
{
    const auto& c = GetParam();
    for (const auto w : every_way)
        for (const auto& who :
             {shopper{.after = 90s}, shopper{.does = act::walks_away}}) {
            SCOPED_TRACE(std::string{name_of(w)} + ' ' + std::string{name_of(who.does)});
            const auto usual = sale(w, who, c.start, 0ms);
            const auto jumped = sale(w, who, c.start, c.by);
            for (const auto* key : {"state", "code", "safe_to_retry"})
                EXPECT_EQ(value_of(jumped.line, key), value_of(usual.line, key)) << jumped.line;
            EXPECT_EQ(jumped.kept, usual.kept);
            EXPECT_NEAR(static_cast<double>(jumped.after.count()),
                        static_cast<double>(usual.after.count()), 7'000);
        }
}

TEST_P(ClockJumpTest, ALatePaymentIsStillFound)
{
    const auto& c = GetParam();
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        case_shop s{{.start = c.start}};
        const auto got = sale(s, w, shopper{.does = act::pays_late, .late = 40min}, c.by);
        EXPECT_EQ(value_of(got.line, "safe_to_retry"), "yes") << got.line;
        s.pass(3h);
        EXPECT_EQ(s.state("A1"), "paid");
    }
}

INSTANTIATE_TEST_SUITE_P(Clock, ClockJumpTest, testing::ValuesIn(jump_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(ClockJumpTest, AReplyThatWasNotHeardIsRepeatedAndNotSoldAgain)
{
    for (const milliseconds by : {2h, -2h, 24h * 400}) {
        SCOPED_TRACE(by.count());
        shop s;
        const auto one = s.tcp_till();
        one->say("pay amount=500");
        ASSERT_TRUE(s.until([&] { return one->count("progress", "on_terminal") > 0; }));
        one->hang_up();
        ASSERT_TRUE(s.until([&] { return s.truth().charged_in_all().count == 1; }));
        s.pass(30s);
        set_pc_clock(s, by);
        const auto two = s.tcp_till();
        const auto again = s.ask(*two, "pay amount=500");
        EXPECT_EQ(value_of(again, "earlier"), "yes") << again;
        EXPECT_EQ(s.truth().charged_in_all(), (movements{1, 500}));
    }
}

TEST(ClockJumpTest, TheNextCustomerPaysAlthoughTheClockWentBack)
{
    shop s;
    const auto one = s.tcp_till();
    one->say("pay amount=500");
    ASSERT_TRUE(s.until([&] { return one->count("progress", "on_terminal") > 0; }));
    one->hang_up();
    ASSERT_TRUE(s.until([&] { return s.truth().charged_in_all().count == 1; }));
    s.pass(10min);
    set_pc_clock(s, -2h);
    const auto two = s.tcp_till();
    const auto next = s.ask(*two, "pay amount=500");
    EXPECT_EQ(value_of(next, "earlier"), "") << next;
    EXPECT_EQ(s.truth().charged_in_all(), (movements{2, 1000}));
}

/// A reversal "in progress" gives the money back after "paid" was said: that is watched for.
TEST(ClockJumpTest, MoneyThatGoesBackIsStillSeen)
{
    for (const milliseconds by : {2h, -2h}) {
        SCOPED_TRACE(by.count());
        case_shop s{{.cloud = [](auto& c) {
            c.reversal_on_paid = simulator::reversal_on_paid::returns_money;
        }}};
        s.cloud().plan(shopper{.does = act::walks_away});
        s.cloud().plan_undo("A1",
                            undo_plan{.respcd = "1145", .after = 60s, .payer_is_faster = true});
        expect_told(s.pay(way::scanned, "A1"), told_paid);
        set_pc_clock(s, by);
        s.pass(10min);
        EXPECT_EQ(s.truth().reversed("A1"), (movements{1, 500}));
        EXPECT_EQ(s.journal("A1")->needs, 8);
        const auto asked = s.requests("/trade/v1/query");
        s.pass(1h);
        EXPECT_EQ(s.requests("/trade/v1/query"), asked) << "and the watch has its end";
    }
}

}  // namespace
}  // namespace ecr::test
