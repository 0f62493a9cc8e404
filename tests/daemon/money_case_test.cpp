// The money-safety cases by number, 1 to 11: sending, waiting, cancelling. See README.md.
#include "tests/daemon/shop/case_shop.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::movements;
using simulator::shopper;

/// Who pays what the till shows.
void plan_for(case_shop& s, shopper who)
{
    s.cloud().plan(std::move(who));
}

TEST(MoneyCase, Case01_ConnectionLossWhileSendingIsInDoubtAndNeverPushedAgain)
{
    for (const auto w : every_way)
        for (const auto kind :
             {fault_kind::close, fault_kind::reset, fault_kind::no_answer, fault_kind::truncated})
            for (const bool done : {true, false}) {
                SCOPED_TRACE(std::string{name_of(w)} + ' ' + std::string{name_of(kind)} +
                             (done ? " done" : " not done"));
                case_shop s;
                s.cloud().plan(fault{.kind = kind, .path = "/payment", .done = done});
                expect_told(s.pay(w, "A1"), done ? told_paid : told_expired);
                EXPECT_EQ(s.steps("A1"), done ? "send doubt pay" : "send doubt expire");
                expect_end(s, "A1",
                           {.state = done ? "paid" : "expired", .charges = done, .pushes = done});
                EXPECT_EQ(s.requests(push_path(w)), 1);
            }
}

TEST(MoneyCase, Case02_AStartAsksAboutEveryOpenOrderBeforeTheTerminalIsOffered)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        case_shop s;
        plan_for(s, {.after = 40s});
        s.cloud().plan(fault{.kind = fault_kind::no_answer, .path = "/payment"});
        s.say(command(w, "A1"));
        ASSERT_TRUE(s.until_state("A1", "sending"));
        ASSERT_TRUE(s.until([&] { return s.truth().times_pushed("A1") == 1; }));
        s.restart();
        s.reconnect();
        EXPECT_EQ(s.state("A1"), "in_doubt");
        s.say(command(way::terminal, "B1"));
        ASSERT_TRUE(s.until([&] { return s.requests(query_path(w)) > 0; }, 2s));
        if (w == way::terminal) {
            EXPECT_EQ(s.truth().times_pushed("B1"), 0);
        }
        expect_told(s.end_of("B1"), told_paid);
        // A code that never came back was shown to nobody: it is closed before anybody could pay
        // it.
        const bool shown_to_nobody = w == way::shown;
        EXPECT_TRUE(s.until_state("A1", shown_to_nobody ? "cancelled" : "paid", 2min));
        EXPECT_EQ(s.steps("A1"), shown_to_nobody ? "send doubt cancel" : "send doubt pay");
        expect_end(s, "A1",
                   {.state = shown_to_nobody ? "cancelled" : "paid", .charges = !shown_to_nobody});
        EXPECT_EQ(s.truth().pushed_to_busy_terminal(), 0);
    }
}

TEST(MoneyCase, Case03_AnAcknowledgedPushIsOnTheTerminalAndNotPaid)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        case_shop s{
            {.cloud = [](simulator::settings& c) { c.cpm_reply = simulator::cpm_reply::pending; }}};
        plan_for(s, {.does = act::walks_away});
        s.say(command(w, "A1"));
        ASSERT_TRUE(s.until_state("A1", "on_terminal"));
        s.pass(60s);
        EXPECT_EQ(s.till().count("result"), 0U);
        expect_told(s.ask(s.till(), "status order=A1"), {"on_terminal", "01", "no"});
        s.till().forget();
        EXPECT_EQ(s.charged("A1").count, 0);
        const auto end = s.end_of("A1");
        EXPECT_EQ(value_of(end, "safe_to_retry"), "yes") << end;
        EXPECT_NE(value_of(end, "state"), "paid");
        EXPECT_EQ(s.charged("A1").count, 0);
    }
}

struct refused_push {
    const char* code;
    bool done;  // although the cloud said so, it did it
    const char* state;
    const char* till_code;
    bool asked;
};

