// The journal against QFPay's records, as an operator asks about it.
#include "tests/daemon/shop/shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::fault;
using simulator::fault_kind;
using simulator::planted_row;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string today = "reconcile from=20261118";
const std::string list_path = "/trade/v1/query";

timestamp at_qfpay(const std::string& text)
{
    return parse_cloud_time(text).value();
}

class RecordTest : public testing::Test {
protected:
    void open(shop_plan plan = {})
    {
        shop_ = std::make_unique<shop>(std::move(plan));
        till_ = shop_->tcp_till();
    }

    std::string pay(const std::string& number, const std::string& how = "pay")
    {
        // A customer's code is good for one payment.
        const auto code = std::to_string(134857903088557000 + next_code_++);
        const auto scanned = how == "scan" ? " auth_code=" + code : "";
        till_->say(how + " order=" + number + " amount=500 channel=wx" + scanned);
        const auto result = shop_->result_of(*till_, number);
        EXPECT_EQ(value_of(result, "state"), "paid") << result;
        return value_of(result, "syssn");
    }

    void refund(const std::string& number, const std::string& of, int amount)
    {
        till_->say("refund order=" + number + " of=" + of + " amount=" + std::to_string(amount));
        const auto result = shop_->result_of(*till_, number);
        EXPECT_EQ(value_of(result, "state"), "refunded") << result;
    }

    /// "what number ours theirs" of every difference that was told since the last call.
    std::vector<std::string> differences()
    {
        std::vector<std::string> all;
        for (const auto& line : till_->heard())
            if (line.starts_with("row") && value_of(line, "kind") == "difference")
                all.push_back(value_of(line, "what") + " " + value_of(line, "out_trade_no") + " " +
                              value_of(line, "ours") + " " + value_of(line, "theirs"));
        till_->forget();
        return all;
    }

    std::unique_ptr<shop> shop_;
    std::unique_ptr<sample_till> till_;
    std::int64_t next_code_ = 0;
};

TEST_F(RecordTest, AnHonestDayHasNoDifferences)
{
    open();
    pay("A1");
    pay("A2", "scan");
    refund("R1", "A1", 200);
    refund("R2", "A2", 500);
    till_->say("pay order=A3 amount=500 channel=wx");
    shop_->cloud().plan_order("A4", {.does = simulator::act::declines});
    shop_->result_of(*till_, "A3");
    till_->say("pay order=A4 amount=500 channel=wx");
    shop_->result_of(*till_, "A4");
    const auto end = shop_->ask(*till_, today);
    EXPECT_EQ(value_of(end, "what"), "reconcile") << end;
    EXPECT_EQ(value_of(end, "orders"), "6");
    EXPECT_EQ(value_of(end, "differences"), "0");
    EXPECT_EQ(value_of(end, "code"), "00");
    EXPECT_THAT(differences(), IsEmpty());
}

TEST_F(RecordTest, EveryKindOfDifferenceIsTold)
{
    open();
    auto& cloud = shop_->cloud();
    cloud.unplant(pay("GONE"));
    cloud.unplant(pay("GONE2", "scan"));
    cloud.alter_amount(pay("ALTERED"), 499);
    cloud.plant_again(pay("TWICE", "scan"));
    const auto given_back = pay("BACK");
    cloud.plant({.out_trade_no = "PORTAL",
                 .sysdtm = shop_->time().wall(),
                 .amount_minor_units = 500,
                 .refund_of = given_back});
    cloud.plant({.out_trade_no = "OTHER", .sysdtm = shop_->time().wall()});
    cloud.plant({.out_trade_no = "", .sysdtm = shop_->time().wall(), .termid = "T2"});
    pay("FINE");
    till_->forget();
    const auto end = shop_->ask(*till_, today);
    EXPECT_EQ(value_of(end, "differences"), "7") << end;
    auto told = differences();
    std::ranges::sort(told);
    EXPECT_THAT(told, ElementsAre("amount_differs ALTERED 500 499", "missing_here   100",
                                  "missing_here OTHER  100", "missing_there GONE 500 ",
                                  "missing_there GONE2 500 ", "paid_twice TWICE 500 500",
                                  "refunded_elsewhere BACK  500"));
}

