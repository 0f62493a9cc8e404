// Tills made for QFPay's own terminal app at a whole shop: real bytes over a real link, real money
// in the simulated cloud.
#include "tests/daemon/shop/dialect_shop.hpp"
#include "tests/simulator/certificate.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::movements;
using simulator::shopper;

/// As the ERP till makes them: far longer than any number of a cash register.
const std::string long_number = "0f9a3c1e-77b2-4c1d-9f3a-aa00bb11cc22--00042-017--3#x/y|z*" +
                                std::string(59, 'q') + "--ABCDEFGHIJ";

class QfpayLocalLinkTest : public testing::TestWithParam<wire_kind> {};

TEST_P(QfpayLocalLinkTest, APaymentGoesToTheCloudUnderTheTillsVeryNumber)
{
    qfpay_shop s{GetParam()};
    ASSERT_EQ(long_number.size(), 128U);
    auto till = s.till();
    const auto paid = s.pay(till, "12.34", long_number);
    EXPECT_EQ(paid.respcd, "6000") << paid.respmsg;
    EXPECT_EQ(paid.datum("out_trade_no"), long_number);
    EXPECT_EQ(paid.datum("txamt"), "1234");
    EXPECT_NE(paid.datum("syssn"), "");
    EXPECT_EQ(paid.encrypted, GetParam() != wire_kind::https);
    EXPECT_EQ(s.world.truth().charged(long_number), (movements{1, 1234}));
}

TEST_P(QfpayLocalLinkTest, ADeclinedPaymentIsNoSuccess)
{
    qfpay_shop s{GetParam()};
    s.world.cloud().plan(shopper{.does = act::declines});
    auto till = s.till();
    EXPECT_EQ(s.pay(till, "5", "A1").respcd, "6002");
    EXPECT_EQ(s.world.truth().charged("A1"), (movements{0, 0}));
}

TEST_P(QfpayLocalLinkTest, AnExpiredPaymentIsNoSuccess)
{
    qfpay_shop s{GetParam()};
    s.world.cloud().plan(shopper{.does = act::walks_away});
    auto till = s.till();
    EXPECT_EQ(s.pay(till, "5", "A1").respcd, "6002");
}

TEST_P(QfpayLocalLinkTest, APaymentInDoubtMustNotBeRungAgain)
{
    qfpay_shop s{GetParam()};
    s.world.cloud().plan(
        fault{.kind = fault_kind::row_respcd, .path = "query", .count = -1, .respcd = "1298"});
    auto till = s.till();
    const auto doubt = s.pay(till, "5", "A1");
    EXPECT_EQ(doubt.respcd, "4005");
    EXPECT_NE(doubt.respmsg.find("not ring again"), std::string::npos) << doubt.respmsg;
    s.world.cloud().clear_faults();
    s.world.pass(15min);
    const auto known = s.enquire(till, "A1");
    EXPECT_EQ(known.respcd, "6000") << known.respmsg;
    EXPECT_EQ(known.datum("respcd"), "0000");
}

TEST_P(QfpayLocalLinkTest, ARefundBySyssnGivesAPartBack)
{
    qfpay_shop s{GetParam()};
    auto till = s.till();
    const auto paid = s.pay(till, "5", "A1");
    const auto part = s.ask(till, {{"func_type", "1002"},
                                   {"orderId", '"' + paid.datum("syssn") + '"'},
                                   {"refund_amount", "\"1.50\""}});
    EXPECT_EQ(part.respcd, "6000") << part.respmsg;
    EXPECT_EQ(s.world.truth().refunded("A1"), (movements{1, 150}));
    const auto rest = s.ask(till, {{"func_type", "1002"}, {"orderId", "\"A1\""}});
    EXPECT_EQ(rest.respcd, "6000") << rest.respmsg;
    EXPECT_EQ(s.world.truth().refunded("A1"), (movements{2, 500}));
}

TEST_P(QfpayLocalLinkTest, ReceiptAndSummaryAreHandedToTheTerminal)
{
    qfpay_shop s{GetParam()};
    auto till = s.till();
    s.pay(till, "5", "A1");
    EXPECT_EQ(s.ask(till, {{"func_type", "3001"}, {"orderId", "\"A1\""}}).respcd, "6000");
    EXPECT_EQ(s.ask(till, {{"func_type", "3002"}}).respcd, "6000");
}

