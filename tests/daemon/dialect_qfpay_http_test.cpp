// Browser tills and other HTTP clients that speak to QFPay's terminal app: over real HTTP and
// HTTPS.
#include "tests/daemon/shop/dialect_shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::movements;
using testing::HasSubstr;
using testing::Not;

const std::string page = "https://pos.example.com";

void serving_the_page(daemon::link_config& link)
{
    link.qfpay_local.origins = {page};
}

class QfpayBrowserTest : public testing::TestWithParam<wire_kind> {
protected:
    /// Sends the bytes of a request and waits for the head of its answer.
    static std::string head_of(qfpay_shop& s, qfpay_local_till& till, const std::string& request)
    {
        const auto before = till.http_heads().size();
        till.send(request);
        EXPECT_TRUE(s.world.until([&] { return till.http_heads().size() > before; }, 1min));
        return till.http_heads().size() > before ? till.http_heads().back() : std::string{};
    }
};

// What Chrome sends before it lets a page of the internet post JSON to a machine of the LAN.
TEST_P(QfpayBrowserTest, APreflightIsAnsweredAlsoForAPrivateNetwork)
{
    qfpay_shop s{GetParam(), serving_the_page};
    auto till = s.till();
    const auto head = head_of(s, till,
                              "OPTIONS /api/pos/trade HTTP/1.1\r\nHost: localhost:9001\r\n"
                              "Access-Control-Request-Method: POST\r\n"
                              "Access-Control-Request-Headers: content-type\r\n"
                              "Access-Control-Request-Private-Network: true\r\nOrigin: " +
                                  page + "\r\nSec-Fetch-Mode: cors\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("HTTP/1.1 204 "));
    EXPECT_THAT(head, HasSubstr("\r\nAccess-Control-Allow-Origin: " + page + "\r\n"));
    EXPECT_THAT(head, HasSubstr("\r\nAccess-Control-Allow-Methods: POST, OPTIONS\r\n"));
    EXPECT_THAT(head, HasSubstr("\r\nAccess-Control-Allow-Headers: content-type\r\n"));
    EXPECT_THAT(head, HasSubstr("\r\nAccess-Control-Allow-Private-Network: true\r\n"));
    EXPECT_EQ(s.world.orders_in_journal(), 0U);
}

TEST_P(QfpayBrowserTest, ThePostAfterItIsServedOnTheSameConnection)
{
    qfpay_shop s{GetParam(), serving_the_page};
    auto habits = s.habits();
    habits.http_headers = "Origin: " + page + "\r\nAccept: application/json\r\n";
    qfpay_local_till till{s.wire(), habits};
    (void)head_of(s, till,
                  "OPTIONS /api/pos/trade HTTP/1.1\r\nHost: localhost\r\n"
                  "Access-Control-Request-Method: POST\r\nOrigin: " +
                      page + "\r\n\r\n");
    const auto request = till.bytes_of({{"func_type", "1001"}, {"amt", "5"}});
    // As the field client sends it: the ciphertext as a JSON string, with its quotes.
    ASSERT_THAT(request, HasSubstr("\r\n\r\n\""));
    till.send(request);
    EXPECT_EQ(s.answer(till).respcd, "6000");
    EXPECT_THAT(till.http_heads().back(), HasSubstr("Access-Control-Allow-Origin: " + page));
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 500}));
}

TEST_P(QfpayBrowserTest, APageFromElsewhereIsNotServed)
{
    qfpay_shop s{GetParam(), serving_the_page};
    auto habits = s.habits();
    habits.http_headers = "Origin: https://evil.example.com\r\n";
    qfpay_local_till till{s.wire(), habits};
    const auto head = head_of(s, till,
                              "OPTIONS /api/pos/trade HTTP/1.1\r\nHost: localhost\r\n"
                              "Access-Control-Request-Method: POST\r\n"
                              "Access-Control-Request-Private-Network: true\r\n"
                              "Origin: https://evil.example.com\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("HTTP/1.1 403 "));
    EXPECT_THAT(head, Not(HasSubstr("Access-Control-Allow")));
    till.ask({{"func_type", "1001"}, {"amt", "5"}});
    EXPECT_EQ(s.answer(till).respcd, "4007");  // of the refused preflight
    EXPECT_EQ(s.answer(till).respcd, "4007");
    EXPECT_EQ(s.world.orders_in_journal(), 0U);
}

// A simple client opens a connection for each request. What it has read before the bridge ended
// the connection has arrived: the next customer's sale is another sale.
TEST_P(QfpayBrowserTest, AnAnswerOnAConnectionThatThenClosesHasArrived)
{
    qfpay_shop s{GetParam()};
    auto habits = s.habits();
    habits.http_headers = "Connection: close\r\n";
    for (int customer = 1; customer <= 2; ++customer) {
        qfpay_local_till till{s.wire(), habits};
        const auto sold = s.ask(till, {{"func_type", "1001"}, {"amt", "5"}});
        EXPECT_EQ(sold.respcd, "6000");
        EXPECT_THAT(sold.respmsg, Not(HasSubstr("earlier")));
        EXPECT_THAT(till.http_heads().back(), HasSubstr("Connection: close\r\n"));
        EXPECT_TRUE(s.world.until([&] { return till.over(); }, 10s));
        EXPECT_TRUE(till.over_in_order());
        till.hang_up();
        s.world.pass(1s);
    }
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{2, 1000}));
}