TEST(MoneyCase, Case04_AnAcknowledgementWithAnErrorIsWorthWhatItsCodeIsWorth)
{
    // clang-format off
    const std::vector<refused_push> at_terminal{
        {"1106", false, "rejected", "13", false},
        {"1108", false, "rejected", "13", false},
        {"1145", true,  "paid",     "00", true},
        {"1145", false, "expired",  "12", true},
        {"1298", true,  "paid",     "00", true},
        {"9999", true,  "paid",     "00", true},
        {"9999", false, "expired",  "12", true},
        {"1205", true,  "paid",     "00", true},
    };
    const std::vector<refused_push> directly{
        {"1108", false, "rejected", "13", false},
        {"1201", false, "declined", "10", false},
        {"1205", true,  "paid",     "00", true},
        {"1205", false, "expired",  "12", true},
        {"1298", true,  "paid",     "00", true},
        {"2999", true,  "paid",     "00", true},
        {"9999", true,  "paid",     "00", true},
        {"9999", false, "expired",  "12", true},
    };
    // clang-format on
    for (const auto w : {way::terminal, way::scanned})
        for (const auto& c : w == way::terminal ? at_terminal : directly) {
            SCOPED_TRACE(std::string{name_of(w)} + ' ' + c.code + (c.done ? " done" : ""));
            case_shop s;
            s.cloud().plan(fault{
                .kind = fault_kind::respcd, .path = "/payment", .done = c.done, .respcd = c.code});
            const std::string state = c.state;
            expect_told(s.pay(w, "A1"), {state, c.till_code, state == "paid" ? "no" : "yes"});
            expect_end(s, "A1", {.state = state, .charges = c.done, .pushes = c.done});
            EXPECT_EQ(s.requests(query_path(w)) > 0, c.asked);
        }
}

TEST(MoneyCase, Case05_AnUnknownOrderInsideTheWindowIsNoFailure)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        case_shop s{{.cloud = [](simulator::settings& c) {
            c.busy_enquiry = simulator::busy_enquiry::not_found;
            c.trade_open_row = simulator::trade_open_row::no_row;
        }}};
        plan_for(s, {.after = 100s});
        expect_told(s.pay(w, "A1"), told_paid);
        EXPECT_GT(s.requests(query_path(w)), 10);
        expect_end(s, "A1", {.state = "paid", .charges = 1});
    }
}

TEST(MoneyCase, Case05_WhatIsNeverFoundIsWatchedForMoreThanADay)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        case_shop s{
            {.cloud = [](simulator::settings& c) { c.cpm_reply = simulator::cpm_reply::pending; }}};
        plan_for(s, {.does = act::never_shown});
        expect_told(s.pay(w, "A1"), told_expired);
        s.pass(22h);
        const auto asked = s.requests(query_path(w));
        s.pass(3h);
        EXPECT_GE(s.requests(query_path(w)), asked + 2);
        expect_end(s, "A1", {.state = "expired"});
    }
}

TEST(MoneyCase, Case06_PendingRowsAreAskedAboutUntilOneIsFinal)
{
    using simulator::busy_enquiry;
    using simulator::trade_open_row;
    for (const auto w : every_way)
        for (const char* code : {"1143", "1145", "1298"}) {
            SCOPED_TRACE(std::string{name_of(w)} + ' ' + code);
            case_shop s;
            plan_for(s, {.after = 60s});
            s.cloud().plan(fault{
                .kind = fault_kind::row_respcd, .path = "/query", .count = 10, .respcd = code});
            s.say(command(w, "A1"));
            s.pass(25s);
            EXPECT_EQ(s.till().count("result"), 0U);
            EXPECT_EQ(s.state("A1"), "on_terminal");
            expect_told(s.end_of("A1"), told_paid);
            expect_end(s, "A1", {.state = "paid", .charges = 1});
        }
}

TEST(MoneyCase, Case06_AfterTheWindowItIsCancelledAndThenAskedAbout)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        case_shop s{
            {.cloud = [](simulator::settings& c) { c.cpm_reply = simulator::cpm_reply::pending; }}};
        plan_for(s, {.does = act::slow_result, .after = 1s, .late = 100min});
        s.say(command(w, "A1"));
        s.pass(100s);
        const auto undos = [&] {
            return static_cast<int>(s.truth().cancels().size()) + s.requests("/trade/v1/reversal") +
                   s.requests("/trade/v1/close");
        };
        EXPECT_EQ(undos(), 0);
        const auto end = s.end_of("A1");
        EXPECT_GT(undos(), 0);
        EXPECT_EQ(value_of(end, "safe_to_retry"), "no") << end;
        s.pass(4h);
        const auto kept =
            s.truth().charged("A1").sum_minor_units - s.truth().refunded("A1").sum_minor_units;
        EXPECT_EQ(s.state("A1") == "paid", kept == 500) << s.state("A1");
    }
}

