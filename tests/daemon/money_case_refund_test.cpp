// The money-safety cases by number, 12 to 22: numbers, refunds, closes. See README.md.
#include "tests/daemon/shop/case_shop.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::movements;
using simulator::shopper;

constexpr way both_apis[]{way::terminal, way::scanned};
const told told_refunded{"refunded", "00", "no"};

const char* refund_path(way w)
{
    return w == way::terminal ? "/ecr/v1/refund/async" : "/trade/v1/refund";
}

/// Midnight of a day in Hong Kong, and how long before it.
timestamp before_midnight(std::chrono::year_month_day next_day, milliseconds how_long)
{
    return timestamp{std::chrono::sys_days{next_day}} - 8h - how_long;
}

TEST(MoneyCase, Case12_AnOldNumberIsNeverUsedForAnotherSale)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        case_shop s{{.bridge = [](daemon::config& c) {
            for (auto& link : c.links)
                link.numbers = daemon::numbering::daily;
        }}};
        expect_told(s.pay(w, "1"), told_paid);
        s.till().forget();
        s.pass(24h);
        expect_told(s.pay(w, "1"), told_paid);
        EXPECT_EQ(s.truth().charged_in_all(), (movements{2, 1000}));
        EXPECT_TRUE(s.truth().charged_twice().empty());
        EXPECT_EQ(s.requests(push_path(w)), 2);
        EXPECT_NE(s.truth().pushes()[0].out_trade_no, s.truth().pushes()[1].out_trade_no);
    }
}

TEST(MoneyCase, Case12_ACancelledNumberStartsNothing)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        case_shop s;
        s.cloud().plan(shopper{.does = act::walks_away, .after = 100min});
        const auto line = command(w, "A1");
        s.say(line);
        ASSERT_TRUE(s.until_state("A1", "on_terminal"));
        s.say("cancel order=A1");
        expect_told(s.end_of("A1"), told_cancelled);
        s.pass(24h);
        s.till().forget();
        expect_told(s.ask(s.till(), line), told_cancelled);
        EXPECT_EQ(s.requests(push_path(w)), 1);
        expect_end(s, "A1", {.state = "cancelled"});
    }
}

TEST(MoneyCase, Case13_ALostRefundIsLookedForAndNeverPushedAgain)
{
    for (const auto w : both_apis)
        for (const auto kind : {fault_kind::close, fault_kind::no_answer})
            for (const bool done : {true, false}) {
                SCOPED_TRACE(std::string{name_of(w)} + (done ? " done" : " not done"));
                case_shop s;
                expect_told(s.pay(w, "A1"), told_paid);
                s.cloud().plan(fault{.kind = kind, .path = "/refund", .done = done});
                s.say("refund order=R1 of=A1 amount=200");
                ASSERT_TRUE(s.until_state("R1", "in_doubt"));
                expect_told(s.refund("R2", "A1", 200), {"", "33", "yes"});
                const auto end = s.end_of("R1");
                if (done)
                    expect_told(end, told_refunded);
                else
                    EXPECT_NE(value_of(end, "state"), "refunded") << end;
                EXPECT_EQ(s.requests(refund_path(w)), 1);
                EXPECT_EQ(s.truth().refunded("A1"), (movements{done, done ? 200 : 0}));
                s.pass(27h);
                EXPECT_EQ(s.state("R1") == "paid", done);
                EXPECT_EQ(s.journal("R1")->needs, s.state("R1") == "unresolved" ? 4 : 0);
            }
}

TEST(MoneyCase, Case13_ACrashWhileRefundingLeavesOneRefund)
{
    for (const auto w : both_apis) {
        SCOPED_TRACE(name_of(w));
        case_shop s;
        expect_told(s.pay(w, "A1"), told_paid);
        s.cloud().plan(fault{.kind = fault_kind::no_answer, .path = "/refund"});
        s.say("refund order=R1 of=A1 amount=200");
        ASSERT_TRUE(s.until([&] { return s.requests(refund_path(w)) == 1; }));
        s.restart();
        s.reconnect();
        ASSERT_TRUE(s.until_state("R1", "paid"));
        EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));
        EXPECT_EQ(s.requests(refund_path(w)), 1);
    }
}

