#include "tests/simulator/test/trade_shop.hpp"

#include <gtest/gtest.h>

namespace ecr::simulator {
namespace {

std::string code_of(const json& answer)
{
    return answer.is_object() ? answer.value("respcd", "none") : "no answer";
}

TEST(TradeRefundTest, HasANumberAndARowOfItsOwn)
{
    trade_shop s;
    const auto syssn = s.trade_paid("A1");
    const auto reply = s.trade_refund(syssn, "R1", 40);
    EXPECT_EQ(code_of(reply), "0000");
    EXPECT_EQ(reply.at("orig_syssn"), syssn);
    const auto row = s.rows("R1").at(0);
    EXPECT_EQ(row.at("order_type"), "refund");
    EXPECT_EQ(row.at("origssn"), syssn);
    EXPECT_EQ(row.at("txamt"), "40");
    EXPECT_EQ(row.at("syssn"), reply.at("syssn"));
    EXPECT_EQ(s.row_states("A1"), "0000/5");
    EXPECT_EQ(s.sim.truth().refunded("A1"), (movements{1, 40}));
}

TEST(TradeRefundTest, PartsAddUpToThePayment)
{
    trade_shop s;
    const auto syssn = s.trade_paid("A1");
    EXPECT_EQ(code_of(s.trade_refund(syssn, "R1", 60)), "0000");
    EXPECT_EQ(code_of(s.trade_refund(syssn, "R2", 41)), "1272");
    EXPECT_EQ(code_of(s.trade_refund(syssn, "R3", 40)), "0000");
    EXPECT_EQ(code_of(s.trade_refund(syssn, "R4", 1)), "1264");
    EXPECT_EQ(s.row_states("A1"), "0000/3");
    EXPECT_EQ(s.sim.truth().refunded("A1"), (movements{2, 100}));
}

TEST(TradeRefundTest, ANumberIsNeverUsedTwice)
{
    trade_shop s;
    const auto syssn = s.trade_paid("A1");
    s.trade_refund(syssn, "R1", 10);
    for (const auto number : {"R1", "A1"}) {
        const auto reply = s.trade_refund(syssn, number, 10);
        EXPECT_EQ(code_of(reply), "1251");
        EXPECT_EQ(reply.at("orig_syssn"), syssn);
        EXPECT_FALSE(reply.contains("syssn"));
    }
    EXPECT_EQ(s.sim.truth().refunded("A1").count, 1);
}

TEST(TradeRefundTest, IsPendingWhenTheCashierHasATime)
{
    trade_shop s;
    const auto syssn = s.trade_paid("A1");
    s.sim.plan_order("R1", {.after = 20s});
    EXPECT_EQ(code_of(s.trade_refund(syssn, "R1")), "1143");
    EXPECT_EQ(s.row_states("R1"), "1143/0");
    EXPECT_EQ(code_of(s.trade_refund(syssn, "R2", 10)), "1198") << "one at a time";
    s.pass(25s);
    EXPECT_EQ(s.row_states("R1"), "0000/0");
    EXPECT_EQ(s.sim.truth().refunded("A1"), (movements{1, 100}));
}

TEST(TradeRefundTest, PendingMayFailInTheEnd)
{
    trade_shop s;
    const auto syssn = s.trade_paid("A1");
    s.sim.plan_order("R1", {.does = act::declines, .after = 20s, .respcd = "1269"});
    EXPECT_EQ(code_of(s.trade_refund(syssn, "R1")), "1143");
    s.pass(25s);
    EXPECT_EQ(s.row_states("R1"), "1269/0");
    EXPECT_EQ(code_of(s.trade_refund(syssn, "R2")), "0000") << "the payment is free again";
}

TEST(TradeRefundTest, APlannedRefusalIsInTheReply)
{
    trade_shop s;
    const auto syssn = s.trade_paid("A1");
    s.sim.plan_order("R1", {.does = act::declines, .respcd = "1269"});
    EXPECT_EQ(code_of(s.trade_refund(syssn, "R1")), "1269");
    EXPECT_EQ(s.sim.truth().refunded("A1").count, 0);
}

TEST(TradeRefundTest, ACardOfTheSameDayGetsAllOrNothing)
{
    trade_shop s;
    const auto syssn = s.trade_paid("A1", 100, "802801");
    EXPECT_EQ(code_of(s.trade_refund(syssn, "R1", 50)), "1124");
    const auto reply = s.trade_refund(syssn, "R2", 100);
    EXPECT_EQ(code_of(reply), "0000");
    EXPECT_EQ(reply.at("respmsg"), "Void received");
    const auto other = s.trade_paid("A2", 100, "802801");
    s.pass(24h);
    EXPECT_EQ(code_of(s.trade_refund(other, "R3", 50)), "0000");
}

TEST(TradeRefundTest, OctopusAndTheNightAreRefused)
{
    trade_shop s;
    const auto octopus = s.trade_paid("A1", 100, "803701");
    const auto wallet = s.trade_paid("A2");
    EXPECT_EQ(code_of(s.trade_refund(octopus, "R1")), "1199");
    s.pass(8h + 35min);  // 23:35 at QFPay
    EXPECT_EQ(code_of(s.trade_refund(wallet, "R2")), "1265");
    s.pass(1h);
    EXPECT_EQ(code_of(s.trade_refund(wallet, "R3")), "0000");
}

TEST(TradeRefundTest, WhatIsNotThereOrNotPaidIsRefused)
{
    trade_shop s;
    EXPECT_EQ(code_of(s.trade_refund("20240704999", "R1")), "1136");
    s.sim.plan({.does = act::walks_away});
    const auto unpaid = s.trade_pay("A1", 100, "800201").at("syssn");
    EXPECT_EQ(code_of(s.trade_refund(unpaid, "R2")), "1261");
    EXPECT_EQ(s.respcd(trade_refund_path, {{"syssn", "S"}, {"txamt", "1"}}), "1103");
}

TEST(TradeRefundTest, ATerminalsPaymentIsRefundedByItsSyssn)
{
    trade_shop s;
    const auto syssn = s.paid("T1");
    EXPECT_EQ(code_of(s.trade_refund(syssn, "R1", 30)), "0000");
    EXPECT_EQ(s.ask_syssn(syssn).at("respmsg").at("allow_refund_amt"), 70);
    EXPECT_EQ(s.sim.truth().refunded("T1"), (movements{1, 30}));
}

TEST(TradeRefundTest, IsNotInTheMonthThatFollows)
{
    // The field's report: a refund that was asked about at 00:03 on the 1st was not there.
    trade_shop s{{}, timestamp{std::chrono::sys_days{std::chrono::year{2024} / 7 / 31} + 12h}};
    const auto syssn = s.trade_paid("A1");
    s.sim.plan_order("R1", {.after = 6h});
    s.trade_refund(syssn, "R1");
    s.pass(4h + 3min);  // 00:03 at QFPay
    EXPECT_EQ(s.row_states("R1"), "none");
    const form july{{"out_trade_no", "R1"},
                    {"start_time", "2024-07-01 00:00:00"},
                    {"end_time", "2024-07-31 23:59:59"}};
    EXPECT_EQ(s.query(july).at("data").at(0).at("respcd"), "1143");
    s.pass(3h);
    EXPECT_EQ(s.query(july).at("data").at(0).at("respcd"), "0000");
}

}  // namespace
}  // namespace ecr::simulator
