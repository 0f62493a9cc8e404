#include "protocol/till/text_encoding.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace ecr::protocol::till {
namespace {

constexpr text_encoding all_encodings[]{text_encoding::ascii, text_encoding::utf8,
                                        text_encoding::gbk, text_encoding::gb18030,
                                        text_encoding::big5};

struct both_ways_case {
    std::string name;
    text_encoding encoding;
    std::string bytes;
    std::string utf8;

    friend void PrintTo(const both_ways_case& c, std::ostream* out) { *out << c.name; }
};

class TextEncodingTest : public testing::TestWithParam<both_ways_case> {};

TEST_P(TextEncodingTest, ReadsAndWritesTheSameCharacters)
{
    const auto& c = GetParam();
    EXPECT_EQ(to_utf8(c.bytes, c.encoding), c.utf8);
    EXPECT_EQ(from_utf8(c.utf8, c.encoding), c.bytes);
    EXPECT_TRUE(can_write(c.utf8, c.encoding));
    EXPECT_EQ(unmarked_bytes(marked_utf8(c.bytes, c.encoding), c.encoding), c.bytes);
    EXPECT_EQ(marked_utf8(c.bytes, c.encoding), c.utf8);
}

// The bytes were made with another converter than ours, CPython's.
// clang-format off
const both_ways_case both_ways[] = {
    {"Ascii",             text_encoding::ascii,   "A \\ \" 1",                 "A \\ \" 1"},
    {"Utf8",              text_encoding::utf8,    "\xE5\xA5\xB6\xE8\x8C\xB6",  "\xE5\xA5\xB6\xE8\x8C\xB6"},
    {"Utf8OfFourBytes",   text_encoding::utf8,    "\xF0\xA0\xAE\xB7",          "\xF0\xA0\xAE\xB7"},
    {"Gbk",               text_encoding::gbk,     "\xC4\xCC\xB2\xE8",          "\xE5\xA5\xB6\xE8\x8C\xB6"},
    {"GbkWithABackslash", text_encoding::gbk,     "\x81\x5C\xDF\x5C\"",        "\xE4\xB9\x97\xE9\x81\x8B\""},
    {"GbkEuro",           text_encoding::gbk,     "\x80" "5",               "\xE2\x82\xAC" "5"},
    {"GbkWithABar",       text_encoding::gbk,     "\x83\x7C",                  "\xE5\x84\x84"},
    {"Gb18030",           text_encoding::gb18030, "\xC4\xCC\xB2\xE8",          "\xE5\xA5\xB6\xE8\x8C\xB6"},
    {"Gb18030OfFour",     text_encoding::gb18030, "a\x95\x34\xB2\x35z",        "a\xF0\xA0\xAE\xB7z"},
    {"Gb18030Blocks",     text_encoding::gb18030, "\x81\x37\x99\x32\xA8\x7B\xA8\x80", "\xE2\x96\x80\xE2\x96\x84\xE2\x96\x88"},
    {"Big5",              text_encoding::big5,    "\xA5\xA4\xAF\xF9",          "\xE5\xA5\xB6\xE8\x8C\xB6"},
    {"Big5WithABackslash",text_encoding::big5,    "\xB3\x5C\xA5\x5C\xBB\x5C",  "\xE8\xA8\xB1\xE5\x8A\x9F\xE8\x93\x8B"},
    {"Big5OfHongKong",    text_encoding::big5,    "\x94\xDC\x9D\xEE",          "\xE5\x95\xAB\xE3\x97\x8E"},
};
// clang-format on
INSTANTIATE_TEST_SUITE_P(Characters, TextEncodingTest, testing::ValuesIn(both_ways),
                         [](const auto& instance) { return instance.param.name; });

struct broken_case {
    std::string name;
    text_encoding encoding;
    std::string bytes;
    std::string utf8;

