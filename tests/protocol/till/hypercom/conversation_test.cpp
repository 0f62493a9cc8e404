#include "tests/protocol/till/hypercom/hypercom_till.hpp"

#include <gtest/gtest.h>

using namespace ecr;
using namespace ecr::protocol;
using namespace ecr::protocol::till;
using namespace ecr::protocol::till::hypercom;

namespace {

class HypercomConversationTest : public hypercom_test {};

done done_of(const command& c, std::string what)
{
    return {.tag = c.tag, .what = std::move(what)};
}

TEST_F(HypercomConversationTest, ASaleIsAcknowledgedThenAnswered)
{
    says(sale_10);
    EXPECT_EQ(hears(), ack);
    const auto c = one_command();
    EXPECT_EQ(c.what, verb::pay);
    EXPECT_EQ(c.amount->minor_units(), 1000);
    EXPECT_EQ(c.via, std::nullopt) << "the link's channel";
    EXPECT_EQ(c.order, "") << "the bridge gives it a number";
    is_told(1, accepted{.tag = c.tag});
    is_told(2, progress{.tag = c.tag, .text = "Waiting"});
    EXPECT_EQ(hears(), "") << "this language has no progress";
    EXPECT_EQ(receipts(), "1-2-");
    is_told(3, c, order_of(order_state::paid), 42);
    const auto m = response_in(hears());
    EXPECT_EQ(m.header, "600000000011");
    EXPECT_EQ(m.code, "20");
    EXPECT_EQ(m.status, "00");
    EXPECT_EQ(m.more, '0');
    EXPECT_EQ(m.value("02"), "APPROVED");
    EXPECT_EQ(m.value("65"), "000042");
    EXPECT_EQ(receipts(), "");
    says(ack);
    EXPECT_EQ(receipts(), "3+");
    EXPECT_EQ(hears(), "");
    EXPECT_EQ(bridge->timer(), std::nullopt);
}

TEST_F(HypercomConversationTest, TheMoreFlagOfARequestSaysNothing)
{
    says(sale_1);
    EXPECT_EQ(hears(), ack);
    EXPECT_EQ(one_command().amount->minor_units(), 100);
}

TEST_F(HypercomConversationTest, TheVersionByteIsEchoedAsItCame)
{
    says(void_26);
    EXPECT_EQ(hears(), ack);
    const auto c = one_command();
    EXPECT_EQ(c.what, verb::refund);
    EXPECT_EQ(c.invoice, 606U);
    EXPECT_EQ(c.amount, std::nullopt) << "all of it";
    auto o = order_of(order_state::paid);
    o.kind = order_kind::refund;
    is_told(1, c, o, 43);
    const auto m = response_in(hears());
    EXPECT_EQ(m.header,
              "6000000000\x01"
              "1");
    EXPECT_EQ(m.value("02"), "REFUNDED");
    EXPECT_EQ(m.value("65"), "000606") << "the number the till has named";
}

TEST_F(HypercomConversationTest, ARequestNumberInPlaceOfTheHeaderIsEchoed)
{
    for (const auto* number : {"240704151425", "000000000001", "999999999990"}) {
        says(framed(to_bytes({number, "D0", "01", '0', {}})));
        const auto c = one_command();
        is_told(1, done_of(c, "ping"));
        EXPECT_EQ(response_in(hears(), ack).header, number);
        says(ack);
    }
}

TEST_F(HypercomConversationTest, AWalletSaleEchoesWalletAndReferences)
{
    says(wallet_70);
    EXPECT_EQ(hears(), ack);
    const auto c = one_command();
    EXPECT_EQ(c.via, channel::union_qr);
    is_told(1, c, order_of(order_state::paid, 100));
    const auto m = response_in(hears());
    EXPECT_EQ(m.status, "00");
    EXPECT_EQ(m.value("A1"), "03");
    EXPECT_EQ(m.value("R1"), "POSQR123");
    EXPECT_EQ(m.value("R2"), "TABLE1");
}

TEST_F(HypercomConversationTest, BothTestsAreAnswered)
{
    for (const auto& test : {test_d0, ping_ff}) {
        says(test);
        EXPECT_EQ(hears(), ack);
        const auto c = one_command();
        EXPECT_EQ(c.what, verb::ping);
        is_told(1, done_of(c, "ping"));
        const auto m = response_in(hears());
        EXPECT_EQ(m.status, "00");
        EXPECT_EQ(m.value("02"), "LINK OK");
        says(ack);
        EXPECT_EQ(receipts(), "1+");
    }
}

TEST_F(HypercomConversationTest, ASettlementAnswersWithTheTotals)
{
    says(request("50"));
    const auto c = one_command();
    EXPECT_EQ(c.what, verb::summary);
    auto d = done_of(c, "summary");
    d.fields = {{"payments", std::int64_t{12}},
                {"payments_amount", std::int64_t{123405}},
                {"refunds", std::int64_t{1}},
                {"refunds_amount", std::int64_t{1000}},
                {"day", std::string{"20240704"}}};
    is_told(1, d);
    const auto m = response_in(hears(), ack);
    EXPECT_EQ(m.status, "00");
    EXPECT_EQ(m.value("02"), "SALES 12 1234.05 REFUNDS 1 10.00");
    EXPECT_EQ(m.value("40"), "000000123405");
    EXPECT_EQ(m.value("50"), "240704");
}

TEST_F(HypercomConversationTest, ARetrievalTellsTheTruthLater)
{
    says(sale_10);
    const auto sale = one_command();
    is_told(1, sale, order_of(order_state::in_doubt));
    const auto first = response_in(hears(), ack);
    EXPECT_EQ(first.status, "TO");
    EXPECT_EQ(first.value("02"), "DO NOT RING AGAIN - ASK STATUS");
    says(ack);
    says(request("72"));
    const auto c = one_command();
    EXPECT_EQ(c.what, verb::last);
    is_told(2, c, order_of(order_state::paid), 7);
    const auto m = response_in(hears(), ack);
    EXPECT_EQ(m.code, "72");
    EXPECT_EQ(m.status, "00");
    EXPECT_EQ(m.value("65"), "000007");
}

TEST_F(HypercomConversationTest, ARefusalNeedsNoDesk)
{
    says(request("27", {ten_dollars}));
    EXPECT_EQ(commands().size(), 0U);
    const auto m = response_in(hears(), ack);
    EXPECT_EQ(m.status, "NA");
    EXPECT_EQ(m.value("02"), "REFUNDS ARE SWITCHED OFF");
    says(ack);
    EXPECT_EQ(receipts(), "") << "nobody asked what becomes of it";
    EXPECT_EQ(bridge->timer(), std::nullopt);
}

TEST_F(HypercomConversationTest, BadFieldsAreAcknowledgedAndRefused)
{
    const auto head = std::string{"60000000001020000\x1C"};
    for (const auto& fields : {std::string{"40"},
                               std::string("40\x00\x12"
                                           "1\x1C",
                                           6),
                               std::string("40\x00\x01"
                                           "12",
                                           6),
                               std::string("40\x00\x0A"
                                           "1234567890\x1C",
                                           15),
                               std::string("40\x00\x01"
                                           "1\x1C"
                                           "40\x00\x01"
                                           "2\x1C",
                                           12)}) {
        says(framed(head + fields));
        EXPECT_EQ(commands().size(), 0U);
        const auto m = response_in(hears(), ack);
        EXPECT_EQ(m.code, "20");
        EXPECT_EQ(m.status, "ED");
        says(ack);
    }
}

TEST_F(HypercomConversationTest, TooShortForAnAnswerIsRefused)
{
    says(framed("6000000000102"));
    says(framed("60000000001020000x"));
    EXPECT_EQ(hears(), nak + nak);
    EXPECT_EQ(commands().size(), 0U);
}

TEST_F(HypercomConversationTest, OurOwnWordsComingBackAreNotServed)
{
    says(sale_10);
    const auto c = one_command();
    is_told(1, c, order_of(order_state::declined));
    const auto heard = hears().substr(1);
    says(heard);
    EXPECT_EQ(hears(), "");
    EXPECT_EQ(commands().size(), 0U);
}

TEST_F(HypercomConversationTest, EveryRequestMayComeInPieces)
{
    for (const auto& bytes : {sale_10, sale_1, test_d0, ping_ff, wallet_70, void_26}) {
        for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
            till_end till{};
            till.says(bytes.substr(0, cut));
            EXPECT_EQ(till.hears(), "");
            EXPECT_EQ(till.bridge->timer().value().count() / 10, byte_wait.count() / 10);
            till.says(bytes.substr(cut));
            EXPECT_EQ(till.hears(), ack) << cut;
            const auto c = till.one_command();
            till.is_told(1, done_of(c, "ping"));
            till.says(ack);
            EXPECT_EQ(till.receipts(), "1+");
        }
    }
}