// Some accounts do not list what terminals did: then each of their orders is asked about.
TEST_F(RecordTest, AnOrderThatOnlyTheTerminalsKnowIsNotMissing)
{
    open({.cloud = [](auto& settings) { settings.ecr_in_trade_lists = false; }});
    pay("A1");
    pay("A2", "scan");
    refund("R1", "A1", 200);
    shop_->cloud().unplant(pay("GONE"));
    till_->forget();
    const auto end = shop_->ask(*till_, today);
    EXPECT_EQ(value_of(end, "differences"), "1") << end;
    EXPECT_THAT(differences(), ElementsAre("missing_there GONE 500 "));
}

TEST_F(RecordTest, EveryPageOfEveryMonthIsRead)
{
    open();
    for (int i = 0; i < 250; ++i)
        shop_->cloud().plant({.out_trade_no = "OCT" + std::to_string(i),
                              .sysdtm = at_qfpay("2026-10-31 20:00:00") + std::chrono::seconds{i}});
    for (int i = 0; i < 130; ++i)
        shop_->cloud().plant({.out_trade_no = "NOV" + std::to_string(i),
                              .sysdtm = at_qfpay("2026-11-01 00:00:00") + std::chrono::seconds{i}});
    // Within the hour beyond each end: seen, and not reported.
    shop_->cloud().plant({.out_trade_no = "B", .sysdtm = at_qfpay("2026-10-29 23:59:59")});
    shop_->cloud().plant({.out_trade_no = "C", .sysdtm = at_qfpay("2026-11-02 00:00:00")});
    const auto before = shop_->truth().requests(list_path);
    const auto end = shop_->ask(*till_, "reconcile from=20261030 to=20261101");
    EXPECT_EQ(value_of(end, "cloud_rows"), "380") << end;
    EXPECT_EQ(value_of(end, "differences"), "380");
    EXPECT_EQ(differences().size(), 380U);
    EXPECT_EQ(shop_->truth().requests(list_path) - before, 3 + 2);
}

TEST_F(RecordTest, APageThatFailsIsAskedForAgain)
{
    open();
    for (int i = 0; i < 150; ++i)
        shop_->cloud().plant(
            {.out_trade_no = "P" + std::to_string(i), .sysdtm = at_qfpay("2026-11-17 12:00:00")});
    shop_->cloud().plan(fault{.kind = fault_kind::status, .path = list_path, .skip = 1});
    shop_->cloud().plan(fault{.kind = fault_kind::garbage, .path = list_path, .skip = 0});
    shop_->cloud().plan(fault{.kind = fault_kind::truncated, .path = list_path, .skip = 0});
    const auto end = shop_->ask(*till_, "reconcile from=20261117");
    EXPECT_EQ(value_of(end, "differences"), "150") << end;
}

TEST_F(RecordTest, NothingIsReportedFromHalfAList)
{
    open();
    for (int i = 0; i < 150; ++i)
        shop_->cloud().plant(
            {.out_trade_no = "P" + std::to_string(i), .sysdtm = at_qfpay("2026-11-17 12:00:00")});
    shop_->cloud().plan(
        fault{.kind = fault_kind::status, .path = list_path, .count = -1, .skip = 1});
    const auto end = shop_->ask(*till_, "reconcile from=20261117");
    EXPECT_TRUE(end.starts_with("error")) << end;
    EXPECT_EQ(value_of(end, "safe_to_retry"), "yes");
    EXPECT_THAT(end, HasSubstr("Page 2"));
    EXPECT_THAT(end, HasSubstr("HTTP 500"));
    EXPECT_THAT(differences(), IsEmpty());

    shop_->cloud().clear_faults();
    EXPECT_EQ(value_of(shop_->ask(*till_, "reconcile from=20261117"), "differences"), "150");
}

TEST_F(RecordTest, ACloudThatIsTooBusyIsWaitedFor)
{
    open();
    pay("A1");
    shop_->cloud().plan(
        fault{.kind = fault_kind::status, .path = list_path, .count = 3, .http_status = 429});
    const auto end = shop_->ask(*till_, today, 30min);
    EXPECT_EQ(value_of(end, "differences"), "0") << end;
}

