// One money request per terminal, the shared budget of enquiries, and orders that outlive patience.
#include "tests/daemon/shop/shop.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::movements;
using simulator::shopper;

TEST(TerminalTest, TheSecondOrderWaitsInLine)
{
    shop s;
    const auto one = s.tcp_till();
    const auto two = s.tcp_till();
    one->say("pay order=A1 amount=500");
    ASSERT_TRUE(s.until([&] { return one->count("progress", "on_terminal") > 0; }));
    two->say("pay order=B1 amount=700");
    ASSERT_TRUE(s.until([&] { return two->count("progress", "queued") > 0; }));
    EXPECT_EQ(value_of(two->last("progress", "queued"), "ahead"), "1");
    EXPECT_EQ(value_of(s.result_of(*one, "A1"), "state"), "paid");
    EXPECT_EQ(value_of(s.result_of(*two, "B1"), "state"), "paid");
    EXPECT_EQ(s.truth().pushed_to_busy_terminal(), 0);
}

TEST(TerminalTest, AnotherTerminalDoesNotWait)
{
    shop s;
    s.cloud().plan("T1", shopper{.does = act::walks_away});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    till->say("pay order=B1 amount=700 terminal=back");
    EXPECT_EQ(value_of(s.result_of(*till, "B1", 30s), "state"), "paid");
}

