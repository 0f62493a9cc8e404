// Legacy tills on bad links: noise, acknowledgements that are lost, late or doubled, tills that
// drop out or do not wait.
#include "tests/daemon/shop/dialect_commands.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::movements;
using simulator::shopper;

class RoughHypercomTest : public testing::TestWithParam<wire_kind> {};

TEST_P(RoughHypercomTest, EveryCommandWithNoiseAroundIt)
{
    hypercom_shop s{GetParam(), refunds_by_reference};
    auto till = s.till();
    for (const auto& c : every_hypercom_command()) {
        till.send("\xFFnoise\x1C\x03 ");
        till.send(hypercom_till::frame_of(c.code, c.with) + "\x7F\x04more noise");
        EXPECT_EQ(s.answer(till).status, c.status) << c.code;
    }
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{3, 600}));
    movements back{};
    for (const auto& moved : s.world.truth().movements_of_money())
        if (moved.refund) {
            ++back.count;
            back.sum_minor_units += moved.amount_minor_units;
        }
    EXPECT_EQ(back, (movements{2, 300}));
    EXPECT_EQ(till.broken(), 0);
}

TEST_P(RoughHypercomTest, ALostAcknowledgementCostsARepeatOnly)
{
    hypercom_shop s{GetParam()};
    auto till = s.till();
    till.lose_acks(2);
    EXPECT_EQ(s.sell(till, 500).status, "00");
    s.world.pass(10s);
    EXPECT_EQ(till.responses().size(), 3U);  // the same, until one was acknowledged
    EXPECT_EQ(till.responses()[2].field("65"), "000001");
    EXPECT_EQ(s.answer(till).field("65"), "000001");
    EXPECT_EQ(s.answer(till).field("65"), "000001");
    EXPECT_EQ(s.sell(till, 500).field("65"), "000002");  // the next customer
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{2, 1000}));
}

TEST_P(RoughHypercomTest, DoubledAndLateAcknowledgementsBelongToTheirOwnResponse)
{
    hypercom_shop s{GetParam()};
    auto till = s.till();
    till.acknowledge_times(3);
    EXPECT_EQ(s.sell(till, 500).field("65"), "000001");
    s.world.pass(1s);
    till.acknowledge_times(1);
    till.lose_acks(1);
    EXPECT_EQ(s.sell(till, 600).field("65"), "000002");
    s.world.pass(1500ms);
    till.send("\x06");  // late
    s.world.pass(10s);
    EXPECT_EQ(till.responses().size(), 2U);
    EXPECT_EQ(s.sell(till, 600).field("65"), "000003");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{3, 1700}));
}

TEST_P(RoughHypercomTest, ATillThatNeverAcknowledgesIsGivenUpAndHeardAgain)
{
    hypercom_shop s{GetParam()};
    auto till = s.till(false);
    EXPECT_EQ(s.sell(till, 500).status, "00");
    s.world.pass(30s);
    EXPECT_EQ(till.responses().size(), 4U);  // response_tries
    for (int repeats = 0; repeats < 3; ++repeats)
        EXPECT_EQ(s.answer(till).field("65"), "000001");
    // It may have heard none of them: the same sale is that sale.
    EXPECT_EQ(s.sell(till, 500).field("02").substr(0, 13), "EARLIER SALE:");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 500}));
}

TEST_P(RoughHypercomTest, ACommandThatComesTooEarlyEndsTheOneBefore)
{
    hypercom_shop s{GetParam()};
    s.world.cloud().plan(shopper{.after = 20s});
    auto till = s.till();
    till.sell(500);
    ASSERT_TRUE(s.pushed());
    EXPECT_EQ(s.ask(till, "71").status, "TO");  // and the sale's own response never comes
    s.world.pass(1min);
    EXPECT_EQ(till.responses().size(), 1U);
    EXPECT_EQ(s.ask(till, "71").status, "00");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 500}));
}

TEST_P(RoughHypercomTest, AFrameThatIsDroppedInTheMiddleIsNoCommand)
{
    hypercom_shop s{GetParam()};
    const auto frame = hypercom_till::frame_of("20", {{"40", "000000000500"}});
    for (std::size_t at = 1; at < frame.size(); ++at) {
        auto till = s.till();
        till.send(frame.substr(0, at));
        s.world.pass(100ms);
        till.hang_up();
        s.world.pass(2s);  // on a port the next till's bytes would join them
    }
    EXPECT_EQ(s.world.orders_in_journal(), 0U);
    auto till = s.till();
    EXPECT_EQ(s.sell(till, 500).status, "00");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 500}));
}

