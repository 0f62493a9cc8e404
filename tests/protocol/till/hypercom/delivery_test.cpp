#include "tests/protocol/till/hypercom/hypercom_till.hpp"

#include <gtest/gtest.h>

using namespace ecr::protocol;
using namespace ecr::protocol::till;
using namespace ecr::protocol::till::hypercom;

namespace {

class HypercomDeliveryTest : public hypercom_test {
protected:
    /// Sells for 10.00 and is told that it is paid; the response is on its way.
    std::string sell(reply_id id)
    {
        says(sale_10);
        EXPECT_EQ(hears(), ack);
        is_told(id, one_command(), order_of(order_state::paid));
        return hears();
    }
    std::chrono::milliseconds repeat() const { return how.repeat_after; }
};

TEST_F(HypercomDeliveryTest, SilenceRepeatsTheResponseAFewTimes)
{
    const auto response = sell(1);
    for (int i = 1; i < how.response_tries; ++i) {
        wait_out(repeat());
        EXPECT_EQ(hears(), response);
    }
    EXPECT_EQ(receipts(), "");
    wait_out(repeat());
    EXPECT_EQ(hears(), "");
    EXPECT_EQ(receipts(), "1-");
}

TEST_F(HypercomDeliveryTest, ARefusedResponseIsRepeatedAtOnce)
{
    const auto response = sell(1);
    says(nak);
    EXPECT_EQ(hears(), response);
    says(ack);
    EXPECT_EQ(receipts(), "1+");
}

TEST_F(HypercomDeliveryTest, RefusedAgainAndAgainItIsGivenUp)
{
    sell(1);
    for (int i = 0; i < how.response_tries; ++i)
        says(nak);
    EXPECT_EQ(receipts(), "1-");
    says(sale_10);
    EXPECT_EQ(commands().size(), 1U) << "served again: the desk attaches it to the same order";
}

TEST_F(HypercomDeliveryTest, ALateAckDoesNotStandForTheNextResponse)
{
    sell(1);
    wait_out(repeat());  // the till was slow: it will acknowledge both
    says(ack);
    EXPECT_EQ(receipts(), "1+");
    hears();
    says(test_d0);
    EXPECT_EQ(hears(), ack);
    is_told(2, done{.tag = one_command().tag, .what = "ping"});
    EXPECT_EQ(hears(), "") << "one ACK may still be on its way";
    says(ack);
    EXPECT_EQ(receipts(), "");
    EXPECT_EQ(response_in(hears()).code, "D0");
    says(ack);
    EXPECT_EQ(receipts(), "2+");
}

TEST_F(HypercomDeliveryTest, ALateAckThatNeverComesIsNotWaitedForLong)
{
    sell(1);
    wait_out(repeat());
    says(ack);
    hears();
    says(test_d0);
    is_told(2, done{.tag = one_command().tag, .what = "ping"});
    EXPECT_EQ(hears(), ack);
    wait_out(settle_wait);
    EXPECT_EQ(response_in(hears()).code, "D0");
}

TEST_F(HypercomDeliveryTest, ADoubledAckIsIgnored)
{
    sell(1);
    says(ack + ack);
    EXPECT_EQ(receipts(), "1+");
    says(test_d0);
    is_told(2, done{.tag = one_command().tag, .what = "ping"});
    EXPECT_EQ(receipts(), "");
    says(ack + ack + ack);
    EXPECT_EQ(receipts(), "2+");
}

TEST_F(HypercomDeliveryTest, ARepeatNeverLeaksIntoTheNextExchange)
{
    sell(1);
    wait_out(repeat());
    hears();
    says(test_d0);  // it has gone on, and never acknowledged
    EXPECT_EQ(hears(), ack);
    EXPECT_EQ(receipts(), "1-");
    const auto c = one_command();
    wait_out(settle_wait);
    EXPECT_EQ(hears(), "");
    is_told(2, done{.tag = c.tag, .what = "ping"});
    EXPECT_EQ(response_in(hears()).code, "D0");
    wait_out(repeat());
    EXPECT_EQ(response_in(hears()).code, "D0");
}

TEST_F(HypercomDeliveryTest, TheEndOfAnEarlierExchangeIsNeverTold)
{
    says(sale_10);
    const auto sale = one_command();
    says(request("72"));  // it has lost its patience
    const auto question = one_command();
    EXPECT_NE(sale.tag, question.tag);
    hears();
    is_told(1, sale, order_of(order_state::paid));
    EXPECT_EQ(receipts(), "1-");
    EXPECT_EQ(hears(), "");
    is_told(2, question, order_of(order_state::on_terminal));
    EXPECT_EQ(response_in(hears()).status, "TO");
    is_told(3, question, order_of(order_state::paid));
    EXPECT_EQ(receipts(), "3-") << "one response for each request";
}

TEST_F(HypercomDeliveryTest, WhatNobodyAskedForIsNotTold)
{
    is_told(1, outcome_of(order_of(order_state::paid), "", false));
    is_told(2, outcome_of(order_of(order_state::paid), "exchange-1", false));
    EXPECT_EQ(receipts(), "1-2-");
    EXPECT_EQ(hears(), "");
    EXPECT_EQ(bridge->timer(), std::nullopt);
}

TEST_F(HypercomDeliveryTest, ARequestSentAgainIsOneCommand)
{
    says(sale_10 + sale_10);
    says(sale_10);
    EXPECT_EQ(hears(), ack + ack + ack) << "our ACK was lost";
    const auto c = one_command();
    is_told(1, c, order_of(order_state::paid));
    hears();
    says(sale_10);
    EXPECT_EQ(hears(), ack) << "and crossed the response";
    EXPECT_EQ(commands().size(), 0U);
    wait_out(repeat());
    EXPECT_EQ(response_in(hears()).status, "00");
}

TEST_F(HypercomDeliveryTest, AfterAnAcknowledgedResponseTheSameSaleIsANewOne)
{
    sell(1);
    says(ack);
    says(sale_10);
    EXPECT_EQ(commands().size(), 1U);
}

TEST_F(HypercomDeliveryTest, AfterAWhileTheSameRequestIsServedAgain)
{
    says(sale_10);
    const auto first = one_command();
    wait_out(resend_window);
    EXPECT_EQ(bridge->timer(), std::nullopt);
    says(sale_10);
    const auto second = one_command();
    EXPECT_NE(first.tag, second.tag);
    hears();
    is_told(1, first, order_of(order_state::paid));
    EXPECT_EQ(hears(), "");
    is_told(2, outcome_of(order_of(order_state::paid), second.tag, true));
    const auto m = response_in(hears());
    EXPECT_EQ(m.status, "00");
    EXPECT_EQ(m.value("02"), "EARLIER SALE: APPROVED");
}

TEST_F(HypercomDeliveryTest, ATillThatAsksWithoutEndStopsTheRepeats)
{
    sell(1);
    std::string told;
    for (int i = 0; i < talked_over_max * how.response_tries; ++i) {
        EXPECT_EQ(told, "");
        says(sale_10);  // never silent, so that the timer never rings
        told += receipts();
    }
    EXPECT_EQ(told, "1-");
    EXPECT_EQ(commands().size(), 0U);
    says(sale_10);
    EXPECT_EQ(commands().size(), 1U) << "given up, so it is served again";
}

TEST_F(HypercomDeliveryTest, ATillThatDropsInTheMiddleLeavesNothingBehind)
{
    says(sale_10);
    const auto c = one_command();
    says(sale_10.substr(0, 9));
    wait_out(byte_wait);
    hears();
    is_told(1, c, order_of(order_state::declined));
    EXPECT_EQ(response_in(hears()).status, "ND");
    for (int i = 0; i < 20 && bridge->timer(); ++i)
        bridge->elapsed(out);
    EXPECT_EQ(bridge->timer(), std::nullopt);
    EXPECT_EQ(receipts(), "1-");
}

// --- A till that acknowledges nothing. ---------------------------------------------------------

struct HypercomDeafTest : HypercomDeliveryTest {
    HypercomDeafTest() { speak_as({.acknowledges = false}); }
};

TEST_F(HypercomDeafTest, TheLinkJudgesWhatArrives)
{
    EXPECT_FALSE(bridge->confirms_delivery());
}

TEST_F(HypercomDeafTest, EachResponseIsSentOnce)
{
    const auto response = sell(1);
    EXPECT_EQ(response_in(response).status, "00");
    for (int i = 0; i < 20 && bridge->timer(); ++i)
        bridge->elapsed(out);
    EXPECT_EQ(bridge->timer(), std::nullopt);
    EXPECT_EQ(hears(), "");
    EXPECT_EQ(receipts(), "");
    says(ack + nak);
    EXPECT_EQ(hears(), "") << "noise, from such a till";
}

TEST_F(HypercomDeafTest, TheNextCustomerMayBuyTheSame)
{
    sell(1);
    wait_out(resend_window);
    says(sale_10);
    EXPECT_EQ(commands().size(), 1U);
}

TEST_F(HypercomDeafTest, ASaleSentAgainAtOnceIsStillOne)
{
    const auto response = sell(1);
    says(sale_10);
    EXPECT_EQ(commands().size(), 0U);
    EXPECT_EQ(hears(), ack + response);
}

TEST_F(HypercomDeafTest, AQuestionAskedAgainIsAskedAgain)
{
    says(request("72"));
    is_told(1, one_command(), order_of(order_state::on_terminal));
    hears();
    says(request("72"));
    is_told(2, one_command(), order_of(order_state::paid));
    EXPECT_EQ(response_in(hears(), ack).status, "00");
}

TEST_F(HypercomDeafTest, WhatWaitedForTheTillIsDroppedWhenItAsksForSomethingElse)
{
    says(sale_10);
    const auto c = one_command();
    says(test_d0.substr(0, 7));
    is_told(1, c, order_of(order_state::paid));
    hears();
    says(test_d0.substr(7));
    EXPECT_EQ(hears(), ack);
    EXPECT_EQ(receipts(), "1-") << "even here: those bytes were never written";
}

// --- Every command, whatever becomes of the ACKs. ----------------------------------------------

enum class fate { acknowledged, ack_lost, refused_once, silent };

struct exchange_case {
    const char* name;
    std::string asks;
    const char* code;
};

class HypercomExchangeTest : public testing::TestWithParam<exchange_case> {};

TEST_P(HypercomExchangeTest, EndsWhateverBecomesOfTheAcks)
{
    const auto& asked = GetParam();
    const settings how{.refund = refund_policy::by_reference};
    for (const auto what : {fate::acknowledged, fate::ack_lost, fate::refused_once, fate::silent}) {
        till_end till{how};
        std::string told;
        for (int round = 1; round <= 3; ++round) {
            till.says("noise" + asked.asks + "noise");
            EXPECT_EQ(till.hears(), ack);
            const auto c = till.one_command();
            till.is_told(static_cast<reply_id>(round), c, order_of(order_state::paid));
            auto heard = till.hears();
            if (heard.empty()) {
                till.bridge->elapsed(till.out);  // ACKs of the round before may be on their way
                heard = till.hears();
            }
            EXPECT_EQ(till_end::response_in(heard).code, asked.code);
            if (what == fate::ack_lost) till.bridge->elapsed(till.out);
            if (what == fate::refused_once) till.says(nak);
            if (what != fate::silent) till.says(ack);
            for (int i = 0; what == fate::silent && till.bridge->timer(); ++i) {
                ASSERT_LT(i, 20);
                till.bridge->elapsed(till.out);
            }
            till.hears();
            told += till.receipts();
        }
        EXPECT_EQ(told, what == fate::silent ? "1-2-3-" : "1+2+3+");
    }
}

INSTANTIATE_TEST_SUITE_P(
    Commands, HypercomExchangeTest,
    testing::Values(exchange_case{"Sale", sale_10, "20"}, exchange_case{"SaleMore", sale_1, "20"},
                    exchange_case{"SaleVariant", request("56", {ten_dollars}), "56"},
                    exchange_case{"Wallet", wallet_70, "70"}, exchange_case{"Void", void_26, "26"},
                    exchange_case{"Refund", request("27", {ten_dollars, {"R1", "A1"}}), "27"},
                    exchange_case{"Settlement", request("50"), "50"},
                    exchange_case{"Retrieve71", request("71", {{"65", "000606"}}), "71"},
                    exchange_case{"Retrieve72", request("72"), "72"},
                    exchange_case{"Retrieve73", request("73"), "73"},
                    exchange_case{"Test", test_d0, "D0"}, exchange_case{"Ping", ping_ff, "FF"}),
    [](const auto& instance) { return instance.param.name; });

}  // namespace
