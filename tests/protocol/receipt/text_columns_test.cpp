#include "protocol/receipt/text_columns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

namespace ecr::protocol {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum till::text_encoding;

struct width_case {
    const char* name;
    const char* text;
    std::size_t as_utf8;
    std::size_t as_gbk;
    std::size_t as_big5;

    friend void PrintTo(const width_case& c, std::ostream* out) { *out << c.name; }
};

class TextColumnsTest : public testing::TestWithParam<width_case> {};

TEST_P(TextColumnsTest, AreThoseOfThePrinter)
{
    const auto& c = GetParam();
    EXPECT_EQ(columns_of(c.text, utf8), c.as_utf8);
    EXPECT_EQ(columns_of(c.text, gbk), c.as_gbk);
    EXPECT_EQ(columns_of(c.text, big5), c.as_big5);
}

// clang-format off
const width_case cases[] = {
    {"Nothing",     "",             0, 0, 0},
    {"Ascii",       "HKD 1.10",     8, 8, 8},
    {"Chinese",     "付款",         4, 4, 4},
    {"Mixed",       "單號 A1",      7, 7, 7},
    {"FullWidth",   "（１）",       6, 6, 6},
    {"Ambiguous",   "°",            1, 2, 2},  // GBK and Big5 have it in two bytes
    {"Accented",    "é",            1, 2, 2},  // in Big5 by Hong Kong's supplement
    {"HongKong",    "嘅",           2, 2, 2},  // in Big5 by Hong Kong's supplement
    {"Combining",   "e\xCC\x81",    1, 2, 2},  // one column, or a letter and a '?'
    {"NoUtf8",      "\xFF",         1, 1, 1},
    {"OutsideBmp",  "\xF0\xA0\xAE\xB7", 2, 1, 1},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, TextColumnsTest, testing::ValuesIn(cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(WrappedTextTest, BreaksAtBlanks)
{
    EXPECT_THAT(wrapped("one two three", 8, ascii), ElementsAre("one two", "three"));
    EXPECT_THAT(wrapped("  one  ", 8, ascii), ElementsAre("one"));
    EXPECT_THAT(wrapped("", 8, ascii), IsEmpty());
    EXPECT_THAT(wrapped("   ", 8, ascii), IsEmpty());
}

TEST(WrappedTextTest, CutsALongWord)
{
    EXPECT_THAT(wrapped("20240704000300020081", 8, ascii),
                ElementsAre("20240704", "00030002", "0081"));
}

TEST(WrappedTextTest, BreaksBetweenChineseCharacters)
{
    EXPECT_THAT(wrapped("付款方式", 5, gbk), ElementsAre("付款", "方式"));
    EXPECT_THAT(wrapped("付款ABCD", 6, gbk), ElementsAre("付款", "ABCD"));
}

TEST(WrappedTextTest, ACharacterWiderThanThePaperStaysWhole)
{
    EXPECT_THAT(wrapped("付款", 1, utf8), ElementsAre("付", "款"));
}

TEST(JustifiedTextTest, EndsAtTheRightEdge)
{
    EXPECT_THAT(justified("Total", "1.10", 12, ascii), ElementsAre("Total   1.10"));
    EXPECT_THAT(justified("合計", "1.10", 12, big5), ElementsAre("合計    1.10"));
    EXPECT_THAT(justified("Total", "123456", 12, ascii), ElementsAre("Total 123456"));
    EXPECT_THAT(justified("Total", "1234567", 12, ascii), ElementsAre("Total", "     1234567"));
    EXPECT_THAT(justified("No.", "12345678901234", 12, ascii),
                ElementsAre("No.", "123456789012", "          34"));
}

TEST(CentredTextTest, StandsInTheMiddle)
{
    EXPECT_THAT(centred("AB", 6, ascii), ElementsAre("  AB"));
    EXPECT_THAT(centred("付款", 10, gbk), ElementsAre("   付款"));
    EXPECT_THAT(centred("付款 收據", 6, big5), ElementsAre(" 付款", " 收據"));
}

}  // namespace
}  // namespace ecr::protocol
