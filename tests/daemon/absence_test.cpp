// A bridge that was switched off for long, and what others do meanwhile.
#include "tests/daemon/shop/shop.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::movements;
using simulator::shopper;

void start_payment(shop& s, sample_till& till, const std::string& order)
{
    till.say("pay order=" + order + " amount=500");
    ASSERT_TRUE(s.until([&] { return till.count("progress", "on_terminal") > 0; }));
}

TEST(AbsenceTest, AnOrderLeftOnTheTerminalIsDoubtedNotFatal)
{
    shop s{{.cloud = [](simulator::settings& c) {
        c.ended_unpaid = simulator::ended_unpaid::no_row;
    }}};
    s.cloud().plan(shopper{.does = act::walks_away});
    const auto till = s.tcp_till();
    start_payment(s, *till, "A1");
    s.away(10min);
    s.pass(1min);
    EXPECT_EQ(s.journal("A1")->state, "in_doubt");
    s.pass(27h);
    EXPECT_EQ(s.journal("A1")->state, "unresolved");
    s.restart();
    EXPECT_EQ(s.journal("A1")->state, "unresolved");
}

TEST(AbsenceTest, AWeekendAwayLosesNoPayment)
{
    shop s;
    const auto till = s.tcp_till();
    start_payment(s, *till, "A1");
    s.away(48h);
    EXPECT_TRUE(s.until([&] { return s.journal("A1")->state == "paid"; }, 5min));
}

TEST(AbsenceTest, AWeekendAwayLosesNoLatePayment)
{
    shop s;
    s.cloud().plan(shopper{.does = act::pays_late, .late = milliseconds{7'200'000}});
    const auto till = s.tcp_till();
    start_payment(s, *till, "A1");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "expired");
    s.away(48h);
    EXPECT_TRUE(s.until([&] { return s.journal("A1")->state == "paid"; }, 1h));
    EXPECT_EQ(s.journal("A1")->needs, 1);
}

// A row without a number is ours by its time, and the order's last step is minutes younger than its
// push.
TEST(AbsenceTest, AStopNearTheEndHidesNoLatePayment)
{
    shop s{{.cloud = [](simulator::settings& c) {
        c.row_number = simulator::row_number::empty_always;
        c.ended_unpaid = simulator::ended_unpaid::no_row;
    }}};
    s.cloud().plan(shopper{.does = act::pays_late, .late = 1h});
    const auto till = s.tcp_till();
    start_payment(s, *till, "A1");
    ASSERT_TRUE(s.until([&] { return s.truth().cancels().size() == 1; }, 10min));
    s.pass(1s);
    s.restart();
    EXPECT_TRUE(s.until([&] { return s.journal("A1")->state == "expired"; }, 10min));
    s.pass(3h);
    EXPECT_EQ(s.journal("A1")->state, "paid");
    EXPECT_EQ(s.journal("A1")->needs, 1);
}

TEST(AbsenceTest, AnAnswerToBeConfirmedIsAskedForAgainInGoodTime)
{
    shop s;
    s.cloud().plan(shopper{.does = act::declines, .respcd = "1205"});
    const auto till = s.tcp_till();
    start_payment(s, *till, "A1");
    s.away(48h);
    const auto before = s.truth().requests_in_all();
    EXPECT_TRUE(s.until([&] { return s.journal("A1")->state == "declined"; }, 5min));
    EXPECT_LE(s.truth().requests_in_all() - before, 3);
}

TEST(AbsenceTest, AQuestionLiftsWhatWasUnresolved)
{
    shop s;
    s.cloud().plan(
        fault{.kind = fault_kind::row_respcd, .path = "query", .count = -1, .respcd = "1298"});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    s.pass(27h);
    ASSERT_EQ(s.journal("A1")->state, "unresolved");
    s.cloud().clear_faults();
    EXPECT_EQ(value_of(s.ask(*till, "query order=A1"), "state"), "paid");
    EXPECT_EQ(s.journal("A1")->state, "paid");
}

