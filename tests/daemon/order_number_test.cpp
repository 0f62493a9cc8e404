// The till's order number is the idempotency key; and what tills get that send none.
#include "tests/daemon/shop/shop.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::movements;

shop_plan with_numbers(daemon::numbering numbers)
{
    return {.bridge = [numbers](daemon::config& c) {
        for (auto& link : c.links)
            link.numbers = numbers;
    }};
}

TEST(OrderNumberTest, ARepeatAfterTheEndHearsTheOldResult)
{
    shop s;
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    const auto first = s.result_of(*till, "A1");
    const auto again = s.ask(*till, "pay order=A1 amount=500");
    EXPECT_EQ(value_of(again, "state"), "paid");
    EXPECT_EQ(value_of(again, "earlier"), "yes");
    EXPECT_EQ(value_of(again, "syssn"), value_of(first, "syssn"));
    EXPECT_EQ(s.truth().times_pushed("A1"), 1);
}

TEST(OrderNumberTest, ARepeatWhileItRunsWaitsWithIt)
{
    shop s;
    const auto one = s.tcp_till();
    one->say("pay order=A1 amount=500");
    ASSERT_TRUE(s.until([&] { return one->count("progress", "on_terminal") > 0; }));
    one->hang_up();
    const auto two = s.tcp_till();
    two->say("pay order=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*two, "A1"), "state"), "paid");
    EXPECT_EQ(s.truth().charged("A1"), (movements{1, 500}));
}

TEST(OrderNumberTest, TwoTillsSayingItAtOnceMakeOneOrder)
{
    shop s;
    const auto one = s.tcp_till();
    const auto two = s.tcp_till();
    one->say("pay order=A1 amount=500");
    two->say("pay order=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*one, "A1"), "state"), "paid");
    EXPECT_EQ(value_of(s.result_of(*two, "A1"), "state"), "paid");
    EXPECT_EQ(s.truth().times_pushed("A1"), 1);
}

TEST(OrderNumberTest, OtherContentIsRefused)
{
    shop s;
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    s.result_of(*till, "A1");
    for (const auto* other : {"pay order=A1 amount=501", "pay order=A1 amount=500 channel=alipay",
                              "pay order=A1 amount=500 terminal=back"}) {
        const auto answer = s.ask(*till, other);
        EXPECT_EQ(value_of(answer, "code"), "32") << other << ": " << answer;
        EXPECT_EQ(value_of(answer, "safe_to_retry"), "no");
    }
    EXPECT_EQ(s.truth().charged_in_all(), (movements{1, 500}));
}

TEST(OrderNumberTest, AnotherNamedTillIsRefused)
{
    shop s;
    const auto one = s.tcp_till();
    const auto two = s.tcp_till();
    s.ask(*one, "hello till=lane1");
    s.ask(*two, "hello till=lane2");
    one->say("pay order=1001 amount=500");
    EXPECT_EQ(value_of(s.result_of(*one, "1001"), "state"), "paid");
    // The same number by chance: telling lane 2 "paid" would give goods away.
    EXPECT_EQ(value_of(s.ask(*two, "pay order=1001 amount=500"), "code"), "32");
}

TEST(OrderNumberTest, ARestartKeepsTheResult)
{
    shop s;
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    s.result_of(*till, "A1");
    s.restart();
    const auto after = s.tcp_till();
    EXPECT_EQ(value_of(s.ask(*after, "pay order=A1 amount=500"), "state"), "paid");
    EXPECT_EQ(value_of(s.ask(*after, "status order=A1"), "state"), "paid");
    EXPECT_EQ(s.truth().times_pushed("A1"), 1);
}

TEST(OrderNumberTest, ARestartWhileTheShopperPaysFindsTheEnd)
{
    shop s;
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    ASSERT_TRUE(s.until([&] { return till->count("progress", "on_terminal") > 0; }));
    s.restart();
    const auto after = s.tcp_till();
    after->say("pay order=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*after, "A1"), "state"), "paid");
    EXPECT_EQ(s.truth().charged("A1"), (movements{1, 500}));
}

TEST(DailyNumberTest, TomorrowsNumberIsAnotherOrder)
{
    shop s{with_numbers(daemon::numbering::daily)};
    const auto till = s.tcp_till();
    EXPECT_EQ(value_of(s.ask(*till, "pay order=1 amount=500"), "state"), "paid");
    s.pass(24h);
    const auto next = s.ask(*till, "pay order=1 amount=500");
    EXPECT_EQ(value_of(next, "state"), "paid");
    EXPECT_EQ(value_of(next, "earlier"), "");
    EXPECT_EQ(s.truth().charged_in_all(), (movements{2, 1000}));
    EXPECT_EQ(s.truth().movements_of_money()[0].out_trade_no, "lan-127_0_0_1-20261118-1");
    EXPECT_EQ(s.truth().movements_of_money()[1].out_trade_no, "lan-127_0_0_1-20261119-1");
}

TEST(DailyNumberTest, ARepeatOverTheChangeOfDayIsTheSameOrder)
{
    auto plan = with_numbers(daemon::numbering::daily);
    plan.start = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 11 / 18}} + 19h + 59min +
                 30s;  // 03:59:30 in Hong Kong; the business day changes at 4
    shop s{plan};
    s.cloud().plan(simulator::shopper{.after = milliseconds{60'000}});
    const auto till = s.tcp_till();
    till->say("pay order=7 amount=500");
    ASSERT_TRUE(s.until([&] { return till->count("progress", "on_terminal") > 0; }));
    till->hang_up();
    s.pass(45s);
    const auto after = s.tcp_till();
    EXPECT_EQ(value_of(s.ask(*after, "pay order=7 amount=500"), "state"), "paid");
    EXPECT_EQ(s.truth().charged_in_all(), (movements{1, 500}));
}

TEST(NoNumberTest, TheNextCustomerWithTheSameAmountPaysToo)
{
    shop s;
    const auto till = s.tcp_till();
    const auto first = s.ask(*till, "pay amount=500");
    const auto second = s.ask(*till, "pay amount=500");
    EXPECT_EQ(value_of(second, "state"), "paid");
    EXPECT_EQ(value_of(second, "earlier"), "");
    EXPECT_NE(value_of(first, "order"), value_of(second, "order"));
    EXPECT_EQ(s.truth().charged_in_all(), (movements{2, 1000}));
}

TEST(NoNumberTest, ARepeatWhileItRunsIsTheSameSale)
{
    shop s;
    const auto one = s.tcp_till();
    one->say("pay amount=500");
    ASSERT_TRUE(s.until([&] { return one->count("progress", "on_terminal") > 0; }));
    one->hang_up();
    const auto two = s.tcp_till();
    const auto result = s.ask(*two, "pay amount=500");
    EXPECT_EQ(value_of(result, "state"), "paid");
    EXPECT_EQ(value_of(result, "earlier"), "yes");
    EXPECT_EQ(s.truth().charged_in_all(), (movements{1, 500}));
}

TEST(NoNumberTest, AReplyThatCouldNotBeDeliveredIsGivenToTheRepeat)
{
    shop s;
    const auto one = s.tcp_till();
    one->say("pay amount=500");
    ASSERT_TRUE(s.until([&] { return one->count("progress", "on_terminal") > 0; }));
    one->hang_up();
    s.pass(30s);
    ASSERT_EQ(s.truth().charged_in_all(), (movements{1, 500}));
    const auto two = s.tcp_till();
    const auto result = s.ask(*two, "pay amount=500");
    EXPECT_EQ(value_of(result, "state"), "paid");
    EXPECT_EQ(value_of(result, "earlier"), "yes");
    EXPECT_EQ(s.truth().charged_in_all(), (movements{1, 500}));

    // Now it was delivered: the next one is the next customer's.
    EXPECT_EQ(value_of(s.ask(*two, "pay amount=500"), "earlier"), "");
    EXPECT_EQ(s.truth().charged_in_all(), (movements{2, 1000}));
}

TEST(NoNumberTest, AfterTheWindowItIsANewSale)
{
    shop s;
    const auto one = s.tcp_till();
    one->say("pay amount=500");
    ASSERT_TRUE(s.until([&] { return one->count("progress", "on_terminal") > 0; }));
    one->hang_up();
    s.pass(5min);
    const auto two = s.tcp_till();
    EXPECT_EQ(value_of(s.ask(*two, "pay amount=500"), "earlier"), "");
    EXPECT_EQ(s.truth().charged_in_all(), (movements{2, 1000}));
}

TEST(NoNumberTest, NewMeansNew)
{
    shop s;
    const auto one = s.tcp_till();
    one->say("pay amount=500");
    ASSERT_TRUE(s.until([&] { return one->count("progress", "on_terminal") > 0; }));
    one->hang_up();
    const auto two = s.tcp_till();
    EXPECT_EQ(value_of(s.ask(*two, "pay amount=500 new=yes"), "earlier"), "");
    EXPECT_EQ(s.truth().charged_in_all(), (movements{2, 1000}));
}

TEST(NoNumberTest, OverAPortTheNextCommandProvesDelivery)
{
    shop s;
    const auto till = s.port_till();
    EXPECT_EQ(value_of(s.ask(*till, "pay amount=500"), "state"), "paid");
    s.ask(*till, "ping");
    EXPECT_EQ(value_of(s.ask(*till, "pay amount=500"), "earlier"), "");
    EXPECT_EQ(s.truth().charged_in_all(), (movements{2, 1000}));
}

}  // namespace
}  // namespace ecr::test