    friend void PrintTo(const broken_case& c, std::ostream* out) { *out << c.name; }
};

class BrokenTextTest : public testing::TestWithParam<broken_case> {};

TEST_P(BrokenTextTest, IsReplacedAndNothingAroundItIsLost)
{
    const auto& c = GetParam();
    EXPECT_EQ(to_utf8(c.bytes, c.encoding), c.utf8);
    // For a digest nothing may be lost either.
    EXPECT_EQ(unmarked_bytes(marked_utf8(c.bytes, c.encoding), c.encoding), c.bytes);
}

// clang-format off
const broken_case broken[] = {
    {"AsciiHasNoMore",    text_encoding::ascii,   "a\xE5\xA5z",           "a??z"},
    {"Latin1",            text_encoding::utf8,    "caf\xE9 x",            "caf? x"},
    {"Utf8CutShort",      text_encoding::utf8,    "\xE5\xA5\"",           "?\""},
    {"Utf8AtTheEnd",      text_encoding::utf8,    "a\xF0\xA0\xAE",        "a?"},
    {"Overlong",          text_encoding::utf8,    "\xC0\xAF\xE0\x80\xAF", "?????"},
    {"Surrogate",         text_encoding::utf8,    "\xED\xA0\x80",         "???"},
    {"AboveUnicode",      text_encoding::utf8,    "\xF4\x90\x80\x80",     "????"},
    {"AMarkOfOurs",       text_encoding::utf8,    "\xF4\x8F\xBE\x80",     "\xF4\x8F\xBE\x80"},
    {"GbkLeadAtTheEnd",   text_encoding::gbk,     "goods=\xC4",           "goods=?"},
    {"GbkLeadAndQuote",   text_encoding::gbk,     "\"\xC4\" x=1",         "\"?\" x=1"},
    {"GbkLeadAndEnd",     text_encoding::gbk,     "\xC4\r\n",             "?\r\n"},
    {"GbkLeadAndDigit",   text_encoding::gbk,     "\xC4" "7",             "?7"},
    {"GbkNobodysPair",    text_encoding::gbk,     "\xFE\x5Cx",            "?x"},
    {"GbkNeverALead",     text_encoding::gbk,     "\xFF\xFF!",            "?" "?!"},
    {"Gb18030HalfOfFour", text_encoding::gb18030, "\x95\x34\xB2",         "?4?"},
    {"Gb18030NobodysFour",text_encoding::gb18030, "\xFE\x39\xFE\x39z",    "?z"},
    {"Big5NobodysPair",   text_encoding::big5,    "\x81\x5C|",            "?|"},
    {"Big5LeadAndTrail",  text_encoding::big5,    "\xA5\x90z",            "?z"},
};
// clang-format on
INSTANTIATE_TEST_SUITE_P(Bytes, BrokenTextTest, testing::ValuesIn(broken),
                         [](const auto& instance) { return instance.param.name; });

TEST(TextEncodingWritingTest, WhatCannotBeWrittenIsOneQuestionMarkACharacter)
{
    const std::string text =
        "a\xE2\x98\x83\xF0\x9F\x98\x80\xE5\xA5\xB6\xFFz";  // snowman, face, milk
    EXPECT_EQ(from_utf8(text, text_encoding::gbk), "a??\xC4\xCC?z");
    EXPECT_EQ(from_utf8(text, text_encoding::big5), "a??\xA5\xA4?z");
    EXPECT_EQ(from_utf8(text, text_encoding::ascii), "a????z");
    EXPECT_FALSE(can_write(text, text_encoding::gbk));
}

TEST(TextEncodingWritingTest, JsonHoldsNoBackslashInsideOfACharacter)
{
    EXPECT_EQ(json_from_utf8("{\"a\":\"\xE8\xA8\xB1\\\"\xE5\xA5\xB6\"}", text_encoding::big5),
              "{\"a\":\"\\u8a31\\\"\xA5\xA4\"}");
    EXPECT_EQ(json_from_utf8("\xE8\xA8\xB1", text_encoding::utf8), "\xE8\xA8\xB1");
}

TEST(TextEncodingWritingTest, ATextIsCutBetweenCharacters)
{
    const std::string text = "a\xE5\xA5\xB6\xE8\x8C\xB6";
    EXPECT_EQ(fitted(text, text_encoding::gbk, 5), "a\xC4\xCC\xB2\xE8");
    EXPECT_EQ(fitted(text, text_encoding::gbk, 4), "a\xC4\xCC");
    EXPECT_EQ(fitted(text, text_encoding::utf8, 6), "a\xE5\xA5\xB6");
    EXPECT_EQ(fitted(text, text_encoding::ascii, 6), "a??");
    EXPECT_EQ(fitted("a\x03\n\x7F", text_encoding::gbk, 9), "a???");
    // What follows upon the cut is not taken, however short it is.
    EXPECT_EQ(fitted("a\xE5\xA5\xB6z", text_encoding::gbk, 2), "a");
}

TEST(TextEncodingWritingTest, EveryEncodingIsAvailableAndNamed)
{
    for (const auto encoding : all_encodings) {
        EXPECT_TRUE(is_available(encoding));
        EXPECT_NE(name_of(encoding), "?");
    }
    EXPECT_EQ(name_of(static_cast<text_encoding>(99)), "?");
}

TEST(TextEncodingWritingTest, MarksAreForPeopleQuestionMarks)
{
    EXPECT_EQ(without_marks(marked_utf8("a\xFF\xC4\xCC", text_encoding::gbk)), "a?\xE5\xA5\xB6");
}

// All of Unicode's first plane, and the pairs of bytes there are: no table is trusted.
TEST(TextEncodingWritingTest, NoCharacterBringsAByteThatMeansSomethingElse)
{
    for (const auto encoding : {text_encoding::gbk, text_encoding::gb18030, text_encoding::big5}) {
        for (unsigned c = 0x80; c < 0x10000; ++c) {
            if (c >= 0xD800 && c < 0xE000) continue;
            std::string utf8;
            if (c < 0x800)
                utf8 = static_cast<char>(0xC0U | c >> 6U);
            else
                utf8 = {static_cast<char>(0xE0U | c >> 12U),
                        static_cast<char>(0x80U | (c >> 6U & 63U))};
            utf8 += static_cast<char>(0x80U | (c & 63U));
            const auto bytes = from_utf8(utf8, encoding);
            if (bytes == "?") continue;
            ASSERT_GE(static_cast<unsigned char>(bytes[0]), 0x80) << name_of(encoding) << ' ' << c;
            for (const char byte : bytes)
                ASSERT_GE(static_cast<unsigned char>(byte), 0x30) << name_of(encoding) << ' ' << c;
            // What we have written is one character to whoever reads it by pairs.
            ASSERT_EQ(to_utf8(bytes + "\"", encoding).back(), '"');
            ASSERT_EQ(from_utf8(to_utf8(bytes, encoding), encoding), bytes) << c;
        }
    }
}

TEST(TextEncodingMutationTest, AnyBytesBecomeTextAndNoneIsLostToADigest)
{
    std::mt19937 random{1};  // its sequence is fixed by the standard
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes(random() % 24, '\0');
        for (char& c : bytes)
            c = static_cast<char>(random() % 3 == 0 ? random() % 128 : 128 + random() % 128);
        for (const auto encoding : all_encodings) {
            const auto text = to_utf8(bytes, encoding);
            ASSERT_TRUE(can_write(text, text_encoding::utf8)) << i;
            ASSERT_EQ(unmarked_bytes(marked_utf8(bytes, encoding), encoding), bytes)
                << i << ' ' << name_of(encoding);
            second_bytes seconds{encoding};
            std::size_t singles = 0;  // bytes of ASCII that stand for themselves
            for (const char c : bytes)
                if (!seconds.is_second(c) && static_cast<unsigned char>(c) < 0x80) ++singles;
            if (encoding != text_encoding::gb18030) {
                std::size_t kept = 0;
                for (const char c : text)
                    if (static_cast<unsigned char>(c) < 0x80 && c != '?') ++kept;
                ASSERT_LE(kept, singles) << i << ' ' << name_of(encoding);
            }
        }
    }
}

}  // namespace
}  // namespace ecr::protocol::till
