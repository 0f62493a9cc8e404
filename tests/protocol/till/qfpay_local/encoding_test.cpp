// Plain text in other bytes than UTF-8: these bytes are encrypted, framed and digested.
#include "protocol/json.hpp"
#include "tests/protocol/till/qfpay_local/till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace ecr::protocol::till::qfpay_local {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

enum class form { json, text_of_json, fields };

/// A payment with a subject in the till's bytes, and the digest that such a till makes of them.
std::string payment_with(const std::string& subject, form as)
{
    const auto digest =
        digest_of_text("{amt=5,func_type=1001,out_trade_no='A1',subject='" + subject + "'}", key);
    const std::string content =
        R"({"amt":5,"func_type":1001,"out_trade_no":"A1","subject":")" + subject + "\"}";
    if (as == form::json) return "{\"content\":" + content + ",\"digest\":\"" + digest + "\"}";
    if (as == form::fields)
        return "{content:{amt=5,func_type=1001,out_trade_no='A1',subject='" + subject +
               "'}, digest:'" + digest + "'}";
    std::string escaped;
    second_bytes seconds{text_encoding::gbk};
    for (const char c : content) {
        const bool second = seconds.is_second(c);
        if (c == '"' && !second) escaped += '\\';
        escaped += c;
    }
    return "{\"content\":\"" + escaped + "\",\"digest\":\"" + digest + "\"}";
}

std::string wrapped(wrapping wraps, const std::string& text)
{
    switch (wraps) {
        case wrapping::http: return post("/api/pos/trade", text);
        case wrapping::tcp: return text;
        case wrapping::serial: return framed(frame_type::request, 1, text);
    }
    return {};
}

std::string unwrapped(wrapping wraps, const std::string& bytes)
{
    switch (wraps) {
        case wrapping::http: return http_answers(bytes).at(0).body;
        case wrapping::tcp: return bytes;
        case wrapping::serial: return frames_in(bytes).at(0).piece;
    }
    return {};
}

struct words_case {
    std::string name;
    text_encoding encoding;
    std::string bytes;
    std::string utf8;  // "": the bytes are no text
};

using parameters = std::tuple<words_case, wrapping, bool>;

class QfpayEncodingTest : public testing::TestWithParam<parameters> {};

TEST_P(QfpayEncodingTest, ARequestIsServedAndAnsweredInItsBytes)
{
    const auto& [c, wraps, encrypts] = GetParam();
    for (const auto as : {form::json, form::text_of_json, form::fields})
        for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::string::npos}) {
            till_end till{{.wraps = wraps, .encryption = encrypts, .encoding = c.encoding}};
            const auto plain = payment_with(c.bytes, as);
            till.says(wrapped(wraps, encrypts ? encrypted(plain, cipher::aes128, key) : plain),
                      piece);
            const auto asked = till.asks();
            ASSERT_THAT(asked, SizeIs(1)) << static_cast<int>(as);
            EXPECT_EQ(asked[0].order, "A1");
            (void)till.hears();  // the 20 of a frame
            till.is_told(problem{
                .tag = asked[0].tag, .order = {}, .code = result_code::refused, .text = c.utf8});
            auto answer = unwrapped(wraps, till.hears());
            if (encrypts) answer = decrypted(answer, cipher::aes128, key).value();
            const auto read = parse_json(to_utf8(answer, c.encoding));
            ASSERT_TRUE(read) << answer;
            EXPECT_EQ((*read)["respmsg"], c.utf8);
        }
}

// clang-format off
const words_case words[] = {
    {"Utf8",           text_encoding::utf8,    "\xE5\xA5\xB6",              "\xE5\xA5\xB6"},
    {"Gbk",            text_encoding::gbk,     "\xC4\xCC\xB2\xE8",          "\xE5\xA5\xB6\xE8\x8C\xB6"},
    {"GbkBackslash",   text_encoding::gbk,     "\xDF\x5C",                  "\xE9\x81\x8B"},
    {"GbkBraces",      text_encoding::gbk,     "\x83\x7D\x83\x7B",          "\xE5\x84\x85\xE5\x84\x83"},
    {"GbkBroken",      text_encoding::gbk,     "\xC4\xCC\xFF",              ""},
    {"Big5Backslash",  text_encoding::big5,    "\xB3\x5C\xA5\x5C\xBB\x5C",  "\xE8\xA8\xB1\xE5\x8A\x9F\xE8\x93\x8B"},
    {"Gb18030OfFour",  text_encoding::gb18030, "\x95\x34\xB2\x35",          "\xF0\xA0\xAE\xB7"},
};
// clang-format on
std::string name_of_case(const testing::TestParamInfo<parameters>& instance)
{
    static constexpr const char* names[] = {"Http", "Tcp", "Serial"};
    const auto& [c, wraps, encrypts] = instance.param;
    return c.name + names[static_cast<std::size_t>(wraps)] + (encrypts ? "Aes" : "Plain");
}

