// Tills that write Chinese as other bytes than UTF-8.
#include "protocol/json.hpp"
#include "tests/protocol/till/line/framed_till.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ecr::protocol::till::line {
namespace {

const std::string xu_gong_gai = "\xE8\xA8\xB1\xE5\x8A\x9F\xE8\x93\x8B";  // 許功蓋

struct words_case {
    std::string name;
    text_encoding encoding;
    std::string bytes;
    std::string utf8;

    friend void PrintTo(const words_case& c, std::ostream* out) { *out << c.name; }
};

class LineEncodingTest : public testing::TestWithParam<words_case> {};

TEST_P(LineEncodingTest, ALineMeansTheSameHoweverItIsCut)
{
    const auto& c = GetParam();
    const auto text = "qr order=A1 amount=110 goods=\"" + c.bytes + "\" channel=wx\r\n";
    const auto as_json = R"({"verb":"qr","order":"A1","amount":110,"goods":")" + c.bytes +
                         R"(","channel":"wx"})" + "\n";
    for (const auto& wire : {text, as_json})
        for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
            till_end till{{.encoding = c.encoding}};
            till.says(wire, piece);
            ASSERT_EQ(till.hears(), "") << piece;
            ASSERT_EQ(till.out.commands.size(), 1U) << piece;
            EXPECT_EQ(till.out.commands[0].goods, c.utf8);
            EXPECT_EQ(till.out.commands[0].via, channel::wx);
        }
}

TEST_P(LineEncodingTest, AFramedLineIsSummedOverItsBytes)
{
    const auto& c = GetParam();
    till_end till{{.frames = framing::stx, .encoding = c.encoding}};
    till.says(frame("qr order=A1 amount=110 goods=\"" + c.bytes + "\""));
    ASSERT_EQ(till.out.commands.size(), 1U);
    EXPECT_EQ(till.out.commands[0].goods, c.utf8);
    EXPECT_EQ(till.hears(), ack);
    till.is_told(1, problem{.tag = {}, .order = "A1", .code = result_code::busy, .text = c.utf8});
    EXPECT_EQ(till.hears(),
              frame("error order=A1 code=33 safe_to_retry=yes text=\"" + c.bytes + '"'));
}

TEST_P(LineEncodingTest, AReplyIsInTheTillsBytes)
{
    const auto& c = GetParam();
    till_end till{{.encoding = c.encoding}};
    till.is_told(1, problem{.tag = {}, .order = "A1", .code = result_code::busy, .text = c.utf8});
    EXPECT_EQ(till.hears(),
              "error order=A1 code=33 safe_to_retry=yes text=\"" + c.bytes + "\"\r\n");
}

// A reader that takes bytes for characters must find the end of the text, and one that converts
// first the same text.
TEST_P(LineEncodingTest, JsonIsReadTheSameBeforeAndAfterConversion)
{
    const auto& c = GetParam();
    till_end till{{.encoding = c.encoding}};
    till.is_told(1, problem{.tag = "{", .order = "A1", .code = result_code::busy, .text = c.utf8});
    const auto bytes = till.hears();
    EXPECT_EQ(parse_json(to_utf8(bytes, c.encoding)).value()["text"], c.utf8);
    std::string letters;  // what a reader of bytes sees of it: one for each
    for (const char b : bytes)
        letters += static_cast<unsigned char>(b) < 0x80 ? b : 'x';
    EXPECT_TRUE(parse_json(letters)) << letters;
}

// clang-format off
const words_case words[] = {
    {"Utf8",               text_encoding::utf8,    "\xE5\xA5\xB6\xE8\x8C\xB6",  "\xE5\xA5\xB6\xE8\x8C\xB6"},
    {"Gbk",                text_encoding::gbk,     "\xC4\xCC\xB2\xE8",          "\xE5\xA5\xB6\xE8\x8C\xB6"},
    {"GbkBackslashAtEnd",  text_encoding::gbk,     "a\xDF\x5C",                 "a\xE9\x81\x8B"},
    {"GbkBar",             text_encoding::gbk,     "\x83\x7C z",                "\xE5\x84\x84 z"},
    {"GbkBraces",          text_encoding::gbk,     "\x83\x7B\x83\x7D",          "\xE5\x84\x83\xE5\x84\x85"},
    {"Big5Backslashes",    text_encoding::big5,    "\xB3\x5C\xA5\x5C\xBB\x5C",  xu_gong_gai},
    {"Big5HongKong",       text_encoding::big5,    "\x94\xDC",                  "\xE5\x95\xAB"},
    {"Gb18030Digits",      text_encoding::gb18030, "\x95\x34\xB2\x35" "4",      "\xF0\xA0\xAE\xB7" "4"},
};
// clang-format on
INSTANTIATE_TEST_SUITE_P(Words, LineEncodingTest, testing::ValuesIn(words),
                         [](const auto& instance) { return instance.param.name; });