TEST(MoneyCase, Case13_AnAcknowledgedRefundIsNotARefund)
{
    case_shop s;
    expect_told(s.pay(way::terminal, "A1"), told_paid);
    s.cloud().plan(shopper{.does = act::walks_away});
    s.say("refund order=R1 of=A1 amount=200");
    ASSERT_TRUE(s.until_state("R1", "on_terminal"));
    s.pass(60s);
    EXPECT_EQ(s.till().count("result order=R1"), 0U);
    expect_told(s.end_of("R1"), told_expired);
    EXPECT_EQ(s.truth().refunded("A1").count, 0);
}

TEST(MoneyCase, Case14_PartialRefundsAddUpAndNeverToMoreThanWasPaid)
{
    for (const auto w : both_apis) {
        SCOPED_TRACE(name_of(w));
        case_shop s;
        expect_told(s.pay(w, "A1"), told_paid);
        s.cloud().plan(shopper{.after = 20s});
        s.say("refund order=R1 of=A1 amount=200");
        ASSERT_TRUE(s.until([&] { return s.requests(refund_path(w)) == 1; }));
        expect_told(s.refund("R2", "A1", 300), {"", "33", "yes"});
        expect_told(s.end_of("R1"), told_refunded);
        expect_told(s.refund("R3", "A1", 301), {"", "35", "yes"});
        expect_told(s.refund("R4", "A1", 300), told_refunded);
        expect_told(s.refund("R5", "A1", 1), {"", "35", "yes"});
        EXPECT_EQ(s.truth().refunded("A1"), (movements{2, 500}));
        EXPECT_EQ(s.requests(refund_path(w)), 2);
    }
}

TEST(MoneyCase, Case14_PartOfACardPaymentOfTheSameDayIsRefusedHere)
{
    case_shop s;
    s.say("pay order=A1 amount=500 channel=card_payment");
    expect_told(s.end_of("A1"), told_paid);
    expect_told(s.refund("R1", "A1", 200), {"", "35", "yes"});
    EXPECT_EQ(s.requests("/ecr/v1/refund/async"), 0);
    s.pass(24h);
    expect_told(s.refund("R2", "A1", 200), told_refunded);
    EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));
}

TEST(MoneyCase, Case15_TheCashierCannotChangeTheAmountOnTheTerminal)
{
    case_shop s;
    expect_told(s.pay(way::terminal, "A1"), told_paid);
    s.cloud().plan(shopper{.modified_amount = 450});
    const auto end = s.refund("R1", "A1", 200);
    expect_told(end, told_refunded);
    EXPECT_EQ(value_of(end, "amount"), "200");
    EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));
}

TEST(MoneyCase, Case16_ARefundAlwaysNamesItsAmount)
{
    for (const auto w : both_apis) {
        SCOPED_TRACE(name_of(w));
        case_shop s;
        expect_told(s.pay(w, "A1"), told_paid);
        expect_told(s.refund("R1", "A1", 200), told_refunded);
        EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));
        s.say("refund order=R2 of=A1 all=yes");
        const auto end = s.end_of("R2");
        expect_told(end, told_refunded);
        EXPECT_EQ(value_of(end, "amount"), "300");
        EXPECT_EQ(s.truth().pushes().back().amount_minor_units, 300);
        EXPECT_EQ(s.truth().refunded("A1"), (movements{2, 500}));
    }
}