TEST(AbsenceTest, ARefundThatEndedDoesNotTakeALaterOneForItsOwn)
{
    shop s{{.cloud = [](simulator::settings& c) {
        c.refund_out_trade_no = simulator::refund_out_trade_no::refused_1103;
    }}};
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    s.result_of(*till, "A1");
    s.cloud().plan(shopper{.does = act::walks_away});
    till->say("refund order=R1 of=A1 amount=200");
    ASSERT_EQ(value_of(s.result_of(*till, "R1", 15min), "state"), "expired");
    till->say("refund order=R2 of=A1 amount=200");
    ASSERT_EQ(value_of(s.result_of(*till, "R2", 15min), "state"), "refunded");
    s.pass(26h);
    EXPECT_EQ(s.journal("R1")->state, "expired");
    EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));
}

TEST(OtherEyesTest, AnOperatorWhoLooksIsNoProofOfDelivery)
{
    shop s;
    const auto till = s.tcp_till();
    s.ask(*till, "hello till=lane1");
    till->say("pay amount=500");
    ASSERT_TRUE(s.until([&] { return till->count("progress", "on_terminal") > 0; }));
    const auto number = value_of(till->last("accepted"), "order");
    till->hang_up();
    s.pass(20s);

    const auto desk = s.tcp_till();
    s.ask(*desk, "hello till=office");
    EXPECT_EQ(value_of(s.ask(*desk, "show order=" + number), "state"), "paid");
    s.ask(*desk, "ping");

    const auto back = s.tcp_till();
    s.ask(*back, "hello till=lane1");
    EXPECT_EQ(value_of(s.ask(*back, "pay amount=500"), "earlier"), "yes");
    EXPECT_EQ(s.truth().charged_in_all(), (movements{1, 500}));
}

TEST(CancelReplyTest, NeverSaysThatARunningOrPaidSaleMayBeRungAgain)
{
    shop s;
    const auto till = s.tcp_till();
    start_payment(s, *till, "A1");
    EXPECT_EQ(value_of(s.ask(*till, "cancel order=A1"), "safe_to_retry"), "no");
    s.pass(1min);
    start_payment(s, *till, "A2");
    s.result_of(*till, "A2");
    const auto late = s.ask(*till, "cancel order=A2");
    EXPECT_EQ(value_of(late, "state"), "paid") << late;
    EXPECT_EQ(value_of(late, "safe_to_retry"), "no");
    EXPECT_EQ(value_of(s.ask(*till, "cancel"), "safe_to_retry"), "no");
}

/// A sale without a number whose till is gone before it hears the end.
void sell_to_nobody(shop& s)
{
    const auto till = s.tcp_till();
    till->say("pay amount=500");
    ASSERT_TRUE(s.until([&] { return till->count("progress", "on_terminal") > 0; }));
    till->hang_up();
    ASSERT_TRUE(s.until([&] { return s.truth().charged_in_all().count == 1; }));
    s.pass(10s);
}

TEST(AbsenceTest, ASaleThatNobodyHeardOfIsNotMadeAgainAfterAPowerCut)
{
    for (const auto off : {milliseconds{1min}, milliseconds{10min}, milliseconds{50min}}) {
        shop s;
        sell_to_nobody(s);
        s.away(off);
        const auto till = s.tcp_till();
        const auto again = s.ask(*till, "pay amount=500");
        EXPECT_EQ(value_of(again, "state"), "paid") << again;
        EXPECT_EQ(value_of(again, "earlier"), "yes") << again;
        EXPECT_EQ(s.truth().charged_in_all(), (movements{1, 500})) << off.count();
    }
}

TEST(AbsenceTest, TheFirstCustomerOfTheNextDayIsNotShownTheLastSaleOfTheDayBefore)
{
    shop s;
    sell_to_nobody(s);
    s.away(12h);
    const auto till = s.tcp_till();
    const auto sale = s.ask(*till, "pay amount=500");
    EXPECT_EQ(value_of(sale, "earlier"), "") << sale;
    EXPECT_EQ(s.truth().charged_in_all(), (movements{2, 1000}));
}

TEST(AbsenceTest, ASaleThatNobodyRepeatedInTimeIsNotOpenedAgainByAPowerCut)
{
    shop s;
    sell_to_nobody(s);
    s.pass(5min);
    s.away(10min);
    const auto till = s.tcp_till();
    const auto sale = s.ask(*till, "pay amount=500");
    EXPECT_EQ(value_of(sale, "earlier"), "") << sale;
    EXPECT_EQ(s.truth().charged_in_all(), (movements{2, 1000}));
}

}  // namespace
}  // namespace ecr::test
