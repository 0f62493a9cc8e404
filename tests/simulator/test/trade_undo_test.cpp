#include "tests/simulator/test/trade_shop.hpp"

#include <gtest/gtest.h>

namespace ecr::simulator {
namespace {

std::string code_of(const json& answer)
{
    return answer.is_object() ? answer.value("respcd", "none") : "no answer";
}

void unpaid(trade_shop& s, const std::string& number, const std::string& pay_type,
            act does = act::walks_away)
{
    s.sim.plan_order(number, {.does = does});
    s.trade_pay(number, 100, pay_type);
}

TEST(TradeUndoTest, ACloseEndsAnUnpaidOrder)
{
    trade_shop s;
    unpaid(s, "A1", "800201");
    const auto reply = s.undo(trade_close_path, "A1");
    EXPECT_EQ(code_of(reply), "0000");
    EXPECT_NE(reply.at("syssn"), reply.at("orig_syssn"));
    EXPECT_EQ(s.row_states("A1"), "1142/2");
    EXPECT_EQ(code_of(s.undo(trade_close_path, "A1")), "1142");
    s.pass(2h);
    EXPECT_EQ(s.row_states("A1"), "1142/2");
    EXPECT_EQ(s.sim.truth().charged_in_all().count, 0);
}

TEST(TradeUndoTest, AReversalEndsAPendingCustomersCode)
{
    trade_shop s;
    unpaid(s, "A1", "800208");
    EXPECT_EQ(code_of(s.undo(trade_reversal_path, "A1")), "0000");
    EXPECT_EQ(s.row_states("A1"), "1142/1");
    EXPECT_EQ(code_of(s.undo(trade_reversal_path, "A1")), "1263");
}

TEST(TradeUndoTest, MoneyThatComesBackIsInTheLedger)
{
    trade_shop s{{.reversal_on_paid = reversal_on_paid::returns_money}};
    s.trade_paid("A1");
    const auto reply = s.undo(trade_reversal_path, "A1");
    EXPECT_EQ(code_of(reply), "0000");
    EXPECT_EQ(s.row_states("A1"), "0000/1");
    EXPECT_EQ(s.sim.truth().charged("A1"), (movements{1, 100}));
    EXPECT_EQ(s.sim.truth().reversed("A1"), (movements{1, 100}));
    EXPECT_TRUE(s.query({{"syssn", reply.at("syssn").get<std::string>()}}).at("data").empty())
        << "a reversal's own number has no row";
    EXPECT_EQ(code_of(s.trade_refund(reply.at("orig_syssn"), "R1")), "1264");
}

TEST(TradeUndoTest, AnOnlineCardIsVoidedUnderEverySetting)
{
    trade_shop s;
    s.trade_paid("A1", 100, "802801");
    EXPECT_EQ(code_of(s.undo(trade_reversal_path, "A1")), "0000");
    EXPECT_EQ(s.sim.truth().reversed("A1").count, 1);
}

TEST(TradeUndoTest, TheShopperMayBeFaster)
{
    trade_shop s;
    s.sim.plan_undo("A1", {.respcd = "0000", .payer_is_faster = true});
    unpaid(s, "A1", "800201");
    EXPECT_EQ(code_of(s.undo(trade_close_path, "A1")), "1260");
    EXPECT_EQ(s.row_states("A1"), "0000/0");
    EXPECT_EQ(s.sim.truth().charged("A1").count, 1);
    EXPECT_EQ(s.sim.truth().reversed("A1").count, 0);
}

TEST(TradeUndoTest, APlannedOneIsPendingAndDoneLater)
{
    trade_shop s;
    s.sim.plan_undo("", {.respcd = "1145", .after = 30s});
    unpaid(s, "A1", "800208");
    EXPECT_EQ(code_of(s.undo(trade_reversal_path, "A1")), "1145");
    EXPECT_EQ(s.row_states("A1"), "1143/0");
    s.pass(31s);
    EXPECT_EQ(s.row_states("A1"), "1142/1");
}

TEST(TradeUndoTest, APlannedOneMayNeverHappen)
{
    trade_shop s;
    s.sim.plan_undo("A1", {.respcd = "0000", .happens = false});
    unpaid(s, "A1", "800208");
    EXPECT_EQ(code_of(s.undo(trade_reversal_path, "A1")), "0000");
    s.pass(1min);
    EXPECT_EQ(s.row_states("A1"), "1143/0");
}

TEST(TradeUndoTest, ALateSuccessBeatsAReversal)
{
    trade_shop s;
    unpaid(s, "A1", "800208", act::pays_late);
    s.undo(trade_reversal_path, "A1");
    EXPECT_EQ(s.row_states("A1"), "1142/1");
    s.pass(1min);
    EXPECT_EQ(s.row_states("A1"), "0000/0");
    EXPECT_EQ(s.sim.truth().charged("A1").count, 1);
}

TEST(TradeUndoTest, AWalletAtWorkReturnsTheMoneyWhenItIsThere)
{
    trade_shop s{{.reversal_on_paid = reversal_on_paid::returns_money}};
    s.sim.plan_order("A1", {.does = act::slow_result, .after = 1s, .late = 60s});
    s.trade_pay("A1");
    s.pass(5s);
    EXPECT_EQ(code_of(s.undo(trade_reversal_path, "A1")), "1145");
    s.pass(2min);
    EXPECT_EQ(s.row_states("A1"), "0000/1");
    EXPECT_EQ(s.sim.truth().reversed("A1").count, 1);
}

TEST(TradeUndoTest, WhatDoesNotFitIsRefused)
{
    trade_shop s;
    EXPECT_EQ(code_of(s.undo(trade_close_path, "A9")), "1136");
    unpaid(s, "A1", "800201");
    EXPECT_EQ(code_of(s.undo(trade_close_path, "A1", 99)), "1266");
    EXPECT_EQ(s.respcd(trade_close_path, {{"txamt", "100"}, {"txdtm", "2024-07-04 15:00:00"}}),
              "1103");
    EXPECT_EQ(s.respcd(trade_close_path, {{"out_trade_no", "A1"}, {"txamt", "100"}}), "1103");
    EXPECT_EQ(s.row_states("A1"), "1143/0");
    const auto syssn = s.trade_paid("A2");
    s.trade_refund(syssn, "R1", 40);
    s.sim.behaviour().reversal_on_paid = reversal_on_paid::returns_money;
    EXPECT_EQ(code_of(s.undo(trade_reversal_path, "A2")), "1262");
    EXPECT_EQ(s.sim.truth().refunded("A2"), (movements{1, 40}));
}

TEST(TradeUndoTest, EachTableKnowsItsOwnTypes)
{
    struct support_case {
        undo_support table;
        std::string pay_type;
        const char* path;
        bool known;
    };
    using enum undo_support;
    // clang-format off
    const support_case cases[] = {
        {newz, "800201", trade_close_path,    true},
        {newz, "800208", trade_close_path,    false},
        {newz, "800208", trade_reversal_path, true},
        {newz, "800201", trade_reversal_path, false},
        {newz, "801501", trade_reversal_path, false},
        {d24,  "800201", trade_close_path,    true},
        {d24,  "800101", trade_reversal_path, true},
        {d24,  "800708", trade_reversal_path, false},
        {cam,  "800208", trade_close_path,    true},
        {cam,  "800208", trade_reversal_path, false},
        {cam,  "800201", trade_reversal_path, true},
        {cam,  "800201", trade_close_path,    false},
    };
    // clang-format on
    for (const auto& c : cases) {
        trade_shop s{{.undo_support = c.table}};
        unpaid(s, "A1", c.pay_type);
        EXPECT_EQ(code_of(s.undo(c.path, "A1")), c.known ? "0000" : "1297")
            << static_cast<int>(c.table) << " " << c.pay_type << " " << c.path;
        EXPECT_EQ(s.row_states("A1").substr(0, 4), c.known ? "1142" : "1143");
    }
}

}  // namespace
}  // namespace ecr::simulator
