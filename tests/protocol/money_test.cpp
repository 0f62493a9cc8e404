#include "protocol/money.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <string>

namespace ecr {
namespace {

struct amount_case {
    std::string name;
    std::string text;
    std::int64_t minor_units;  // of a good amount
    error_code error;

    friend void PrintTo(const amount_case& c, std::ostream* out)
    {
        *out << c.name << ": " << c.text;
    }
};

class ParseAmountTest : public testing::TestWithParam<amount_case> {};

TEST_P(ParseAmountTest, TakesWholeMinorUnitsOnly)
{
    const auto amount = parse_amount(GetParam().text);
    ASSERT_EQ(amount.has_value(), !GetParam().error);
    if (amount) {
        EXPECT_EQ(amount->minor_units(), GetParam().minor_units);
    } else {
        EXPECT_EQ(amount.error(), GetParam().error);
    }
}

// clang-format off
const amount_case amount_cases[] = {
    // name            text                    minor units    error
    {"One",            "1",                    1,             {}},
    {"Plain",          "110",                  110,           {}},
    {"LeadingZeros",   "000110",               110,           {}},
    {"Largest",        "2147483647",           2'147'483'647, {}},
    {"AboveLargest",   "2147483648",           0,             errc::amount_too_large},
    {"LargestInt64",   "9223372036854775807",  0,             errc::amount_too_large},
    {"AboveInt64",     "9223372036854775808",  0,             errc::amount_too_large},
    {"WrapsTo110",     "18446744073709551726", 0,             errc::amount_too_large},
    {"Zero",           "0",                    0,             errc::bad_amount},
    {"Zeros",          "0000",                 0,             errc::bad_amount},
    {"Empty",          "",                     0,             errc::bad_amount},
    {"Point",          "1.10",                 0,             errc::bad_amount},
    {"WholePoint",     "110.0",                0,             errc::bad_amount},
    {"Comma",          "1,10",                 0,             errc::bad_amount},
    {"Negative",       "-110",                 0,             errc::bad_amount},
    {"Plus",           "+110",                 0,             errc::bad_amount},
    {"BlankFirst",     " 110",                 0,             errc::bad_amount},
    {"BlankLast",      "110 ",                 0,             errc::bad_amount},
    {"Exponent",       "1e2",                  0,             errc::bad_amount},
    {"Hexadecimal",    "0x6E",                 0,             errc::bad_amount},
    {"Letters",        "abc",                  0,             errc::bad_amount},
    {"FullWidthDigit", "\xEF\xBC\x91",         0,             errc::bad_amount},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, ParseAmountTest, testing::ValuesIn(amount_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(MoneyTest, IsPositive)
{
    EXPECT_EQ(money::of(0).error(), errc::bad_amount);
    EXPECT_EQ(money::of(-1).error(), errc::bad_amount);
    EXPECT_EQ(money::of(INT64_MIN).error(), errc::bad_amount);
    EXPECT_EQ(money::of(1).value().minor_units(), 1);
}

TEST(MoneyTest, IsBounded)
{
    EXPECT_EQ(money::of(money::minor_units_max).value().minor_units(), money::minor_units_max);
    EXPECT_EQ(money::of(money::minor_units_max + 1).error(), errc::amount_too_large);
    EXPECT_EQ(money::of(INT64_MAX).error(), errc::amount_too_large);
}

TEST(MoneyTest, Compares)
{
    EXPECT_EQ(money::of(110).value(), parse_amount("110").value());
    EXPECT_LT(money::of(109).value(), money::of(110).value());
    EXPECT_GT(money::of(111).value(), money::of(110).value());
}

struct shown_case {
    std::int64_t minor_units;
    std::string text;

    friend void PrintTo(const shown_case& c, std::ostream* out) { *out << c.minor_units; }
};

class ForPeopleTest : public testing::TestWithParam<shown_case> {};

TEST_P(ForPeopleTest, HasTwoDecimals)
{
    EXPECT_EQ(for_people(money::of(GetParam().minor_units).value()), GetParam().text);
}

const shown_case shown_cases[] = {{1, "0.01"},   {9, "0.09"},       {10, "0.10"},
                                  {99, "0.99"},  {100, "1.00"},     {105, "1.05"},
                                  {110, "1.10"}, {12345, "123.45"}, {2'147'483'647, "21474836.47"}};

INSTANTIATE_TEST_SUITE_P(Table, ForPeopleTest, testing::ValuesIn(shown_cases));

}  // namespace
}  // namespace ecr
