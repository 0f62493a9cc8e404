#include "protocol/redact.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace ecr::protocol {
namespace {

struct redaction {
    const char* name;
    const char* text;
    const char* clean;
};

void PrintTo(const redaction& c, std::ostream* out)
{
    *out << c.name;
}

class MaskedCardTest : public testing::TestWithParam<redaction> {};
class TextWithCardsTest : public testing::TestWithParam<redaction> {};

TEST_P(MaskedCardTest, LeavesSixAndFour)
{
    EXPECT_EQ(masked_card(GetParam().text), GetParam().clean);
}

TEST(CardAloneTest, OfALongerRowNothingIsTakenForACard)
{
    for (const auto* text : {"4111 1111 1111 1111 20", "12 4111111111111111"})
        EXPECT_EQ(without_card_numbers(text, card_place::alone), text);
    EXPECT_EQ(without_card_numbers("a 4111 1111 1111 1111, 20", card_place::alone),
              "a 4111 11** **** 1111, 20");
}

// The last four of one number and the groups behind them look like another one.
TEST(CardTwiceTest, WhatIsLeftOfOneNumberIsNoOther)
{
    for (const auto* text :
         {"0010590010001103 7009 0011 2", "1121114001061 012825 1158", "1010-0060-0411-711001-0467",
          "011501060270-98417-6101-1109-8280-0414-100193-0120"}) {
        const auto clean = without_card_numbers(text);
        EXPECT_EQ(without_card_numbers(clean), clean) << text;
    }
}

TEST(CardTwiceTest, AtTheSecondTimeNothingChanges)
{
    constexpr std::size_t sizes[] = {1, 3, 4, 4, 4, 4, 5, 6, 8, 10, 12, 13, 16, 19};
    std::mt19937 chance{1};
    for (int round = 0; round < 5'000; ++round) {
        std::string text;
        for (auto groups = 2 + chance() % 7; groups > 0; --groups) {
            for (auto size = sizes[chance() % std::size(sizes)]; size > 0; --size)
                text += static_cast<char>('0' + chance() % 10);
            text += " -  *"[chance() % 5];
        }
        for (const auto where : {card_place::anywhere, card_place::alone}) {
            const auto clean = without_card_numbers(text, where);
            EXPECT_EQ(without_card_numbers(clean, where), clean) << text;
        }
    }
}

TEST_P(TextWithCardsTest, HoldsNoCardNumber)
{
    const auto clean = without_card_numbers(GetParam().text);
    EXPECT_EQ(clean, GetParam().clean);
    EXPECT_EQ(without_card_numbers(clean), clean);
}

TEST(CardAloneTest, WhatIsLeftOfOneIsNoOther)
{
    for (const auto where : {card_place::alone, card_place::anywhere}) {
        const auto clean = without_card_numbers("4111 1111 1111 1111-7754-4331-6626", where);
        EXPECT_EQ(clean, "4111 11** **** 1111-77**-****-6626");
        EXPECT_EQ(without_card_numbers(clean, where), clean);
    }
}

// In linear time: ten times this would take a hundred times as long otherwise.
TEST(LongRowTest, OfShortGroupsIsReadOnce)
{
    std::string row;
    for (int i = 0; i < 200'000; ++i)
        row += "1 ";
    EXPECT_EQ(without_card_numbers(row), row);
    EXPECT_EQ(without_card_numbers(row, card_place::alone), row);
}

// clang-format off
const redaction cards[] = {
    {"Empty",      "",                    ""},
    {"Full16",     "5200000000000007",    "520000******0007"},
    {"Full13",     "4000000000001",       "400000***0001"},
    {"Full19",     "6200000000000000009", "620000*********0009"},
    {"Grouped",    "5200 0000-0000 0007", "5200 00**-**** 0007"},
    {"Masked",     "520000******1096",    "520000******1096"},
    {"LastFour",   "1096",                "1096"},
    {"Ten",        "0123456789",          "0123456789"},
    {"Eleven",     "01234567890",         "012345*7890"},
    {"HalfMasked", "52000000000*1096",    "520000******1096"},
    {"Words",      "no card",             "no card"},
};

const redaction texts[] = {
    {"Empty",        "",                                       ""},
    {"Alone",        "4111111111111111",                       "411111******1111"},
    {"InASentence",  "card 4111111111111111 was refused",      "card 411111******1111 was refused"},
    {"Two",          "5555555555554444,378282246310005",       "555555******4444,378282*****0005"},
    {"Grouped",      "4111 1111 1111 1111",                    "4111 11** **** 1111"},
    {"Hyphens",      "4111-1111-1111-1111.",                   "4111-11**-****-1111."},
    {"Amex",         "3782 822463 10005",                      "3782 82**** *0005"},
    {"Nineteen",     "620000 0000000000000",                   "620000 *********0000"},
    {"EightEight",   "41111111 11111111",                      "411111** ****1111"},
    {"EightFourFour","41111111-1111-1111",                     "411111**-****-1111"},
    {"FourFourEight","4111 1111 11111111",                     "4111 11** ****1111"},
    {"FourTwelve",   "4111 111111111111",                      "4111 11******1111"},
    {"TwelveFour",   "411111111111 1111",                      "411111****** 1111"},
    // The four digits that the first leaves begin another.
    {"Overlapping",  "0010590010001103 7009 0011 2",           "001059******1103 70** *011 2"},
    {"BesideNumber", "12345 4111111111111111 7",               "12345 411111******1111 7"},
    {"AfterDate",    "2026-11-22 4111 1111 1111 1111",         "2026-11-22 4111 11** **** 1111"},
    // The year and its twelve first digits pass the check too; so do four groups of any of two.
    {"AfterYear",    "2002 4111 1111 1111 1111",               "2002 41** **** **** 1111"},
    {"TwiceTheSame", "5555 5555 5555 4444 5555 5555 5555 4444",
                     "5555 55** **** **** **** **** **** 4444"},
    // Together these would pass the check; a card has no such groups.
    {"SideBySide",   "amount 110 1732312345675",               "amount 110 1732312345675"},
    {"TimeAndDate",  "0915 20261122 1017",                     "0915 20261122 1017"},
    {"NoCard",       "4111111111111112",                       "4111111111111112"},
    {"Syssn",        "20240704000200020093755542",             "20240704000200020093755542"},
    {"Amount",       "1205 Payment failed, 110 of 345",        "1205 Payment failed, 110 of 345"},
    {"Time",         "2024-07-04 15:00:00",                    "2024-07-04 15:00:00"},
    {"Masked",       "520000******1096",                       "520000******1096"},
};
// clang-format on

constexpr auto name_of = [](const auto& instance) { return instance.param.name; };
INSTANTIATE_TEST_SUITE_P(All, MaskedCardTest, testing::ValuesIn(cards), name_of);
INSTANTIATE_TEST_SUITE_P(All, TextWithCardsTest, testing::ValuesIn(texts), name_of);

}  // namespace
}  // namespace ecr::protocol