INSTANTIATE_TEST_SUITE_P(Wires, RoughHypercomTest,
                         testing::Values(wire_kind::tcp, wire_kind::tls, wire_kind::pty),
                         testing::PrintToStringParamName());

qfpay_local_till::content enquiry(const std::string& number)
{
    return {{"func_type", "4001"}, {"out_trade_no", '"' + number + '"'}};
}

class RoughQfpayWireTest : public testing::TestWithParam<wire_kind> {};

TEST_P(RoughQfpayWireTest, ARequestThatIsDroppedInTheMiddleIsNone)
{
    qfpay_shop s{GetParam()};
    for (std::size_t at = 1;; at += 7) {
        auto till = s.till();
        const auto bytes = till.bytes_of(every_qfpay_request()[0]);
        if (at >= bytes.size()) break;
        till.send(bytes.substr(0, at));
        s.world.pass(100ms);
        till.hang_up();
        s.world.pass(6s);
    }
    EXPECT_EQ(s.world.orders_in_journal(), 0U);
    auto till = s.till();
    EXPECT_EQ(s.pay(till, "5", "A1").respcd, "6000");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 500}));
}

INSTANTIATE_TEST_SUITE_P(Wires, RoughQfpayWireTest,
                         testing::Values(wire_kind::http, wire_kind::https, wire_kind::tcp,
                                         wire_kind::tls, wire_kind::pty),
                         testing::PrintToStringParamName());

class RoughQfpayLocalTest : public testing::TestWithParam<wire_kind> {};

TEST_P(RoughQfpayLocalTest, NoiseBeforeAndBetweenRequestsIsNoRequest)
{
    qfpay_shop s{GetParam()};
    auto till = s.till();
    const bool frames = GetParam() == wire_kind::pty;
    for (const auto& what : every_qfpay_request()) {
        till.send(frames ? "\xFF\x2F noise \x6E" : "\r\n\r\n  \r\n");
        till.ask(what);
        EXPECT_EQ(s.answer(till).respcd, "6000") << what.at("func_type");
    }
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 500}));
}

TEST_P(RoughQfpayLocalTest, ACancelIsHeardWhileThePaymentRuns)
{
    qfpay_shop s{GetParam()};
    s.world.cloud().plan(shopper{.does = simulator::act::walks_away});
    auto payer = s.till();
    payer.pay("5", "A1");
    ASSERT_TRUE(s.pushed());
    s.world.pass(5s);
    payer.ask({{"func_type", "5001"}});
    EXPECT_EQ(s.answer(payer).respcd, "6000");  // the wish was passed on
    EXPECT_EQ(s.answer(payer).respcd, "6001");  // and came true
    EXPECT_EQ(s.world.truth().charged("A1"), (movements{0, 0}));
}

TEST_P(RoughQfpayLocalTest, TheNextRequestMayComeBeforeTheAnswer)
{
    qfpay_shop s{GetParam()};
    s.world.cloud().plan(shopper{.after = 20s});
    auto till = s.till();
    till.pay("5", "A1");
    ASSERT_TRUE(s.pushed());
    till.ask(enquiry("A1"));
    EXPECT_EQ(s.answer(till).respcd, "4005");  // the enquiry overtakes
    EXPECT_EQ(s.answer(till).respcd, "6000");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 500}));
}

INSTANTIATE_TEST_SUITE_P(Wires, RoughQfpayLocalTest,
                         testing::Values(wire_kind::tcp, wire_kind::tls, wire_kind::pty),
                         testing::PrintToStringParamName());

TEST(RoughQfpaySerialTest, ALostAcknowledgementCostsARepeatOnly)
{
    qfpay_shop s{wire_kind::pty};
    auto till = s.till();
    till.lose_acks(2);
    EXPECT_EQ(s.pay(till, "5", "A1").respcd, "6000");
    s.world.pass(20s);
    EXPECT_EQ(till.answers().size(), 1U);
    till.acknowledge_times(3);
    EXPECT_EQ(s.ask(till, enquiry("A1")).respcd, "6000");
    till.acknowledge_times(1);
    EXPECT_EQ(s.pay(till, "6", "A2").respcd, "6000");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{2, 1100}));
}

TEST(RoughQfpaySerialTest, ATillThatNeverAcknowledgesIsGivenUpAndHeardAgain)
{
    qfpay_shop s{wire_kind::pty};
    auto till = s.till();
    till.lose_acks(1000);
    EXPECT_EQ(s.pay(till, "5", "A1").respcd, "6000");
    s.world.pass(30s);
    EXPECT_EQ(s.ask(till, enquiry("A1")).respcd, "6000");
    EXPECT_EQ(s.pay(till, "5", "A1").respcd, "6000");  // the same payment
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 500}));
}

}  // namespace
}  // namespace ecr::test