// One that does not close its side is let go after a while; the next is not kept waiting by it.
TEST_P(QfpayBrowserTest, ATillThatStaysAfterTheLastWordIsLetGo)
{
    qfpay_shop s{GetParam(), [](auto& link) { link.connections_max = 1; }};
    auto till = s.till();
    till.send("GET / HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(s.world.until([&] { return till.over(); }, 10s));
    EXPECT_EQ(till.http_statuses(), std::vector<int>{405});
    s.world.pass(5s);
    auto next = s.till();
    EXPECT_EQ(s.pay(next, "5", "A1").respcd, "6000");
}

INSTANTIATE_TEST_SUITE_P(Wires, QfpayBrowserTest,
                         testing::Values(wire_kind::http, wire_kind::https),
                         testing::PrintToStringParamName());

class QfpayCipherTest : public testing::TestWithParam<wire_kind> {};

TEST_P(QfpayCipherTest, TillsOfBothKeySizesShareALink)
{
    qfpay_shop s{GetParam()};
    auto long_key = s.habits();
    auto short_key = long_key;
    short_key.aes128 = true;
    // Serial: one wire, so one after the other. Each reads its answers with its own cipher.
    for (const auto& habits : {long_key, short_key, long_key, short_key}) {
        qfpay_local_till till{s.wire(), habits};
        EXPECT_EQ(s.ask(till, {{"func_type", "3002"}}).respcd, "6000");
        till.hang_up();
        s.world.pass(100ms);
    }
    if (GetParam() == wire_kind::pty) return;
    qfpay_local_till one{s.wire(), long_key};
    qfpay_local_till other{s.wire(), short_key};
    one.pay("5", "A1");
    other.pay("6", "A2");
    EXPECT_EQ(s.answer(one).datum("out_trade_no"), "A1");
    EXPECT_EQ(s.answer(other).datum("out_trade_no"), "A2");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{2, 1100}));
}

TEST_P(QfpayCipherTest, AutomaticEncryptionAnswersEachAsItCame)
{
    qfpay_shop s{GetParam(), [](auto& link) { link.qfpay_local.encryption = false; }};
    {
        auto plain = s.till({}, false);
        const auto told = s.pay(plain, "5", "A1");
        EXPECT_EQ(told.respcd, "6000");
        EXPECT_FALSE(told.encrypted);
        plain.hang_up();
        s.world.pass(100ms);
    }
    auto sealed = s.till();
    const auto told = s.pay(sealed, "6", "A2");
    EXPECT_EQ(told.respcd, "6000");
    EXPECT_EQ(told.encrypted, GetParam() != wire_kind::https);
}

TEST_P(QfpayCipherTest, PlainTextIsRefusedWhereEncryptionIsOn)
{
    qfpay_shop s{GetParam()};
    auto till = s.till({}, false);
    till.pay("5", "A1");
    s.world.pass(10s);
    EXPECT_EQ(s.world.orders_in_journal(), 0U);
    if (GetParam() == wire_kind::pty)
        EXPECT_EQ(till.frame_types(), std::vector<int>{0x33});
    else
        EXPECT_EQ(s.answer(till).respcd, "5001");
}

INSTANTIATE_TEST_SUITE_P(Wires, QfpayCipherTest,
                         testing::Values(wire_kind::http, wire_kind::https, wire_kind::tcp,
                                         wire_kind::pty),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace ecr::test