TEST(MoneyCase, Case07_SuccessBeatsACancelThatWasAcknowledged)
{
    case_shop s;
    plan_for(s, {.does = act::cancel_loses, .after = 20s});
    s.say(command(way::terminal, "A1"));
    ASSERT_TRUE(s.until_on_terminal());
    s.pass(1s);
    s.say("cancel order=A1");
    ASSERT_TRUE(s.until([&] { return !s.truth().cancels().empty(); }));
    s.pass(5s);
    EXPECT_EQ(s.till().count("result"), 0U) << "the acknowledgement proves nothing";
    expect_told(s.end_of("A1"), told_paid);
    expect_end(s, "A1", {.state = "paid", .charges = 1});
}

TEST(MoneyCase, Case07_SuccessBeatsAReversalAndAClose)
{
    for (const auto w : {way::scanned, way::shown}) {
        SCOPED_TRACE(name_of(w));
        case_shop s;
        plan_for(s, {.after = 10min});
        s.cloud().plan_undo("A1", {.payer_is_faster = true});
        s.say(command(w, "A1"));
        ASSERT_TRUE(s.until_state("A1", "on_terminal"));
        s.pass(10s);
        s.say("cancel order=A1");
        expect_told(s.end_of("A1"), told_paid);
        s.pass(1h);
        expect_end(s, "A1", {.state = "paid", .charges = 1});
    }
}

TEST(MoneyCase, Case08_ACancelNeverMeetsAnotherSale)
{
    case_shop s;
    const auto other = s.tcp_till();
    s.ask(*other, "hello till=other");
    s.ask(s.till(), "hello till=mine");
    expect_told(s.pay(way::terminal, "A1"), told_paid);
    plan_for(s, {.after = 30s});
    other->say(command(way::terminal, "B1"));
    ASSERT_TRUE(s.until([&] { return other->count("progress", "on_terminal") > 0; }));
    s.say("cancel order=A1");  // it has ended
    s.say("cancel");           // this till has nothing open
    s.say(command(way::terminal, "A2"));
    ASSERT_TRUE(s.until([&] { return s.till().count("progress", "queued") > 0; }));
    s.say("cancel order=A2");  // it only waits
    expect_told(s.end_of("A2"), {"cancelled", "11", "yes"});
    expect_told(s.result_of(*other, "B1"), told_paid);
    EXPECT_TRUE(s.truth().cancels().empty());
    expect_end(s, "A2", {.state = "cancelled", .pushes = 0});
}

TEST(MoneyCase, Case08_NoPushFollowsADoubtfulOneBeforeItsWindowIsOver)
{
    case_shop s;
    plan_for(s, {.does = act::walks_away});
    s.cloud().plan(fault{.kind = fault_kind::close, .path = "/payment"});
    s.cloud().plan(fault{.kind = fault_kind::empty, .path = "/query", .count = -1});
    s.say(command(way::terminal, "A1"));
    ASSERT_TRUE(s.until_state("A1", "in_doubt"));
    s.say(command(way::terminal, "B1"));
    s.pass(115s);
    EXPECT_EQ(s.truth().times_pushed("B1"), 0);
    s.pass(10min);
    EXPECT_EQ(s.truth().pushed_to_busy_terminal(), 0);
    for (const auto& cancel : s.truth().cancels())
        EXPECT_TRUE(cancel.stopped.empty() || cancel.stopped == "A1") << cancel.stopped;
}

TEST(MoneyCase, Case09_ASecondPushForABusyTerminalIsNotSent)
{
    for (const bool waits : {true, false}) {
        case_shop s{{.bridge = [&](daemon::config& c) { c.orders.wait_for_terminal = waits; }}};
        plan_for(s, {.after = 30s});
        s.say(command(way::terminal, "A1"));
        ASSERT_TRUE(s.until_on_terminal());
        const auto second = s.pay(way::terminal, "B1");
        if (waits)
            expect_told(second, told_paid);
        else
            expect_told(second, {"", "33", "yes"});
        expect_told(s.end_of("A1"), told_paid);
        EXPECT_EQ(s.truth().times_pushed("B1"), waits ? 1 : 0);
        EXPECT_EQ(s.truth().pushed_to_busy_terminal(), 0);
    }
}