TEST_P(QfpayLocalLinkTest, ATillThatTriesAgainOnANewConnectionGetsTheSamePayment)
{
    qfpay_shop s{GetParam()};
    s.world.cloud().plan(shopper{.after = 30s});
    {
        auto till = s.till();
        till.pay("5", "A1");
        ASSERT_TRUE(s.pushed());
        till.hang_up();
    }
    s.world.pass(5s);
    auto till = s.till();
    EXPECT_EQ(s.pay(till, "5", "A1").respcd, "6000");
    EXPECT_EQ(s.world.truth().charged("A1"), (movements{1, 500}));
}

TEST_P(QfpayLocalLinkTest, ABridgeThatCrashedTellsTheTruthAfterwards)
{
    qfpay_shop s{GetParam()};
    {
        auto till = s.till();
        till.pay("5", "A1");
        ASSERT_TRUE(s.pushed());
        s.world.restart();
    }
    s.world.pass(1min);
    auto till = s.till();
    EXPECT_EQ(s.enquire(till, "A1").respcd, "6000");
    EXPECT_EQ(s.pay(till, "5", "A1").respcd, "6000");
    EXPECT_EQ(s.world.truth().charged("A1"), (movements{1, 500}));
}

TEST_P(QfpayLocalLinkTest, ATillHearsBeforeItGivesUpAndThePaymentGoesOn)
{
    qfpay_shop s{GetParam(), [](auto& link) { link.patience = 30s; }};
    s.world.cloud().plan(shopper{.after = 60s});
    auto till = s.till();
    const auto early = s.pay(till, "5", "A1");
    EXPECT_EQ(early.respcd, "4005");
    s.world.pass(60s);
    EXPECT_EQ(s.enquire(till, "A1").respcd, "6000");
    EXPECT_EQ(s.world.truth().charged("A1"), (movements{1, 500}));
}

TEST_P(QfpayLocalLinkTest, NothingWrongReachesJournalOrCloud)
{
    qfpay_shop s{GetParam()};
    auto till = s.till();
    const qfpay_local_till::content good{
        {"func_type", "1001"}, {"amt", "5"}, {"channel", "\"wx\""}, {"out_trade_no", "\"A1\""}};
    const auto with = [&](const std::string& name, const std::string& value) {
        auto changed = good;
        changed[name] = value;
        return changed;
    };
    EXPECT_EQ(s.ask(till, with("amt", "1.234")).respcd, "4006");
    EXPECT_EQ(s.ask(till, with("amt", "0")).respcd, "4006");
    EXPECT_EQ(s.ask(till, with("channel", "\"cash\"")).respcd, "4006");
    EXPECT_EQ(s.ask(till, with("func_type", "9999")).respcd, "4006");
    EXPECT_EQ(s.enquire(till, "A1").respcd, "6002");
    till.ask_with_digest(good, std::string(32, '0'));
    if (GetParam() == wire_kind::pty)  // refused in the frame's own way
        EXPECT_TRUE(s.world.until([&] { return till.frame_types().back() == 0x32; }, 1min));
    else if (GetParam() == wire_kind::tcp)  // no delimiter: a wrong digest is no end
        EXPECT_NE(s.answer(till).respcd, "6000");
    else
        EXPECT_EQ(s.answer(till).respcd, "4003");
    EXPECT_EQ(s.world.truth().requests_in_all(), 0);
    EXPECT_EQ(s.world.orders_in_journal(), 0U);
    EXPECT_EQ(s.pay(till, "5", "A1").respcd, "6000");  // and the link still works
}

TEST_P(QfpayLocalLinkTest, ATillWithAnotherKeyIsNotUnderstood)
{
    qfpay_shop s{GetParam()};
    auto till = s.till("00000000000000000000000000000000");
    till.pay("5", "A1");
    if (GetParam() == wire_kind::pty) {
        EXPECT_TRUE(s.world.until([&] { return !till.frame_types().empty(); }, 1min));
        EXPECT_EQ(till.frame_types(), std::vector<int>{0x33});
    } else if (GetParam() != wire_kind::tcp) {  // there, the refusal is sealed with our key
        EXPECT_EQ(s.answer(till).respcd, "5001");
    }
    s.world.pass(1min);
    EXPECT_EQ(s.world.truth().requests_in_all(), 0);
    EXPECT_EQ(s.world.orders_in_journal(), 0U);
}