TEST_F(HypercomConversationTest, ATillThatStopsWithinAFrameCanSendItAgain)
{
    for (std::size_t cut = 1; cut < sale_10.size(); ++cut) {
        till_end till{};
        till.says(sale_10.substr(0, cut));
        till.wait_out(byte_wait);
        EXPECT_EQ(till.hears(), cut <= 3 ? "" : nak) << cut;
        till.says(sale_10);
        EXPECT_EQ(till.hears(), ack);
        EXPECT_EQ(till.commands().size(), 1U);
    }
}

TEST_F(HypercomConversationTest, NoiseThatLooksLikeAFrameHidesNoRequest)
{
    says("\x02" + sale_10);
    EXPECT_EQ(hears(), "") << "may be a longer frame";
    wait_out(byte_wait);
    EXPECT_EQ(hears(), ack);
    EXPECT_EQ(commands().size(), 1U);
}

TEST_F(HypercomConversationTest, NothingIsSentWhileTheTillIsSending)
{
    for (const bool acknowledges : {true, false}) {
        speak_as({.acknowledges = acknowledges});
        says(sale_10);
        const auto c = one_command();
        EXPECT_EQ(hears(), ack);
        says(nak + "\x02");
        is_told(1, c, order_of(order_state::paid));
        EXPECT_EQ(hears(), "");
        wait_out(byte_wait);
        EXPECT_EQ(response_in(hears()).status, "00");
    }
}

TEST_F(HypercomConversationTest, BadFramesInARowAreHungUpOn)
{
    auto bad = sale_10;
    bad.back() ^= 1;
    for (int i = 0; i < bad_frames_max; ++i) {
        EXPECT_FALSE(out.hang_up);
        says(bad);
    }
    EXPECT_TRUE(out.hang_up);
    says(sale_10);
    EXPECT_EQ(commands().size(), 0U);
    is_told(1, done{.tag = "exchange-1"});
    EXPECT_EQ(receipts(), "1-");
    EXPECT_EQ(bridge->timer(), std::nullopt);
}

}  // namespace
