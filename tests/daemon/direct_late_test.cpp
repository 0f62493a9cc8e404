// Money that comes after the till was told that it had not, and the operator's word.
#include "tests/daemon/direct_story.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::movements;
using simulator::shopper;

constexpr const char* qr_a1 = "qr order=A1 amount=500 channel=wx timeout=300";

shop_plan giving_back(bool refund_late, timestamp start = shop_plan{}.start)
{
    return {.bridge = [=](daemon::config& c) { c.orders.refund_late = refund_late; },
            .start = start};
}

/// An order that its till has been told is not paid, and whose money comes `after` that.
void let_it_come_late(shop& s, sample_till& till, milliseconds after, const std::string& how)
{
    s.cloud().plan(shopper{.does = act::pays_late, .late = after});
    till.say(how);
    const auto result = s.result_of(till, "A1", 40min);
    ASSERT_TRUE(says_not_paid(value_of(result, "state"))) << result;
}

TEST(LateTest, ACodePaidAfterItsEndIsOnTheOperatorsList)
{
    shop s;
    const auto till = s.tcp_till();
    let_it_come_late(s, *till, 1h, qr_a1);
    s.ask(*till, "orders attention=yes");
    EXPECT_EQ(till->count("row", "out_trade_no=A1"), 0U);
    s.pass(3h);
    EXPECT_EQ(s.journal("A1")->state, "paid");
    s.ask(*till, "orders attention=yes");
    EXPECT_NE(till->last("row", "out_trade_no=A1").find("late=yes"), std::string::npos);
    EXPECT_EQ(s.truth().requests("/trade/v1/refund"), 0);
    EXPECT_EQ(value_of(s.ask(*till, "status order=A1"), "late"), "yes");
}

TEST(LateTest, TheSaleThatWasRungAgainIsShownWithIt)
{
    shop s;
    const auto till = s.tcp_till();
    let_it_come_late(s, *till, 1h, qr_a1);
    ASSERT_EQ(value_of(s.ask(*till, "scan order=A2 amount=500 auth_code=1234567890"), "state"),
              "paid");
    s.pass(3h);
    s.ask(*till, "orders attention=yes");
    EXPECT_EQ(value_of(till->last("row", "out_trade_no=A1"), "again"), "A2")
        << till->last("row", "out_trade_no=A1");
    till->forget();
    s.ask(*till, "show order=A1");
    EXPECT_EQ(value_of(till->last("row", "out_trade_no=A1"), "again"), "A2");
    till->forget();
    s.ask(*till, "show order=A2");
    EXPECT_EQ(value_of(till->last("row", "out_trade_no=A2"), "again"), "");
}

TEST(LateTest, IsGivenBackOnce)
{
    for (const std::string how : {qr_a1, "scan order=A1 amount=500 channel=wx auth_code=1234567890",
                                  "pay order=A1 amount=500 channel=wx"}) {
        SCOPED_TRACE(how);
        shop s{giving_back(true)};
        auto till = s.tcp_till();
        let_it_come_late(s, *till, 1h, how);
        s.pass(4h);
        EXPECT_EQ(s.journal("A1")->needs, 9);  // late, and it goes back
        EXPECT_EQ(value_of(s.ask(*till, "status order=A1"), "code"), "24");
        EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 500}));
        EXPECT_EQ(s.journal("A1-late")->state, "paid");
        s.restart();
        s.pass(4h);
        EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 500}));
        EXPECT_EQ(s.truth().requests("/trade/v1/refund"), 1);
    }
}

void stop_when(const std::function<bool(shop&)>& reached)
{
    shop s{giving_back(true)};
    const auto till = s.tcp_till();
    let_it_come_late(s, *till, 1h, qr_a1);
    ASSERT_TRUE(s.until([&] { return reached(s); }, 4h));
    s.restart();
    s.pass(1h);
    EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 500}));
    EXPECT_EQ(s.truth().requests("/trade/v1/refund"), 1);
    EXPECT_EQ(s.journal("A1-late")->state, "paid");
}

TEST(LateTest, IsGivenBackOnceAlsoWhenThePowerGoesOutBetween)
{
    // The step is durable before the refund is asked for.
    stop_when([](shop& s) { return s.journal("A1")->state == "paid"; });
}

TEST(LateTest, ItsRefundIsNotForgottenBeforeItIsSent)
{
    // The journal is written by a thread of its own: which step is the last one is luck.
    for (int round = 0; round < 10; ++round)
        stop_when([](shop& s) { return s.journal("A1-late").has_value(); });
}

TEST(LateTest, IsGivenBackOnceAlsoWhenTheRefundsAnswerIsLost)
{
    shop s{giving_back(true)};
    const auto till = s.tcp_till();
    let_it_come_late(s, *till, 1h, qr_a1);
    s.cloud().plan(fault{.kind = fault_kind::no_answer, .path = "/trade/v1/refund"});
    ASSERT_TRUE(s.until([&] { return s.truth().requests("/trade/v1/refund") == 1; }, 4h));
    s.restart();
    s.pass(1h);
    EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 500}));
    EXPECT_EQ(s.truth().requests("/trade/v1/refund"), 1);
    EXPECT_EQ(s.journal("A1-late")->state, "paid");
}

