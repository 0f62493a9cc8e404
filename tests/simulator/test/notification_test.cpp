#include "tests/simulator/test/notified_client.hpp"
#include "tests/simulator/test/trade_shop.hpp"

#include <gtest/gtest.h>

namespace ecr::simulator {
namespace {

std::string md5_of(const std::string& body, std::string_view key = test_client_key)
{
    return protocol::cloud::body_signature(body, key, protocol::cloud::sign_algorithm::md5);
}

struct notified_shop : trade_shop {
    notified_shop() { sim.behaviour().notify_url = client_side.url(); }

    [[nodiscard]] json body(std::size_t which) const
    {
        return parse_json(client_side.seen().at(which).body).value_or(json{});
    }
    [[nodiscard]] std::string numbers() const
    {
        std::string text;
        for (std::size_t i = 0; i < client_side.seen().size(); ++i)
            text += (i ? " " : "") + body(i).at("out_trade_no").get<std::string>();
        return text;
    }

    notified_client client_side{io};
};

TEST(NotificationTest, APaymentIsToldAsTheDocumentsShowIt)
{
    notified_shop s;
    const auto syssn = s.trade_paid("A1", 511);
    ASSERT_EQ(s.client_side.seen().size(), 1U);
    const auto& seen = s.client_side.seen()[0];
    EXPECT_EQ(seen.target, "/notify");
    EXPECT_EQ(seen.content_type, "application/json");
    EXPECT_EQ(seen.sign, md5_of(seen.body));
    EXPECT_TRUE(
        seen.body.starts_with("{\"status\": \"1\", \"pay_type\": \"800208\", \"sysdtm\": "));
    const auto body = s.body(0);
    EXPECT_EQ(body.at("notify_type"), "payment");
    EXPECT_EQ(body.at("out_trade_no"), "A1");
    EXPECT_EQ(body.at("syssn"), syssn);
    EXPECT_EQ(body.at("txamt"), "511");
    EXPECT_EQ(body.at("txcurrcd"), "HKD");
    EXPECT_EQ(s.sim.truth().notifications_answered(), 1);
}

TEST(NotificationTest, ATerminalsPaymentIsToldToo)
{
    notified_shop s;
    const auto syssn = s.paid("T1", 100, "card_payment");
    ASSERT_EQ(s.client_side.seen().size(), 1U);
    EXPECT_EQ(s.body(0).at("syssn"), syssn);
    EXPECT_EQ(s.body(0).at("pay_type"), "802801");
}

TEST(NotificationTest, ATerminalsRefundIsACancelWithANumberOfTheirs)
{
    notified_shop s;
    const auto syssn = s.paid("T1");
    s.refund(syssn, "60", "R1");
    s.pass(10s);
    ASSERT_EQ(s.client_side.seen().size(), 2U);
    const auto body = s.body(1);
    EXPECT_EQ(body.at("notify_type"), "cancel");
    EXPECT_EQ(body.at("orig_out_trade_no"), "T1");
    EXPECT_EQ(body.at("orig_syssn"), syssn);
    EXPECT_EQ(body.at("txamt"), "60");
    EXPECT_EQ(body.at("out_trade_no").get<std::string>().size(), 32U);
    EXPECT_FALSE(body.contains("pay_type"));
    EXPECT_FALSE(body.contains("paydtm"));
}

TEST(NotificationTest, ARefundOfTheApiHasItsOwnNumber)
{
    notified_shop s;
    s.trade_refund(s.trade_paid("A1"), "R1", 40);
    s.pass(5s);
    ASSERT_EQ(s.client_side.seen().size(), 2U);
    EXPECT_EQ(s.body(1).at("notify_type"), "refund");
    EXPECT_EQ(s.body(1).at("out_trade_no"), "R1");
    EXPECT_EQ(s.body(1).at("txamt"), "40");
}

TEST(NotificationTest, ADeclineIsNotTold)
{
    notified_shop s;
    s.sim.plan({.does = act::declines});
    s.trade_pay("A1");
    s.pass(1min);
    EXPECT_TRUE(s.client_side.seen().empty());
}

TEST(NotificationTest, AreRepeatedUntilTheAnswerIsSuccess)
{
    notified_shop s;
    s.client_side.answer_with(200, "success");
    s.trade_pay("A1");
    s.pass(1s);
    const milliseconds ladder[] = {2min, 10min, 10min, 60min, 2h, 6h, 15h};
    std::size_t expected = 1;
    EXPECT_EQ(s.client_side.seen().size(), expected);
    for (const auto step : ladder) {
        s.pass(step - 2s);
        EXPECT_EQ(s.client_side.seen().size(), expected) << "too early";
        s.pass(2s);
        EXPECT_EQ(s.client_side.seen().size(), ++expected);
    }
    s.pass(48h);
    EXPECT_EQ(s.client_side.seen().size(), expected) << "the ladder has an end";
    EXPECT_EQ(s.sim.truth().notifications_answered(), 0);
    EXPECT_EQ(s.sim.truth().notifications().back().attempt, 8);
}

TEST(NotificationTest, StopAfterSuccess)
{
    notified_shop s;
    s.client_side.answer_with(500, "SUCCESS");
    s.trade_pay("A1");
    s.pass(1s);
    s.client_side.answer_with(200, "SUCCESS");
    s.pass(24h);
    EXPECT_EQ(s.client_side.seen().size(), 2U);
    EXPECT_EQ(s.sim.truth().notifications_answered(), 1);
}

TEST(NotificationTest, TheUrlOfARequestWins)
{
    notified_shop s;
    auto parameters = trade_shop::payment_form("A1");
    parameters.emplace_back("notify_url", s.client_side.url("/mine"));
    s.call(trade_payment_path, parameters);
    s.pass(5s);
    ASSERT_EQ(s.client_side.seen().size(), 1U);
    EXPECT_EQ(s.client_side.seen()[0].target, "/mine");
}

TEST(NotificationTest, NeverLeaveThisMachine)
{
    trade_shop s;
    s.sim.behaviour().notify_url = "http://192.0.2.1:80/x";
    s.trade_pay("A1");
    s.pass(1min);
    EXPECT_TRUE(s.sim.truth().notifications().empty());
}

TEST(NotificationTest, HaveAKeyOfTheirOwnWhenTheSettingSaysSo)
{
    notified_shop s;
    s.sim.behaviour().notification_key = "K2";
    s.trade_paid("A1");
    ASSERT_EQ(s.client_side.seen().size(), 1U);
    EXPECT_EQ(s.client_side.seen()[0].sign, md5_of(s.client_side.seen()[0].body, "K2"));
}

TEST(NotificationTest, MayBeForgedAlteredOrUnsigned)
{
    notified_shop s;
    for (const auto kind : {notice::forged, notice::altered_amount, notice::unsigned_body})
        s.sim.plan(notice_plan{.kind = kind});
    for (const auto number : {"A1", "A2", "A3"})
        s.trade_paid(number, 100);
    ASSERT_EQ(s.client_side.seen().size(), 3U);
    const auto& seen = s.client_side.seen();
    EXPECT_NE(seen[0].sign, md5_of(seen[0].body));
    EXPECT_EQ(s.body(0).at("txamt"), "100");
    EXPECT_NE(seen[1].sign, md5_of(seen[1].body));
    EXPECT_EQ(s.body(1).at("txamt"), "101");
    EXPECT_EQ(seen[2].sign, "");
}

TEST(NotificationTest, MayBeOfATypeNobodyKnowsOrOf2016)
{
    notified_shop s;
    s.sim.plan(notice_plan{.kind = notice::unknown_type});
    s.sim.plan(notice_plan{.kind = notice::style_2016});
    s.trade_paid("A1");
    s.trade_paid("A2");
    ASSERT_EQ(s.client_side.seen().size(), 2U);
    EXPECT_EQ(s.body(0).at("notify_type"), "instalment");
    EXPECT_TRUE(s.body(1).contains("respmesg"));
    EXPECT_FALSE(s.body(1).contains("notify_type"));
    for (const auto& seen : s.client_side.seen())
        EXPECT_EQ(seen.sign, md5_of(seen.body));
}

TEST(NotificationTest, MayComeTwice)
{
    notified_shop s;
    s.sim.plan(notice_plan{.kind = notice::twice});
    s.trade_paid("A1");
    EXPECT_EQ(s.numbers(), "A1 A1");
}

TEST(NotificationTest, MayComeInAnotherOrder)
{
    notified_shop s;
    s.sim.plan(notice_plan{.kind = notice::reordered});
    s.trade_paid("A1");
    s.trade_paid("A2");
    EXPECT_EQ(s.numbers(), "A2 A1");
}

TEST(NotificationTest, MayBeLateOrLost)
{
    notified_shop s;
    s.sim.plan(notice_plan{.kind = notice::late, .delay = 5min});
    s.sim.plan(notice_plan{.kind = notice::lost});
    s.trade_paid("A1");
    s.trade_paid("A2");
    EXPECT_EQ(s.numbers(), "");
    s.pass(5min);
    EXPECT_EQ(s.numbers(), "A1");
    s.pass(48h);
    EXPECT_EQ(s.numbers(), "A1");
}

TEST(NotificationTest, AResetForgetsWhatIsStillToBeTold)
{
    notified_shop s;
    s.client_side.answer_with(500, "");
    s.trade_pay("A1");
    s.pass(1s);
    s.sim.reset();
    s.pass(48h);
    EXPECT_EQ(s.client_side.seen().size(), 1U);
}

TEST(NotificationTest, EveryKindIsReadBack)
{
    for (int i = 0; name_of(static_cast<notice>(i)) != "?"; ++i)
        EXPECT_EQ(notice_of(name_of(static_cast<notice>(i))), static_cast<notice>(i));
    EXPECT_EQ(notice_of("unsigned"), notice::unsigned_body);
    EXPECT_FALSE(notice_of("loud"));
}

}  // namespace
}  // namespace ecr::simulator