TEST(MoneyCase, Case17_AProcessingRefundIsPendingAcrossMidnightAndMonthEnd)
{
    using std::chrono::year;
    struct refund_case {
        way w;
        const char* reply;
    };
    for (const auto& [w, reply] : {refund_case{way::terminal, "code_0000"},
                                   {way::scanned, "code_1143"},
                                   {way::scanned, "code_2999"}}) {
        SCOPED_TRACE(std::string{name_of(w)} + ' ' + reply);
        const std::string setting = reply;
        case_shop s{{.cloud =
                         [&](simulator::settings& c) {
                             EXPECT_EQ(set_by_name(c, "trade_refund_reply", setting), "");
                         },
                     .start = before_midnight(year{2027} / 1 / 1, 33min)}};
        expect_told(s.pay(w, "A1"), told_paid);
        s.cloud().plan(w == way::terminal ? shopper{.does = act::slow_result, .late = 60min}
                                          : shopper{.after = 60min});
        const auto end = s.refund("R1", "A1", 200);
        expect_told(end, told_in_doubt);
        EXPECT_EQ(s.state("R1"), "in_doubt");
        ASSERT_TRUE(s.until([&] { return s.truth().refunded("A1").count == 1; }, 2h));
        EXPECT_TRUE(s.until_state("R1", "paid", 10min));
        s.pass(24h);
        EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));
        EXPECT_EQ(s.requests(refund_path(w)), 1);
    }
}

TEST(MoneyCase, Case18_ARefusalThatMayMeanTheFirstTryWorkedIsLookedInto)
{
    for (const auto w : both_apis)
        for (const char* code : {"1264", "1262", "1125", "1272", "1136"})
            for (const bool done : {true, false}) {
                const bool known = std::string_view{code} != "1136";  // else it is not there at all
                if (done && !known) continue;
                SCOPED_TRACE(std::string{name_of(w)} + ' ' + code + (done ? " done" : ""));
                case_shop s;
                expect_told(s.pay(w, "A1"), told_paid);
                s.cloud().plan(fault{
                    .kind = fault_kind::respcd, .path = "/refund", .done = done, .respcd = code});
                const auto end = s.refund("R1", "A1", 200);
                expect_told(end, done ? told_refunded : told{"rejected", "13", "yes"});
                EXPECT_EQ(s.truth().refunded("A1").count, done ? 1 : 0);
                EXPECT_EQ(s.state("R1"), done ? "paid" : "rejected");
                EXPECT_EQ(s.requests(refund_path(w)), 1);
            }
}

TEST(MoneyCase, Case19_ARefundAtNightWaitsForTheMorningWithTheSameNumber)
{
    for (const auto w : both_apis) {
        SCOPED_TRACE(name_of(w));
        case_shop s{{.start = before_midnight(std::chrono::year{2026} / 11 / 19, 25min)}};
        expect_told(s.pay(w, "A1"), told_paid);
        expect_told(s.refund("R1", "A1", 200), {"", "35", "yes"});
        EXPECT_EQ(s.requests(refund_path(w)), 0);
        s.say("refund order=R2 of=A1 amount=200 wait=yes");
        s.pass(30min);
        EXPECT_EQ(s.state("R2"), "accepted");
        EXPECT_EQ(s.requests(refund_path(w)), 0);
        expect_told(s.end_of("R2"), told_refunded);
        EXPECT_EQ(s.truth().times_pushed("R2"), 1);
        EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));
    }
}

TEST(MoneyCase, Case19_ARefundThatTheCloudPutsOffIsKnownNotToBeDone)
{
    for (const auto w : both_apis)
        for (const char* code : {"1265", "1269"}) {
            SCOPED_TRACE(std::string{name_of(w)} + ' ' + code);
            case_shop s;
            expect_told(s.pay(w, "A1"), told_paid);
            s.cloud().plan(fault{
                .kind = fault_kind::respcd, .path = "/refund", .done = false, .respcd = code});
            expect_told(s.refund("R1", "A1", 200), {"rejected", "13", "yes"});
            expect_told(s.refund("R2", "A1", 200), told_refunded);
            EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));
        }
}