TEST(TerminalTest, OneVerySlowEnquiryDoesNotKeepAnUnpaidOrderInDoubt)
{
    shop s{{.bridge =
                [](daemon::config& c) {
                    c.cloud.answer_timeout = milliseconds{120'000};
                    c.links[0].payment_timeout = std::chrono::seconds{60};
                },
            .cloud =
                [](simulator::settings& c) { c.ended_unpaid = simulator::ended_unpaid::no_row; }}};
    s.cloud().plan(shopper{.does = act::walks_away});
    // Asked within the window, answered when all patience is over.
    s.cloud().plan(fault{
        .kind = fault_kind::slow, .path = "query", .skip = 27, .delay = milliseconds{100'000}});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    s.result_of(*till, "A1");
    EXPECT_TRUE(s.until([&] { return s.journal("A1")->state == "expired"; }, 15min))
        << s.journal("A1")->state;
    EXPECT_GE(s.truth().cancels().size(), 1U);
}

TEST(TerminalTest, BusyIsSaidWhenTheShopWantsThat)
{
    shop s{{.bridge = [](daemon::config& c) { c.orders.wait_for_terminal = false; }}};
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    till->say("pay order=B1 amount=700");
    EXPECT_EQ(value_of(s.result_of(*till, "B1"), "code"), "33");
    EXPECT_EQ(value_of(s.result_of(*till, "B1"), "safe_to_retry"), "yes");
    EXPECT_EQ(s.truth().times_pushed("B1"), 0);
}

TEST(TerminalTest, WhoWaitsTooLongHearsThatNothingWasSent)
{
    shop s{{.bridge = [](daemon::config& c) { c.orders.queue_wait = milliseconds{20'000}; }}};
    s.cloud().plan(shopper{.does = act::walks_away});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    till->say("pay order=B1 amount=700");
    const auto result = s.result_of(*till, "B1", 1min);
    EXPECT_EQ(value_of(result, "state"), "rejected") << result;
    EXPECT_EQ(value_of(result, "code"), "14");
    EXPECT_EQ(value_of(result, "safe_to_retry"), "yes");
    EXPECT_EQ(s.truth().times_pushed("B1"), 0);
}

TEST(TerminalTest, AQueuedOrderIsCancelledWithoutTheCloud)
{
    shop s;
    s.cloud().plan(shopper{.does = act::walks_away});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    till->say("pay order=B1 amount=700");
    ASSERT_TRUE(s.until([&] { return till->count("progress", "queued") > 0; }));
    till->say("cancel order=B1");
    EXPECT_EQ(value_of(s.result_of(*till, "B1", 5s), "state"), "cancelled");
    EXPECT_EQ(s.truth().cancels().size(), 0u);
    EXPECT_EQ(s.truth().times_pushed("B1"), 0);
}

TEST(TerminalTest, AnUnboundTerminalIsSaidSo)
{
    shop s;
    s.cloud().terminal("T1").set_bound(false);
    const auto till = s.tcp_till();
    const auto result = s.ask(*till, "pay order=A1 amount=500");
    EXPECT_EQ(value_of(result, "state"), "rejected") << result;
    EXPECT_EQ(value_of(result, "code"), "13");
    EXPECT_NE(result.find("1106"), std::string::npos);
    EXPECT_EQ(value_of(result, "safe_to_retry"), "yes");
}

TEST(TerminalTest, PrintsAreSentToIt)
{
    shop s;
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    s.result_of(*till, "A1");
    EXPECT_TRUE(s.ask(*till, "receipt of=A1").starts_with("ok"));
    EXPECT_TRUE(s.ask(*till, "summary").starts_with("ok"));
    EXPECT_EQ(s.truth().requests("/ecr/v1/print_receipt/async"), 1);
    EXPECT_EQ(s.truth().requests("/ecr/v1/print_summary/async"), 1);
}

TEST(DoubtTest, APushWithoutAnAnswerBecomesWhatTheLedgerSays)
{
    for (const bool done : {true, false}) {
        SCOPED_TRACE(done);
        shop s;
        s.cloud().plan(fault{.kind = fault_kind::close, .path = "payment", .done = done});
        const auto till = s.tcp_till();
        till->say("pay order=A1 amount=500");
        ASSERT_TRUE(
            s.until([&] { return s.journal("A1") && s.journal("A1")->state == "in_doubt"; }));
        const auto result = s.result_of(*till, "A1", 15min);
        EXPECT_EQ(value_of(result, "state"), done ? "paid" : "expired") << result;
        EXPECT_EQ(s.truth().charged("A1").count, done ? 1 : 0);
        EXPECT_LE(s.truth().times_pushed("A1"), 1);
        EXPECT_EQ(s.truth().requests("/ecr/v1/payment/async"), 1);
    }
}

TEST(DoubtTest, ACloudThatIsDownForHoursLeavesNoTillWithoutAnAnswer)
{
    shop s;
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    ASSERT_TRUE(s.until([&] { return till->count("progress", "on_terminal") > 0; }));
    s.cloud().set_listening(false);
    s.cloud().plan(fault{.kind = fault_kind::close, .count = -1});
    const auto result = s.result_of(*till, "A1", 15min);
    EXPECT_EQ(value_of(result, "state"), "in_doubt") << result;
    EXPECT_EQ(value_of(result, "code"), "20");
    EXPECT_EQ(value_of(result, "safe_to_retry"), "no");

    s.pass(5h);
    s.cloud().clear_faults();
    s.cloud().set_listening(true);
    s.pass(1h);
    EXPECT_EQ(s.journal("A1")->state, "paid");
    EXPECT_EQ(value_of(s.ask(*till, "status order=A1"), "state"), "paid");
}

TEST(DoubtTest, WhatNeverClearsIsShownAsUnresolved)
{
    shop s;
    s.cloud().plan(
        fault{.kind = fault_kind::row_respcd, .path = "query", .count = -1, .respcd = "1298"});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    s.pass(27h);
    EXPECT_EQ(s.journal("A1")->state, "unresolved");
    EXPECT_EQ(s.journal("A1")->needs, 4);
    EXPECT_NE(s.ask(*till, "orders attention=yes").find("count=1"), std::string::npos);
}

TEST(DoubtTest, AMismatchIsNeverPaid)
{
    for (const auto kind : {fault_kind::wrong_amount, fault_kind::wrong_currency}) {
        shop s;
        s.cloud().plan(fault{.kind = kind, .path = "query", .count = -1});
        const auto till = s.tcp_till();
        till->say("pay order=A1 amount=500");
        const auto result = s.result_of(*till, "A1");
        EXPECT_EQ(value_of(result, "code"), "22") << result;
        EXPECT_EQ(value_of(result, "safe_to_retry"), "no");
        EXPECT_EQ(s.journal("A1")->state, "in_doubt");
        EXPECT_EQ(s.journal("A1")->needs, 2);
    }
}

TEST(DoubtTest, ARowOfAnotherOrderIsNoInformation)
{
    shop s;
    s.cloud().plan(fault{.kind = fault_kind::wrong_order, .path = "query", .count = 3});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    EXPECT_EQ(s.journal("A1")->needs, 0);
}

TEST(BudgetTest, EnquiriesStayWithinTheMinute)
{
    shop s{{.bridge =
                [](daemon::config& c) {
                    c.cloud.requests_per_minute = 40;
                    c.terminals.clear();
                    for (int i = 1; i <= 8; ++i)
                        c.terminals.push_back({.id = "T" + std::to_string(i)});
                },
            .cloud =
                [](simulator::settings& c) {
                    c.requests_per_minute = 40;
                    for (int i = 3; i <= 8; ++i)
                        c.terminals.push_back({"T" + std::to_string(i), true});
                    c.shopper_delay = milliseconds{90'000};
                }}};
    const auto till = s.tcp_till();
    for (int i = 1; i <= 8; ++i)
        till->say("pay order=A" + std::to_string(i) + " amount=500 terminal=T" + std::to_string(i));
    for (int i = 1; i <= 8; ++i)
        EXPECT_EQ(value_of(s.result_of(*till, "A" + std::to_string(i)), "state"), "paid");
    EXPECT_EQ(s.truth().rate_limited(), 0);
    EXPECT_EQ(s.truth().charged_in_all(), (movements{8, 4000}));
}

TEST(BudgetTest, A429SlowsDownWithoutLosingAnything)
{
    shop s{{.cloud = [](simulator::settings& c) { c.requests_per_minute = 5; }}};
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*till, "A1", 15min), "state"), "paid");
}

// A gateway on the way may send a request again, and hand on the answer to the second.
TEST(BudgetTest, ARefusalForWantOfRoomIsLookedAtAgain)
{
    for (const auto& [charged, restarts] :
         {std::pair{true, false}, std::pair{true, true}, std::pair{false, false}}) {
        SCOPED_TRACE(testing::PrintToString(std::pair{charged, restarts}));
        shop s;
        s.cloud().plan(fault{
            .kind = fault_kind::status, .path = "payment", .done = charged, .http_status = 429});
        const auto till = s.tcp_till();
        till->say("pay order=A1 amount=500");
        EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "rejected");
        const auto asked = s.truth().requests_in_all();
        s.pass(1min);
        if (restarts) s.restart();
        s.pass(1h);
        EXPECT_EQ(s.journal("A1")->state, charged ? "paid" : "rejected");
        EXPECT_EQ(s.journal("A1")->needs, charged ? 1 : 0);
        EXPECT_LE(s.truth().requests_in_all(), asked + 3);
    }
}

// The copy may be carried out minutes after the first was refused, and be paid as late as any order
// that has expired.
TEST(BudgetTest, ARefusedOrderThatTheCloudKnowsAfterAllIsWatched)
{
    for (const auto& [late, restart_after] : {std::pair{1min, 0min},
                                              {3min, 0min},
                                              {5min, 0min},
                                              {30min, 0min},
                                              {120min, 0min},
                                              {480min, 0min},
                                              {120min, 60min},
                                              {480min, 300min}}) {
        SCOPED_TRACE(testing::PrintToString(std::pair{late.count(), restart_after.count()}));
        shop s;
        s.cloud().plan(
            fault{.kind = fault_kind::status, .path = "payment", .done = true, .http_status = 429});
        s.cloud().plan(shopper{.does = act::pays_late, .late = late});
        const auto till = s.tcp_till();
        till->say("pay order=A1 amount=500");
        EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "rejected");
        if (restart_after > 0min) {
            s.pass(restart_after);
            EXPECT_EQ(s.journal("A1")->state, "rejected");
            s.restart();
        }
        s.pass(late > 5min ? 10h : 1h);
        EXPECT_EQ(s.journal("A1")->state, "paid");
        EXPECT_EQ(s.journal("A1")->needs, 1);
    }
}

// One that it does not know costs three enquiries, also when the bridge starts again.
TEST(BudgetTest, ARefusedOrderThatTheCloudDoesNotKnowIsLeftAlone)
{
    shop s;
    s.cloud().plan(
        fault{.kind = fault_kind::status, .path = "payment", .done = false, .http_status = 429});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "rejected");
    auto asked = s.truth().requests_in_all();
    s.pass(12h);
    EXPECT_LE(s.truth().requests_in_all(), asked + 3);
    s.restart();
    asked = s.truth().requests_in_all();
    s.pass(12h);
    EXPECT_LE(s.truth().requests_in_all(), asked + 3);
    EXPECT_EQ(s.journal("A1")->state, "rejected");
}

TEST(BudgetTest, ARefusalForWantOfRoomIsLookedAtUntilTheCloudKnows)
{
    shop s;
    s.cloud().plan(fault{.kind = fault_kind::status, .path = "payment", .http_status = 429});
    s.cloud().plan(
        fault{.kind = fault_kind::status, .path = "query", .count = 2, .http_status = 502});
    s.cloud().plan(shopper{.does = act::slow_result, .after = 10s, .late = 20min});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "rejected");
    s.pass(15min);
    EXPECT_EQ(s.journal("A1")->state, "rejected");
    s.pass(1h);
    EXPECT_EQ(s.journal("A1")->state, "paid");
}

TEST(MonthTest, AnOrderOverTheNewYearIsFound)
{
    shop s{{.start = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 12 / 31}} + 15h +
                     59min + 50s}};  // 23:59:50 in Hong Kong
    s.cloud().plan(shopper{.after = milliseconds{30'000}});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
}

TEST(MonthTest, TwoMonthsWithoutTheBridgeEndUnresolved)
{
    shop s;
    s.cloud().plan(fault{.kind = fault_kind::close, .path = "payment", .done = false});
    s.cloud().plan(fault{.kind = fault_kind::empty, .path = "query", .count = -1});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    ASSERT_TRUE(s.until([&] { return s.journal("A1") && s.journal("A1")->state == "in_doubt"; }));
    s.time().shift_wall(std::chrono::hours{24 * 75});
    s.restart();
    s.pass(1min);
    EXPECT_EQ(s.journal("A1")->state, "unresolved");
}

}  // namespace
}  // namespace ecr::test
