#include "protocol/cloud/currency.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace ecr::protocol::cloud {
namespace {

struct listed {
    std::string alphabetic;
    std::string numeric;
    std::string lower_case;
    int minor_digits;
    bool confirm_before_use;
    std::string people_see_110;

    friend void PrintTo(const listed& c, std::ostream* out) { *out << c.alphabetic; }
};

class CurrencyTest : public testing::TestWithParam<listed> {};

TEST_P(CurrencyTest, IsFoundByEitherCode)
{
    const auto& expected = GetParam();
    for (const auto& code : {expected.alphabetic, expected.numeric, expected.lower_case}) {
        const auto* found = find_currency(code);
        ASSERT_NE(found, nullptr) << code;
        EXPECT_EQ(found->alphabetic, expected.alphabetic);
        EXPECT_EQ(found->numeric, expected.numeric);
        EXPECT_EQ(found->minor_digits, expected.minor_digits);
        EXPECT_EQ(found->confirm_before_use, expected.confirm_before_use);
        EXPECT_TRUE(same_currency(code, expected.numeric));
    }
}

TEST_P(CurrencyTest, IsWrittenForPeople)
{
    EXPECT_EQ(for_people(money::of(110).value(), GetParam().alphabetic), GetParam().people_see_110);
    EXPECT_EQ(for_people(money::of(110).value(), GetParam().numeric), GetParam().people_see_110);
}

// Source: contract 9, ISO 4217.
// clang-format off
const listed all_listed[] = {
    {"AED", "784", "aed", 2, false, "1.10"},
    {"AUD", "036", "aud", 2, false, "1.10"},
    {"CAD", "124", "cad", 2, false, "1.10"},
    {"CNY", "156", "cny", 2, false, "1.10"},
    {"EUR", "978", "eur", 2, false, "1.10"},
    {"HKD", "344", "hkd", 2, false, "1.10"},
    {"IDR", "360", "idr", 2, true,  "1.10"},
    {"JPY", "392", "jpy", 0, false, "110"},
    {"MMK", "104", "mmk", 2, true,  "1.10"},
    {"MYR", "458", "myr", 2, false, "1.10"},
    {"SGD", "702", "sgd", 2, false, "1.10"},
    {"THB", "764", "thb", 2, false, "1.10"},
    {"USD", "840", "usd", 2, false, "1.10"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Contract, CurrencyTest, testing::ValuesIn(all_listed),
                         [](const auto& instance) { return instance.param.alphabetic; });

TEST(CurrencyTest, AllAreInTheTable)
{
    EXPECT_EQ(currencies().size(), std::size(all_listed));
}

TEST(CurrencyTest, OfAnotherCodeIsNone)
{
    for (const auto* code : {"", "XYZ", "HK", "HKD ", "0344", "34", "999"})
        EXPECT_EQ(find_currency(code), nullptr) << code;
}

TEST(CurrencyTest, OldNamesAreKnown)
{
    EXPECT_EQ(find_currency("RMB"), find_currency("CNY"));
    EXPECT_EQ(find_currency("rmb"), find_currency("156"));
    EXPECT_EQ(find_currency("36"), find_currency("AUD"));
}

TEST(CurrencyTest, AnUnknownOneHasTwoDigitsForPeople)
{
    EXPECT_EQ(for_people(money::of(5).value(), "XYZ"), "0.05");
}

}  // namespace
}  // namespace ecr::protocol::cloud