TEST(MoneyCase, Case20_AnUndoThatGaveMoneyBackIsSaidToHave)
{
    for (const auto w : {way::scanned, way::shown}) {
        SCOPED_TRACE(name_of(w));
        case_shop s{{.cloud = [](simulator::settings& c) {
            c.close_on_paid = simulator::close_on_paid::returns_money;
            c.reversal_on_paid = simulator::reversal_on_paid::returns_money;
        }}};
        s.cloud().plan(shopper{.after = 20min});
        s.cloud().plan_undo("A1", {.respcd = "0000", .payer_is_faster = true});
        s.say(command(w, "A1"));
        ASSERT_TRUE(s.until_state("A1", "on_terminal"));
        const auto asked = s.requests(query_path(w));
        s.say("cancel order=A1");
        const auto undo = w == way::scanned ? "/trade/v1/reversal" : "/trade/v1/close";
        ASSERT_TRUE(s.until([&] { return s.requests(undo) > 0; }));
        EXPECT_GT(s.requests(query_path(w)), asked) << "asked before it acted";
        const auto end = s.end_of("A1");
        expect_told(end, told_cancelled);
        EXPECT_NE(end.find("back"), std::string::npos) << end;
        EXPECT_EQ(s.truth().reversed("A1"), (movements{1, 500}));
        expect_end(s, "A1", {.state = "cancelled", .charges = 1, .refunded = 500});
    }
}

TEST(MoneyCase, Case21_WhereNothingCanBeClosedItsTimeIsWaitedFor)
{
    for (const bool pays : {true, false}) {
        case_shop s;
        s.cloud().plan(shopper{.does = pays ? act::pays_at_the_last_moment : act::walks_away});
        s.say("qr order=A1 amount=500 channel=payme");
        ASSERT_TRUE(s.until_state("A1", "on_terminal"));
        s.say("cancel order=A1");
        s.pass(20min);
        EXPECT_EQ(s.till().count("result order=A1"), 0U);
        const auto end = s.end_of("A1");
        EXPECT_EQ(value_of(end, "state") == "paid", pays) << end;
        EXPECT_EQ(value_of(end, "safe_to_retry"), pays ? "no" : "yes") << end;
        EXPECT_EQ(s.requests("/trade/v1/close") + s.requests("/trade/v1/reversal"), 0);
        EXPECT_EQ(s.charged("A1").count, pays ? 1 : 0);
    }
}

TEST(MoneyCase, Case21_ACloudThatKnowsNoCloseForItIsNoEndEither)
{
    for (const char* answer : {"code_1297", "no_syssn"})
        for (const bool pays : {true, false}) {
            SCOPED_TRACE(answer);
            const std::string setting = answer;
            case_shop s{{.cloud = [&](simulator::settings& c) {
                c.undo_support = simulator::undo_support::cam;
                EXPECT_EQ(set_by_name(c, "undo_unsupported", setting), "");
            }}};
            s.cloud().plan(shopper{.does = pays ? act::pays_at_the_last_moment : act::walks_away});
            s.say("qr order=A1 amount=500 channel=union");
            ASSERT_TRUE(s.until_state("A1", "on_terminal"));
            s.say("cancel order=A1");
            s.pass(20min);
            EXPECT_GT(s.requests("/trade/v1/close"), 0);
            EXPECT_EQ(s.till().count("result order=A1"), 0U);
            const auto end = s.end_of("A1");
            EXPECT_EQ(value_of(end, "state") == "paid", pays) << end;
            EXPECT_EQ(value_of(end, "safe_to_retry"), pays ? "no" : "yes") << end;
            EXPECT_EQ(s.charged("A1").count, pays ? 1 : 0);
        }
}

TEST(MoneyCase, Case22_AShownCodeThatIsPaidAfterItsTimeIsFound)
{
    case_shop s;
    s.cloud().plan(shopper{.does = act::pays_late, .late = 20min});
    expect_told(s.pay(way::shown, "A1", "timeout=300"), told_cancelled);
    EXPECT_EQ(s.charged("A1").count, 0);
    ASSERT_TRUE(s.until([&] { return s.charged("A1").count == 1; }, 1h));
    EXPECT_TRUE(s.until_state("A1", "paid", 6min));
    expect_end(s, "A1", {.state = "paid", .charges = 1, .needs = 1});
}

TEST(MoneyCase, Case22_AShownCodeThatIsPaidAtTheLastMomentIsPaid)
{
    case_shop s;
    s.cloud().plan(shopper{.does = act::pays_at_the_last_moment});
    expect_told(s.pay(way::shown, "A1", "timeout=300"), told_paid);
    expect_end(s, "A1", {.state = "paid", .charges = 1});
}

}  // namespace
}  // namespace ecr::test