TEST_F(RecordTest, ATillIsServedMeanwhileAndASecondOperatorIsNot)
{
    open();
    for (int i = 0; i < 2'000; ++i)
        shop_->cloud().plant(
            {.out_trade_no = "P" + std::to_string(i), .sysdtm = at_qfpay("2026-11-17 12:00:00")});
    const auto cashier = shop_->tcp_till();
    const auto operator_2 = shop_->tcp_till();
    const auto begun = shop_->truth().requests(list_path);
    till_->say("reconcile from=20261117");
    shop_->until([&] { return shop_->truth().requests(list_path) > begun; });
    const auto second = shop_->ask(*operator_2, "rebuild from=20261117");
    EXPECT_EQ(value_of(second, "code"), "33") << second;
    cashier->say("pay order=A1 amount=500 channel=wx");
    EXPECT_EQ(value_of(shop_->result_of(*cashier, "A1"), "state"), "paid");
    shop_->until([&] { return !till_->last("ok", "reconcile").empty(); });
    EXPECT_EQ(value_of(till_->last("ok"), "differences"), "2000");
    // Its place is free again.
    EXPECT_EQ(value_of(shop_->ask(*operator_2, "reconcile from=20261118"), "differences"), "0");
}

TEST_F(RecordTest, AStoppingBridgeEndsIt)
{
    open();
    shop_->cloud().plan(fault{.kind = fault_kind::status, .path = list_path, .count = -1});
    const auto begun = shop_->truth().requests(list_path);
    till_->say(today);
    shop_->until([&] { return shop_->truth().requests(list_path) > begun; });
    shop_->restart();  // throws when the bridge does not stop
    EXPECT_EQ(till_->last("ok"), "");
    EXPECT_THAT(differences(), IsEmpty());
    shop_->cloud().clear_faults();
    const auto till = shop_->tcp_till();
    EXPECT_EQ(value_of(shop_->ask(*till, today), "differences"), "0");
}

TEST_F(RecordTest, WhatIsOpenIsShownAsSuch)
{
    open();
    shop_->cloud().plan_order("A1", {.does = simulator::act::walks_away});
    till_->say("pay order=A1 amount=500 channel=wx");
    shop_->until([&] { return !till_->last("progress", "on_terminal").empty(); });
    const auto asker = shop_->tcp_till();
    const auto end = shop_->ask(*asker, today);
    EXPECT_EQ(value_of(end, "differences"), "0") << end;
    EXPECT_EQ(value_of(end, "open"), "1");
    EXPECT_EQ(value_of(asker->last("row", "kind=open"), "order"), "A1");
}

TEST_F(RecordTest, OnlyAnOperatorIsTold)
{
    open({.bridge = [](daemon::config& c) { c.links[0].operator_commands = false; }});
    for (const auto* verb : {"reconcile", "rebuild", "settlement"}) {
        const auto end = shop_->ask(*till_, std::string{verb} + " from=20261118");
        EXPECT_EQ(value_of(end, "code"), "34") << end;
    }
}

TEST_F(RecordTest, AStrangeMerchantAndTooManyDaysAreRefused)
{
    open();
    const auto end = shop_->ask(*till_, today + " merchant=nobody");
    EXPECT_EQ(value_of(end, "code"), "35") << end;
    EXPECT_THAT(end, HasSubstr("nobody"));
    const auto ages = shop_->ask(*till_, "reconcile from=20240101 to=20261118");
    EXPECT_EQ(value_of(ages, "code"), "35") << ages;
}

TEST_F(RecordTest, ASettlementIsShownWhereThereIsOne)
{
    open({.cloud = [](auto& s) { s.settlement = simulator::settlement::present; }});
    pay("A1");
    const auto end = shop_->ask(*till_, "settlement from=20261118");
    EXPECT_EQ(value_of(end, "what"), "settlement") << end;
    const auto row = till_->last("row", "kind=settlement");
    EXPECT_EQ(value_of(row, "date"), "20261118") << row;
    EXPECT_EQ(value_of(row, "settle_amount"), "500");
    till_->forget();
    (void)shop_->ask(*till_, today);
    EXPECT_EQ(till_->count("row", "kind=settlement"), 1U);
}

TEST_F(RecordTest, AnAccountWithoutSettlementsIsToldWhereToLook)
{
    open();
    pay("A1");
    const auto end = shop_->ask(*till_, "settlement from=20261118");
    EXPECT_TRUE(end.starts_with("ok")) << end;
    EXPECT_THAT(end, HasSubstr("merchant portal"));
    EXPECT_EQ(value_of(shop_->ask(*till_, today), "differences"), "0");
}

TEST_F(RecordTest, ASettlementThatCannotBeHadIsAnError)
{
    open();
    shop_->cloud().plan(fault{.kind = fault_kind::garbage, .path = "settlement", .count = -1});
    const auto end = shop_->ask(*till_, "settlement from=20261118");
    EXPECT_TRUE(end.starts_with("error")) << end;
}

}  // namespace
}  // namespace ecr::test