TEST(LateTest, InTheNightItIsGivenBackInTheMorning)
{
    for (const bool restarted : {false, true}) {
        const auto evening = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 11 / 18}} +
                             15h;  // 23:00 in Hong Kong
        shop s{giving_back(true, evening)};
        const auto till = s.tcp_till();
        let_it_come_late(s, *till, 35min, qr_a1);
        ASSERT_TRUE(s.until([&] { return s.journal("A1")->state == "paid"; }, 80min));
        s.pass(1min);
        EXPECT_EQ(s.truth().requests("/trade/v1/refund"), 0);
        if (restarted) s.restart();
        s.pass(2h);
        EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 500}));
        EXPECT_EQ(s.truth().requests("/trade/v1/refund"), 1);
    }
}

// --- The operator's word -----------------------------------------------------------------------

TEST(ResolveTest, WhatIsStillRunningIsNotEndedByAHuman)
{
    shop s;
    s.cloud().plan(shopper{.after = 1min});
    const auto till = s.tcp_till();
    till->say(qr_a1);
    s.pass(10s);
    const auto answer = s.ask(*till, "resolve order=A1 paid=no text=\"seen\"");
    EXPECT_EQ(value_of(answer, "code"), "35") << answer;
    EXPECT_EQ(value_of(s.result_of(*till, "A1"), "code"), "35");
    s.pass(2min);
    EXPECT_EQ(s.journal("A1")->state, "paid");
}

/// An order the cloud says nothing about any more.
void leave_in_doubt(shop& s, sample_till& till)
{
    s.cloud().plan(fault{.kind = fault_kind::status, .path = "/trade/v1/payment", .done = false});
    s.cloud().plan(fault{.kind = fault_kind::status, .path = "/trade/v1/query", .count = -1});
    const auto result = s.ask(till, "scan order=A1 amount=500 auth_code=1234567890", 15min);
    ASSERT_EQ(value_of(result, "state"), "in_doubt") << result;
}

TEST(ResolveTest, WhatIsInDoubtEndsByTheOperatorsWord)
{
    for (const std::string paid : {"yes", "no"}) {
        shop s;
        auto till = s.tcp_till();
        leave_in_doubt(s, *till);
        const auto answer =
            s.ask(*till, "resolve order=A1 paid=" + paid + " text=\"asked QFPay\"", 10min);
        EXPECT_EQ(value_of(answer, "state"), "resolved") << answer;
        EXPECT_EQ(value_of(answer, "safe_to_retry"), paid == "no" ? "yes" : "no");
        EXPECT_EQ(s.journal("A1")->needs, 0);
        s.restart();
        till = s.tcp_till();
        s.cloud().clear_faults();
        s.pass(1h);
        EXPECT_EQ(value_of(s.ask(*till, "status order=A1"), "state"), "resolved");
    }
}

TEST(ResolveTest, ALatePaymentIsTakenOffTheList)
{
    shop s;
    const auto till = s.tcp_till();
    let_it_come_late(s, *till, 1h, qr_a1);
    s.pass(3h);
    ASSERT_EQ(s.journal("A1")->needs, 1);
    const auto answer = s.ask(*till, "resolve order=A1 text=\"customer called\"");
    EXPECT_EQ(value_of(answer, "state"), "paid") << answer;
    EXPECT_EQ(s.journal("A1")->needs, 0);
}

TEST(ResolveTest, WhatTheCloudSaysAtThatMomentStandsAboveIt)
{
    shop s;
    const auto till = s.tcp_till();
    s.cloud().plan(fault{.kind = fault_kind::no_answer, .path = "/trade/v1/payment"});
    s.cloud().plan(fault{.kind = fault_kind::status, .path = "/trade/v1/query", .count = -1});
    const auto doubt = s.ask(*till, "scan order=A1 amount=500 auth_code=1234567890", 15min);
    ASSERT_EQ(value_of(doubt, "state"), "in_doubt") << doubt;
    s.cloud().clear_faults();
    const auto answer = s.ask(*till, "resolve order=A1 paid=no text=\"nothing there\"");
    EXPECT_EQ(value_of(answer, "state"), "paid") << answer;
    EXPECT_EQ(s.truth().charged("A1"), (movements{1, 500}));
}

TEST(ResolveTest, MoneyTheOperatorHasSpokenForIsNotGivenBack)
{
    for (const std::string paid : {" paid=yes", " paid=no", ""}) {
        shop s{giving_back(true)};
        auto till = s.tcp_till();
        s.cloud().plan(fault{.kind = fault_kind::no_answer, .path = "/trade/v1/payment"});
        s.cloud().plan(fault{.kind = fault_kind::status, .path = "/trade/v1/query", .count = -1});
        const auto doubt = s.ask(*till, "scan order=A1 amount=500 auth_code=1234567890", 15min);
        ASSERT_EQ(value_of(doubt, "state"), "in_doubt") << doubt;
        const auto answer = s.ask(*till, "resolve order=A1" + paid + " text=\"as agreed\"");
        ASSERT_EQ(value_of(answer, "state"), "resolved") << answer;
        s.cloud().clear_faults();
        s.pass(2h);
        EXPECT_EQ(s.journal("A1")->state, "paid");
        s.restart();
        s.pass(2h);
        EXPECT_EQ(s.truth().refunded("A1").count, paid == " paid=no" ? 1 : 0) << paid;
    }
}

}  // namespace
}  // namespace ecr::test