INSTANTIATE_TEST_SUITE_P(Words, QfpayEncodingTest,
                         testing::Combine(testing::ValuesIn(words),
                                          testing::Values(wrapping::http, wrapping::tcp,
                                                          wrapping::serial),
                                          testing::Bool()),
                         name_of_case);

TEST(QfpayEncodingRuleTest, ADigestOverUtf8IsAcceptedToo)
{
    const std::string utf8 = "{amt=5,func_type=1001,out_trade_no='A1',subject='\xE5\xA5\xB6'}";
    till_end till{{.wraps = wrapping::tcp, .encryption = false, .encoding = text_encoding::gbk}};
    till.says(R"({"content":{"amt":5,"func_type":1001,"out_trade_no":"A1","subject":"\u5976"},)"
              R"("digest":")" +
              digest_of_text(utf8, key) + "\"}");
    EXPECT_THAT(till.asks(), SizeIs(1));
}

TEST(QfpayEncodingRuleTest, OtherBytesThanThoseDigestedAreRefused)
{
    auto text = payment_with("\xC4\xCC", form::json);
    text.replace(text.find("\xC4\xCC"), 2, "\xC4\xCD");
    till_end till{{.wraps = wrapping::tcp, .encryption = false, .encoding = text_encoding::gbk}};
    till.says(text);
    EXPECT_THAT(till.asks(), SizeIs(0));
    EXPECT_EQ(opened_answer(till.hears(), {})["respcd"], "4003");
}

TEST(QfpayEncodingRuleTest, HttpSaysWhichBytesItsJsonIsMadeOf)
{
    till_end till{{.encryption = false, .encoding = text_encoding::big5}};
    till.says("GET / HTTP/1.1\r\nHost: b\r\n\r\n");
    EXPECT_THAT(till.hears(), HasSubstr("Content-Type: application/json; charset=big5\r\n"));
}

TEST(QfpayEncodingRuleTest, ALongTextIsCutBetweenCharacters)
{
    till_end till{{.wraps = wrapping::tcp, .encryption = false, .encoding = text_encoding::gbk}};
    till.says(payment_with("x", form::json));
    std::string text = "a";
    for (int i = 0; i < 300; ++i)
        text += "\xE5\xA5\xB6";
    till.is_told(problem{
        .tag = till.asks().at(0).tag, .order = {}, .code = result_code::refused, .text = text});
    const auto answer = parse_json(to_utf8(till.hears(), text_encoding::gbk)).value();
    const auto said = answer["respmsg"].get<std::string>();
    EXPECT_TRUE(text.starts_with(said));
    EXPECT_EQ(said.size(), 511U);
}

// Any bytes in the plain text, any encoding: an answer comes, and it can be read.
TEST(QfpayEncodingMutationTest, EveryRequestIsAnswered)
{
    std::mt19937 random{1};
    for (int i = 0; i < 6'000; ++i) {
        const auto encoding = static_cast<text_encoding>(i % 5);
        auto plain = payment_with("\xDF\x5C\xC4\xCC", static_cast<form>(i % 3));
        for (auto n = 1 + random() % 4; n > 0; --n) {
            const auto at = random() % plain.size();
            if (random() % 2 == 0)
                plain[at] = static_cast<char>(random());
            else
                plain.insert(at, 1, static_cast<char>(random()));
        }
        till_end till{{.wraps = wrapping::http, .encoding = encoding}};
        till.says(post("/api/pos/trade", encrypted(plain, cipher::aes256, key)));
        for (const auto& asked : till.asks())
            till.is_told(problem{.tag = asked.tag, .order = {}, .code = {}, .text = plain});
        const auto body = http_answers(till.hears()).at(0).body;
        const auto clear =
            body.starts_with('{') ? body : decrypted(body, cipher::aes256, key).value();
        ASSERT_TRUE(parse_json(to_utf8(clear, encoding))) << i;
    }
}

}  // namespace
}  // namespace ecr::protocol::till::qfpay_local
