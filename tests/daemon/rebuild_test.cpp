// The journal is lost, and QFPay's records bring back what can be refunded.
#include "tests/daemon/shop/shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::movements;
using testing::HasSubstr;

const std::string rebuild_today = "rebuild from=20261118";
const std::string reconcile_today = "reconcile from=20261118";

class RebuildTest : public testing::Test {
protected:
    void say_and_wait(const std::string& line, const std::string& number, const std::string& state)
    {
        till_->say(line);
        const auto result = shop_.result_of(*till_, number);
        EXPECT_EQ(value_of(result, "state"), state) << line << "\n" << result;
    }

    void lose_journal()
    {
        till_.reset();
        shop_.lose_journal();
        till_ = shop_.tcp_till();
    }

    shop shop_;
    std::unique_ptr<sample_till> till_ = shop_.tcp_till();
};

TEST_F(RebuildTest, EverythingThatWasPaidCanBeRefundedAgain)
{
    for (const auto* channel : {"wx", "alipay", "payme", "union", "card_payment"})
        say_and_wait(std::string{"pay order=T-"} + channel + " amount=500 channel=" + channel,
                     std::string{"T-"} + channel, "paid");
    say_and_wait("scan order=D1 amount=700 auth_code=134857903088557001", "D1", "paid");
    say_and_wait("scan order=D2 amount=900 auth_code=134857903088557002", "D2", "paid");
    say_and_wait("refund order=R1 of=T-wx amount=200", "R1", "refunded");
    say_and_wait("refund order=R2 of=D1 amount=300", "R2", "refunded");
    shop_.cloud().plan_order("NO", {.does = act::declines});
    say_and_wait("pay order=NO amount=500 channel=wx", "NO", "declined");

    lose_journal();
    ASSERT_FALSE(shop_.journal("T-wx"));
    const auto end = shop_.ask(*till_, rebuild_today);
    EXPECT_EQ(value_of(end, "restored"), "9") << end;
    EXPECT_EQ(value_of(end, "left"), "0");
    EXPECT_EQ(till_->count("row", "kind=restored"), 9U);
    EXPECT_FALSE(shop_.journal("NO"));
    EXPECT_EQ(value_of(shop_.ask(*till_, reconcile_today), "differences"), "0");

    // Not more than what is left, and that in full.
    till_->say("refund order=X1 of=T-wx amount=301");
    EXPECT_THAT(shop_.result_of(*till_, "X1"), HasSubstr("code=35"));
    std::int64_t given_back = 500;
    for (const auto& [number, left] :
         std::vector<std::pair<std::string, int>>{{"T-wx", 300},
                                                  {"T-alipay", 500},
                                                  {"T-payme", 500},
                                                  {"T-union", 500},
                                                  {"T-card_payment", 500},
                                                  {"D1", 400},
                                                  {"D2", 900}}) {
        say_and_wait(
            "refund order=B-" + number + " of=" + number + " amount=" + std::to_string(left),
            "B-" + number, "refunded");
        given_back += left;
    }
    EXPECT_EQ(shop_.truth().charged_in_all().sum_minor_units, given_back);
    EXPECT_EQ(shop_.truth().refunded("T-wx"), (movements{2, 500}));
    EXPECT_EQ(shop_.truth().refunded("D1"), (movements{2, 700}));
    EXPECT_EQ(value_of(shop_.ask(*till_, reconcile_today), "differences"), "0");
}

TEST_F(RebuildTest, TheSecondTimeItDoesNothing)
{
    say_and_wait("pay order=A1 amount=500 channel=wx", "A1", "paid");
    say_and_wait("refund order=R1 of=A1 amount=200", "R1", "refunded");
    EXPECT_EQ(value_of(shop_.ask(*till_, rebuild_today), "restored"), "0");  // nothing was lost
    lose_journal();
    EXPECT_EQ(value_of(shop_.ask(*till_, rebuild_today), "restored"), "2");
    const auto again = shop_.ask(*till_, rebuild_today);
    EXPECT_EQ(value_of(again, "restored"), "0") << again;
    EXPECT_EQ(value_of(again, "asked"), "0");
    EXPECT_EQ(value_of(again, "left"), "0");
}

