#include "protocol/receipt/receipt.hpp"

#include "protocol/receipt/text_columns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecr::protocol {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using enum till::text_encoding;

order paid_order()
{
    order o;
    o.out_trade_no = "A1001";
    o.till = "lane-1";
    o.till_order = "A1001";
    o.terminal = "235C0503";
    o.via = channel::card_payment;
    o.amount_minor_units = 1'234'56;
    o.state = order_state::paid;
    o.facts = {.syssn = "20240704000300020081082001",
               .respcd = "0000",
               .sysdtm = "2024-07-04 15:14:25",
               .chnlsn = "419",
               .card = "476173******0119",
               .card_scheme = "VISA"};
    return o;
}

std::vector<std::string> lines(const order& o, receipt_paper paper,
                               const receipt_circumstances& how = {})
{
    auto made = receipt_of(o, paper, how);
    EXPECT_TRUE(made);
    return made ? *made : std::vector<std::string>{};
}

TEST(ReceiptTest, InAsciiOnNarrowPaper)
{
    EXPECT_THAT(lines(paid_order(), {.columns = 32, .encoding = ascii}),
                ElementsAre("        PAYMENT RECEIPT",           //
                            "--------------------------------",  //
                            "Order                      A1001",  //
                            "Time         2024-07-04 15:14:25",  //
                            "Till                      lane-1",  //
                            "Terminal                235C0503",  //
                            "Paid by                     Card",  //
                            "Card       VISA 476173******0119",  //
                            "Trans.",                            //
                            "      20240704000300020081082001",  //
                            "Ref.                         419",  //
                            "--------------------------------",  //
                            "TOTAL                HKD 1234.56",  //
                            "--------------------------------"));
}

TEST(ReceiptTest, InTraditionalChineseForBig5)
{
    const auto made = lines(paid_order(), {.columns = 40, .encoding = big5});
    EXPECT_EQ(made.at(0), "                付款收據");
    EXPECT_THAT(made, testing::Contains("合計 TOTAL                   HKD 1234.56"));
    EXPECT_THAT(made, testing::Contains("付款方式 Paid by             信用卡 Card"));
}

TEST(ReceiptTest, InSimplifiedChineseForGbk)
{
    const auto made = lines(paid_order(), {.columns = 48, .encoding = gbk});
    EXPECT_THAT(made, testing::Contains("合计 TOTAL                           HKD 1234.56"));
    EXPECT_THAT(made, testing::Contains("流水号 Trans.         20240704000300020081082001"));
}

TEST(ReceiptTest, ARefundNamesItsPayment)
{
    auto o = paid_order();
    o.kind = order_kind::refund;
    o.of = "A0999";
    const auto made = lines(o, {.columns = 32, .encoding = ascii});
    EXPECT_THAT(
        made, testing::IsSupersetOf({"         REFUND RECEIPT", "Refund of                  A0999",
                                     "REFUNDED             HKD 1234.56"}));
}

TEST(ReceiptTest, OnlyMoneyThatMovedHasOne)
{
    auto o = paid_order();
    for (const auto state : {order_state::accepted, order_state::sending, order_state::on_terminal,
                             order_state::in_doubt, order_state::declined, order_state::cancelled,
                             order_state::expired, order_state::rejected, order_state::unresolved,
                             order_state::resolved}) {
        o.state = state;
        EXPECT_FALSE(receipt_of(o, {}, {})) << name_of(state);
    }
    o.resolved_paid = true;
    EXPECT_THAT(lines(o, {.columns = 32, .encoding = ascii}).back(),
                HasSubstr("Confirmed by staff"));
}

TEST(ReceiptTest, MoneyThatWentBackIsNoPayment)
{
    auto o = paid_order();
    const receipt_paper paper{.columns = 32, .encoding = ascii};
    const auto says_so = testing::AllOf(testing::Contains("   NOT PAID - MONEY WENT BACK").Times(2),
                                        testing::Contains("        PAYMENT RECEIPT"));
    EXPECT_THAT(lines(o, paper, {.returned = true}), says_so);
    o.needs = attention::returned;
    EXPECT_THAT(lines(o, paper), says_so);
    EXPECT_THAT(lines(o, {.columns = 40, .encoding = big5}).at(2), HasSubstr("款項已退回"));
}

TEST(ReceiptTest, WhatWasRefundedIsSaid)
{
    const receipt_paper paper{.columns = 32, .encoding = ascii};
    EXPECT_THAT(
        lines(paid_order(), paper, {.refunded_minor_units = 1'000'00}),
        testing::IsSupersetOf({"        PARTLY REFUNDED", "TOTAL                HKD 1234.56",
                               "REFUNDED             HKD 1000.00"}));
    EXPECT_THAT(lines(paid_order(), paper, {.refunded_minor_units = 1'234'56}),
                testing::Contains("         FULLY REFUNDED"));
}

TEST(ReceiptTest, ARehearsalCannotBeMistakenForMoney)
{
    EXPECT_THAT(lines(paid_order(), {.columns = 32, .encoding = ascii}, {.rehearsal = true}).at(0),
                HasSubstr("NO MONEY MOVED"));
    for (const auto& line : lines(paid_order(), {.columns = 32, .encoding = ascii}))
        EXPECT_THAT(line, Not(HasSubstr("REHEARSAL")));
}

TEST(ReceiptTest, NoLineIsWiderThanThePaper)
{
    auto o = paid_order();
    o.till_order = std::string(64, 'X');
    o.terminal = "收銀處一號終端機，請勿移動";
    o.facts.chnlsn = "4200002348202407041234567890 12345678901234567890";
    for (const auto encoding : {ascii, utf8, gbk, gb18030, big5})
        for (const int columns : {32, 40, 48})
            for (const auto via : {channel::wx, channel::alipay, channel::payme, channel::union_qr,
                                   channel::fps, channel::octopus, channel::other}) {
                o.via = via;
                for (const auto& line : lines(o, {.columns = columns, .encoding = encoding},
                                              {.rehearsal = true, .returned = true})) {
                    EXPECT_LE(columns_of(line, encoding), static_cast<std::size_t>(columns))
                        << line;
                    EXPECT_FALSE(line.ends_with(' ')) << line;
                }
            }
}

}  // namespace
}  // namespace ecr::protocol