TEST_P(QfpayLocalLinkTest, PlainTextIsServedWhereEncryptionIsOff)
{
    qfpay_shop s{GetParam(), [](auto& link) {
                     link.qfpay_local.encryption = false;
                     link.qfpay_local.encrypt_answers = false;
                 }};
    auto till = s.till({}, false);
    const auto paid = s.pay(till, "5", "A1");
    EXPECT_EQ(paid.respcd, "6000");
    EXPECT_FALSE(paid.encrypted);
}

INSTANTIATE_TEST_SUITE_P(Wires, QfpayLocalLinkTest,
                         testing::Values(wire_kind::http, wire_kind::https, wire_kind::tcp,
                                         wire_kind::pty),
                         testing::PrintToStringParamName());

class QfpayLocalHttpTest : public testing::TestWithParam<wire_kind> {};

TEST_P(QfpayLocalHttpTest, ACancelComesOverAConnectionOfItsOwn)
{
    qfpay_shop s{GetParam()};
    s.world.cloud().plan(shopper{.does = act::walks_away});
    auto payer = s.till();
    payer.pay("5", "A1");
    ASSERT_TRUE(s.pushed());
    s.world.pass(5s);
    auto canceller = s.till();
    EXPECT_EQ(s.ask(canceller, {{"func_type", "5001"}}).respcd, "6000");
    EXPECT_EQ(s.answer(payer).respcd, "6001");
    EXPECT_EQ(s.world.truth().charged("A1"), (movements{0, 0}));
    EXPECT_EQ(s.world.truth().cancels().size(), 1U);
}

TEST_P(QfpayLocalHttpTest, ATillThatClosesAfterItsAnswerHasGotIt)
{
    qfpay_shop s{GetParam()};
    auto till = s.till();
    const qfpay_local_till::content sale{
        {"func_type", "1001"}, {"amt", "5"}, {"channel", "\"wx\""}};  // without a number
    EXPECT_EQ(s.ask(till, sale).respcd, "6000");
    till.hang_up();
    s.world.pass(5s);
    auto next = s.till();
    const auto second = s.ask(next, sale);  // the next customer buys the same
    EXPECT_EQ(second.respmsg.find("earlier"), std::string::npos) << second.respmsg;
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{2, 1000}));
}

INSTANTIATE_TEST_SUITE_P(Wires, QfpayLocalHttpTest,
                         testing::Values(wire_kind::http, wire_kind::https),
                         testing::PrintToStringParamName());

TEST(QfpayLocalTlsTest, ATillThatTrustsAnotherAuthorityIsNotServed)
{
    qfpay_shop s{wire_kind::https};
    const auto other = simulator::make_certificate();
    qfpay_local_till till{tls_wire(s.world.io(), s.world.bridge().port("lan"), other.ca), {}};
    till.pay("5", "A1");
    EXPECT_TRUE(s.world.until([&] { return till.over(); }, 1min));
    EXPECT_EQ(s.world.orders_in_journal(), 0U);
}

TEST(QfpayLocalTlsTest, PlainTextIsCutOffWhereTlsIsAMust)
{
    qfpay_shop s{wire_kind::http, [](auto& link) {
                     if (link.kind == daemon::link_kind::tcp) link.tls = daemon::tls_use::on;
                 }};
    auto till = s.till();
    till.pay("5", "A1");
    EXPECT_TRUE(s.world.until([&] { return till.over(); }, 1min));
    EXPECT_EQ(s.world.orders_in_journal(), 0U);
}

TEST(QfpayLocalTlsTest, AConnectionThatSaysNothingIsCutOff)
{
    qfpay_shop s{wire_kind::http};
    auto silent = s.till();
    s.world.pass(11s);
    EXPECT_TRUE(silent.over());
}

}  // namespace
}  // namespace ecr::test