TEST(LineEncodingRuleTest, WithoutASettingALineThatIsNotUtf8IsRefused)
{
    till_end till;
    till.says("qr order=A1 amount=110 goods=\xC4\xCC\r\n");
    EXPECT_TRUE(till.out.commands.empty());
    EXPECT_NE(till.hears().find("not UTF-8"), std::string::npos);
}

TEST(LineEncodingRuleTest, BrokenTextIsReplacedAndTheLineServed)
{
    till_end till{{.encoding = text_encoding::gbk}};
    till.says("qr order=A1 amount=110 goods=\"\xC4\xCC\xFF\xC4\" channel=wx\r\n");
    ASSERT_EQ(till.out.commands.size(), 1U);
    EXPECT_EQ(till.out.commands[0].goods, "\xE5\xA5\xB6??");
}

TEST(LineEncodingRuleTest, ABrokenOrderNumberIsRefused)
{
    for (const auto encoding : {text_encoding::ascii, text_encoding::utf8, text_encoding::gbk,
                                text_encoding::gb18030, text_encoding::big5}) {
        till_end till{{.encoding = encoding}};
        till.says(
            "pay order=A\xFF"
            "1 amount=110\r\n");
        EXPECT_TRUE(till.out.commands.empty()) << name_of(encoding);
        EXPECT_EQ(till.hears().substr(0, 6), "error ") << name_of(encoding);
    }
}

TEST(LineEncodingRuleTest, WhatTheTillCannotShowIsAQuestionMark)
{
    till_end till{{.encoding = text_encoding::ascii}};
    till.is_told(1,
                 problem{.tag = {}, .order = {}, .code = result_code::busy, .text = xu_gong_gai});
    EXPECT_EQ(till.hears(), "error code=33 safe_to_retry=yes text=\"???\"\r\n");
}

TEST(LineEncodingRuleTest, BlocksAreRefusedWhereTheyCannotBeWritten)
{
    const auto commands_in = [](text_encoding encoding) {
        till_end till{{.encoding = encoding}};
        till.says("qr order=A1 amount=110 channel=wx draw=blocks\r\n");
        EXPECT_EQ(till.hears().empty(), till.out.commands.size() == 1);
        return till.out.commands.size();
    };
    EXPECT_EQ(commands_in(text_encoding::utf8), 1U);
    EXPECT_EQ(commands_in(text_encoding::gb18030), 1U);
    EXPECT_EQ(commands_in(text_encoding::gbk), 0U);
    EXPECT_EQ(commands_in(text_encoding::big5), 0U);
    EXPECT_EQ(commands_in(text_encoding::ascii), 0U);
}

// Whatever a till sends: each line that says something gets a command or one line back, and that
// line is text of the encoding.
TEST(LineEncodingMutationTest, EveryLineIsAnsweredInTheTillsEncoding)
{
    const std::string good = "qr order=A1 amount=110 goods=\"\xC4\xCC\xDF\x5C\" text=\xB3\x5C";
    std::mt19937 random{1};
    for (int i = 0; i < 20'000; ++i) {
        const auto encoding = static_cast<text_encoding>(i % 5);
        auto line = good;
        for (auto n = 1 + random() % 6; n > 0; --n) {
            const auto at = random() % line.size();
            if (random() % 2 == 0)
                line[at] = static_cast<char>(random());
            else
                line.insert(at, 1, static_cast<char>(random()));
        }
        std::erase(line, '\n');
        till_end till{{.encoding = encoding}};
        till.says("x" + line + "\n");  // an unknown verb, unless a blank was put behind
        const auto heard = till.hears();
        ASSERT_EQ(till.out.commands.size() + lines_of(heard).size(), 1U) << i;
        ASSERT_EQ(from_utf8(to_utf8(heard, encoding), encoding), heard) << i;
    }
}

}  // namespace
}  // namespace ecr::protocol::till::line
