#include "protocol/json.hpp"
#include "protocol/till/qfpay_local/limits.hpp"
#include "tests/protocol/till/qfpay_local/till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecr::protocol::till::qfpay_local {
namespace {

using testing::SizeIs;

struct tcp_test : testing::Test {
    till_end till{{.wraps = wrapping::tcp}};

    void goes_silent()
    {
        const auto timer = till.bridge->timer();
        ASSERT_TRUE(timer);
        EXPECT_EQ(*timer / 10, tcp_gap_wait / 10);
        till.bridge->elapsed(till.out);
        EXPECT_EQ(till.bridge->timer(), std::nullopt);
    }
};

using TcpTest = tcp_test;

/// A request of every length, so of every padding, has its end found.
std::string with_number(std::size_t size)
{
    return "func_type=4001,orderId='" + std::string(size, '1') + "'";
}

TEST_F(TcpTest, EveryMessageIsServedAtItsLastByte)
{
    for (std::size_t size = 1; size <= 100; ++size)
        for (const auto by : {cipher::aes256, cipher::aes128}) {
            const auto text = request(with_number(size), by);
            till.says(text.substr(0, text.size() - 1), 1);
            ASSERT_THAT(till.asks(), SizeIs(0)) << size;
            till.says(text.substr(text.size() - 1));
            const auto asked_for = till.asks();
            ASSERT_THAT(asked_for, SizeIs(1)) << size;
            EXPECT_EQ(asked_for[0].of.size(), size);
            EXPECT_EQ(till.bridge->timer(), std::nullopt);
            till.is_told(problem{.tag = asked_for[0].tag, .order = {}, .code = {}, .text = {}});
            EXPECT_EQ(opened_answer(till.hears(), by)["respcd"], "4005");
        }
}

TEST_F(TcpTest, CutAnywhereItIsTheSame)
{
    const auto text = request(payment_pairs);
    for (std::size_t at = 0; at <= text.size(); ++at) {
        till_end one{{.wraps = wrapping::tcp}};
        one.says(text.substr(0, at));
        one.says(text.substr(at));
        ASSERT_THAT(one.asks(), SizeIs(1)) << at;
        EXPECT_EQ(one.hears(), "");
    }
}

TEST_F(TcpTest, MessagesMayFollowEachOtherWithoutADelimiter)
{
    for (std::size_t size = 1; size < 50; ++size) {
        till_end one{{.wraps = wrapping::tcp}};
        one.says(request(with_number(size)) + request(with_number(size + 1)) +
                 request("func_type=5001"));
        EXPECT_THAT(one.asks(), SizeIs(3)) << size;
    }
}

TEST_F(TcpTest, TheAnswerEndsAsTheTillsLinesDo)
{
    const auto end_after = [](const std::string& line_end) {
        till_end one{{.wraps = wrapping::tcp}};
        one.says(request("func_type=3002") + line_end);
        one.is_told(done{.tag = one.asks().at(0).tag, .what = "summary", .text = {}, .fields = {}});
        const auto text = one.hears();
        return text.substr(text.find_last_not_of("\r\n") + 1);
    };
    EXPECT_EQ(end_after(""), "");
    EXPECT_EQ(end_after("\n"), "\n");
    EXPECT_EQ(end_after("\r\n"), "\r\n");
}

TEST_F(TcpTest, Base64MayBeWrittenOverLinesOrInQuotes)
{
    const auto text = request(payment_pairs + ",zz='" + std::string(500, 'x') + "'");
    std::string lines = "\"";
    for (std::size_t at = 0; at < text.size(); at += 76)
        lines += text.substr(at, 76) + "\r\n";
    till.says(lines + "\"");
    EXPECT_THAT(till.asks(), SizeIs(1));
    EXPECT_EQ(till.hears(), "");
}

TEST_F(TcpTest, ACancelIsServedWhileThePaymentRuns)
{
    till.says(request(payment_pairs));
    const auto payment = till.asks().at(0);
    till.says(request("func_type=5001", cipher::aes128));
    const auto cancel = till.asks().at(0);
    EXPECT_EQ(cancel.what, verb::cancel);
    EXPECT_NE(cancel.tag, payment.tag);
    till.is_told(done{
        .tag = cancel.tag, .what = "cancel", .safe_to_retry = false, .text = {}, .fields = {}});
    EXPECT_EQ(opened_answer(till.hears(), cipher::aes128)["respcd"], "6000");
    till.is_told(outcome_in(order_state::cancelled, payment.tag));
    EXPECT_EQ(opened_answer(till.hears(), cipher::aes256)["respcd"], "6001");
}

TEST_F(TcpTest, ManyRequestsAtOnceAreBounded)
{
    for (std::size_t i = 0; i < pending_max; ++i)
        till.says(request("func_type=3002"));
    EXPECT_THAT(till.asks(), SizeIs(pending_max));
    till.says(request("func_type=3002"));
    EXPECT_THAT(till.asks(), SizeIs(0));
    EXPECT_EQ(opened_answer(till.hears(), cipher::aes256)["respcd"], "4005");
}

TEST_F(TcpTest, NoiseBeforeAMessageIsPassedOver)
{
    for (const std::string noise :
         {"\n", "hello\r\n", "hello, till!\n", "\x01\x02", "AAAA\n", "{"}) {
        till_end one{{.wraps = wrapping::tcp}};
        one.says(noise + request(payment_pairs));
        EXPECT_THAT(one.asks(), SizeIs(1)) << noise;
        EXPECT_EQ(one.hears(), "");
    }
}

TEST_F(TcpTest, NoiseAloneGetsOneErrorAfterASilence)
{
    till.says("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(till.hears(), "");
    goes_silent();
    EXPECT_EQ(opened_answer(till.hears(), {})["respcd"], "5001");
    till.says(request(payment_pairs));
    EXPECT_THAT(till.asks(), SizeIs(1));
}

TEST_F(TcpTest, ATillThatStopsInTheMiddleIsToldSo)
{
    const auto text = request(payment_pairs);
    till.says(text.substr(0, 40));
    goes_silent();
    EXPECT_EQ(opened_answer(till.hears(), {})["respcd"], "5001");
    till.says(text.substr(40));  // the rest is no message
    EXPECT_EQ(opened_answer(till.hears(), {})["respcd"], "5001");
    EXPECT_THAT(till.asks(), SizeIs(0));
    till.says(text);
    EXPECT_THAT(till.asks(), SizeIs(1));
}

TEST_F(TcpTest, EveryByteRestartsTheGap)
{
    till.says("A");
    const auto first = till.bridge->timer();
    till.says("A");
    EXPECT_NE(till.bridge->timer(), first);
}

TEST_F(TcpTest, AWrongKeyIsNamed)
{
    auto other = key;
    other[0] = 'a';
    till.says(encrypted(field_form("func_type=5001"), cipher::aes256, other));
    EXPECT_THAT(till.asks(), SizeIs(0));
    EXPECT_EQ(opened_answer(till.hears(), {})["respcd"], "5001");
    // Our cipher, another digest: that can be answered in its own cipher.
    till.says(encrypted("{content:{func_type=5001}, digest:'00'}", cipher::aes128, key));
    EXPECT_THAT(till.asks(), SizeIs(0));
    EXPECT_EQ(opened_answer(till.hears(), cipher::aes128)["respcd"], "4003");
}

TEST_F(TcpTest, NoChangedByteMakesAnotherCommand)
{
    const auto good = request("amt=12.34,channel='wx',func_type=1001");
    for (std::size_t at = 0; at < good.size(); ++at)
        for (const char wrong : {'A', 'z', '0', '+', '=', '\n', '\0'}) {
            if (good[at] == wrong) continue;
            till_end one{{.wraps = wrapping::tcp}};
            auto text = good;
            text[at] = wrong;
            one.says(text);
            if (one.bridge->timer()) one.bridge->elapsed(one.out);
            ASSERT_THAT(one.asks(), SizeIs(0)) << at;
            ASSERT_NE(one.hears(), "") << at;
        }
}

TEST_F(TcpTest, TooMuchIsOneErrorEachTimeAndThenTheEnd)
{
    till.says(std::string(message_size_max + 1, 'A'), 1000);
    EXPECT_EQ(opened_answer(till.hears(), {})["respcd"], "4006");
    EXPECT_FALSE(till.out.hang_up);
    till.says(std::string((message_size_max + 1) * bad_requests_max, '\x01'), 8192);
    EXPECT_TRUE(till.out.hang_up);
}

TEST_F(TcpTest, WithoutEncryptionAnObjectIsAMessage)
{
    till_end one{{.wraps = wrapping::tcp, .encryption = false}};
    const auto text = field_form("amt=1,channel='wx',func_type=1001,out_trade_no='a}\"{b'");
    for (std::size_t at = 0; at <= text.size(); ++at) {
        one.says(text.substr(0, at));
        one.says(text.substr(at));
        const auto asked_for = one.asks();
        ASSERT_THAT(asked_for, SizeIs(1)) << at;
        one.is_told(outcome_in(order_state::declined, asked_for[0].tag));
        EXPECT_EQ(opened_answer(one.hears(), {})["respcd"], "6002");
    }
    one.says("noise" + text + "\r\n" + text + request("func_type=5001"));
    EXPECT_THAT(one.asks(), SizeIs(3));
    one.says("{content:{func_type=5001}, digest:'00'}");
    EXPECT_EQ(opened_answer(one.hears(), {})["respcd"], "4003");
    one.says("{a}");
    EXPECT_EQ(opened_answer(one.hears(), {})["respcd"], "4006");
    EXPECT_THAT(one.asks(), SizeIs(0));
}

}  // namespace
}  // namespace ecr::protocol::till::qfpay_local