TEST_F(RebuildTest, WhatWasKeyedInAndWhatWasPaidTwiceGetNumbersOfTheirOwn)
{
    const auto now = shop_.time().wall();
    const auto keyed = shop_.cloud().plant({.out_trade_no = "", .sysdtm = now, .termid = "T1"});
    say_and_wait("pay order=A1 amount=500 channel=wx", "A1", "paid");
    const auto second = shop_.cloud().plant_again(shop_.journal("A1")->syssn);
    ASSERT_TRUE(keyed && second);
    const auto end = shop_.ask(*till_, rebuild_today);
    EXPECT_EQ(value_of(end, "restored"), "2") << end;
    EXPECT_EQ(shop_.journal("keyed-" + *keyed)->state, "paid");
    EXPECT_EQ(shop_.journal("again-" + *second)->state, "paid");
    say_and_wait("refund order=R1 of=keyed-" + *keyed + " amount=100", "R1", "refunded");
    say_and_wait("refund order=R2 of=again-" + *second + " amount=500", "R2", "refunded");
    EXPECT_EQ(value_of(shop_.ask(*till_, rebuild_today), "restored"), "0");
    // That it was paid twice stays true.
    EXPECT_EQ(value_of(shop_.ask(*till_, reconcile_today), "differences"), "1");
}

// A row without a number, while an order of the same amount is on a terminal: it may be that one.
TEST_F(RebuildTest, ALiveOrderIsNotRestoredASecondTime)
{
    shop_.cloud().plan_order("A1", {.does = act::walks_away});
    till_->say("pay order=A1 amount=500 channel=wx");
    shop_.until([&] { return !till_->last("progress", "on_terminal").empty(); });
    const auto keyed = shop_.cloud().plant({.out_trade_no = "",
                                            .sysdtm = shop_.time().wall(),
                                            .amount_minor_units = 500,
                                            .termid = "T2"});
    const auto asker = shop_.tcp_till();
    const auto end = shop_.ask(*asker, rebuild_today);
    EXPECT_EQ(value_of(end, "restored"), "0") << end;
    EXPECT_EQ(value_of(end, "left"), "1");
    EXPECT_THAT(asker->last("row", "kind=restored"), HasSubstr("A1"));
    EXPECT_FALSE(shop_.journal("keyed-" + *keyed));
    EXPECT_EQ(value_of(shop_.result_of(*till_, "A1"), "state"), "expired");
}

TEST_F(RebuildTest, AKnownOrderThatWasPaidLateIsAskedAboutAndNotMovedByTheList)
{
    shop_.cloud().plan_order("A1", {.does = act::pays_late, .late = milliseconds{7'200'000}});
    say_and_wait("pay order=A1 amount=500 channel=wx", "A1", "expired");
    shop_.until([&] { return shop_.truth().charged("A1").count == 1; }, 3h);
    // Unless the watch has been faster.
    const bool watched = shop_.journal("A1")->state == "paid";
    const auto end = shop_.ask(*till_, rebuild_today);
    EXPECT_EQ(value_of(end, "restored"), "0") << end;
    EXPECT_EQ(value_of(end, "asked"), watched ? "0" : "1");
    EXPECT_TRUE(shop_.until([&] { return shop_.journal("A1")->state == "paid"; }, 1min));
}

TEST_F(RebuildTest, ARefundWhosePaymentIsOlderIsLeftAndSaidSo)
{
    const auto payment = shop_.cloud().plant(
        {.out_trade_no = "OLD", .sysdtm = parse_cloud_time("2026-10-02 12:00:00").value()});
    shop_.cloud().plant({.out_trade_no = "R-OLD",
                         .sysdtm = shop_.time().wall(),
                         .amount_minor_units = 40,
                         .refund_of = *payment});
    const auto end = shop_.ask(*till_, rebuild_today);
    EXPECT_EQ(value_of(end, "restored"), "0") << end;
    EXPECT_EQ(value_of(end, "left"), "1");
    EXPECT_THAT(till_->last("row", "state=left"), HasSubstr("earlier day"));
    EXPECT_EQ(value_of(shop_.ask(*till_, "rebuild from=20261001 to=20261118"), "restored"), "2");
}

TEST_F(RebuildTest, ACloudThatFailsHalfwayLosesNothing)
{
    for (int i = 0; i < 5; ++i)
        say_and_wait("pay order=A" + std::to_string(i) + " amount=500 channel=wx",
                     "A" + std::to_string(i), "paid");
    lose_journal();
    shop_.cloud().plan(
        {.kind = simulator::fault_kind::status, .path = "/ecr/v1/query", .count = -1, .skip = 2});
    const auto failed = shop_.ask(*till_, rebuild_today);
    EXPECT_TRUE(failed.starts_with("error")) << failed;
    EXPECT_THAT(failed, HasSubstr("restored so far: 2"));
    shop_.cloud().clear_faults();
    EXPECT_EQ(value_of(shop_.ask(*till_, rebuild_today), "restored"), "3");
    EXPECT_EQ(value_of(shop_.ask(*till_, reconcile_today), "differences"), "0");
}

}  // namespace
}  // namespace ecr::test