TEST(MoneyCase, Case10_ALateSuccessIsBookedAndShownToTheOperator)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        case_shop s{{.cloud = [](simulator::settings& c) {
            c.cpm_reply = simulator::cpm_reply::pending;
            c.undo_support = simulator::undo_support::d24;
        }}};
        plan_for(s, {.does = act::pays_late, .late = 3h});
        const auto end = s.pay(w, "A1");
        EXPECT_EQ(value_of(end, "safe_to_retry"), "yes") << end;
        s.pass(6h);
        expect_end(s, "A1", {.state = "paid", .charges = 1, .needs = 1});
        EXPECT_EQ(value_of(s.ask(s.till(), "status order=A1"), "late"), "yes");
        EXPECT_NE(s.ask(s.till(), "orders attention=yes").find("count=1"), std::string::npos);
    }
}

TEST(MoneyCase, Case10_ALateSuccessIsRefundedOnceWhereTheShopWantsThat)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        case_shop s{
            {.bridge = [](daemon::config& c) { c.orders.refund_late = true; },
             .cloud = [](simulator::settings& c) { c.cpm_reply = simulator::cpm_reply::pending; }}};
        plan_for(s, {.does = act::pays_late, .late = 3h});
        EXPECT_EQ(value_of(s.pay(w, "A1"), "safe_to_retry"), "yes");
        s.pass(6h);
        EXPECT_EQ(s.state("A1"), "paid");
        EXPECT_EQ(s.charged("A1"), (movements{1, 500}));
        EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 500}));
    }
}

TEST(MoneyCase, Case11_ANumberSaidAgainIsTheSameOrder)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        case_shop s;
        plan_for(s, {.after = 20s});
        const auto line = command(w, "A1");
        s.say(line);
        s.pass(5s);
        s.say(line);
        s.pass(1min);
        s.say(line);
        s.pass(1min);
        EXPECT_EQ(s.till().count("result", "state=paid"), 3U);
        auto other = line;
        other.replace(other.find("amount=500"), 10, "amount=501");
        expect_told(s.ask(s.till(), other), {"", "32", "no"});
        expect_end(s, "A1", {.state = "paid", .charges = 1});
        EXPECT_EQ(s.requests(push_path(w)), 1);
    }
}

TEST(MoneyCase, Case11_ACloudThatKnowsTheNumberAlreadyIsAsked)
{
    for (const auto w : {way::terminal, way::scanned})
        for (const char* code : {"1102", "2011", "1251"}) {
            SCOPED_TRACE(std::string{name_of(w)} + ' ' + code);
            case_shop s;
            s.cloud().plan(fault{.kind = fault_kind::respcd, .path = "/payment", .respcd = code});
            expect_told(s.pay(w, "A1"), told_paid);
            EXPECT_EQ(s.steps("A1"), "send doubt pay");
            expect_end(s, "A1", {.state = "paid", .charges = 1});
        }
}

TEST(MoneyCase, Case11_TwoSuccessesUnderOneNumberRaiseTheAlarm)
{
    for (const auto w : {way::scanned, way::shown}) {
        SCOPED_TRACE(name_of(w));
        case_shop s;
        plan_for(s, {.after = 10s});
        s.cloud().plan(fault{.kind = fault_kind::stale, .path = "/query", .count = 5});
        s.say(command(w, "A1"));
        ASSERT_TRUE(s.until([&] { return s.charged("A1").count == 1; }));
        ASSERT_TRUE(s.cloud().plant_again(s.truth().movements_of_money().back().syssn));
        const auto end = s.end_of("A1");
        expect_told(end, told_paid);
        expect_end(s, "A1", {.state = "paid", .charges = 1, .needs = 16});
        EXPECT_EQ(value_of(s.ask(s.till(), "status order=A1"), "paid_twice"), "yes");
    }
}

}  // namespace
}  // namespace ecr::test
