#include "protocol/cloud/form.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace ecr::protocol::cloud {
namespace {

struct form_case {
    std::string name;
    form parameters;
    std::string body;

    friend void PrintTo(const form_case& c, std::ostream* out) { *out << c.name << ": " << c.body; }
};

class FormTest : public testing::TestWithParam<form_case> {};

TEST_P(FormTest, Encodes)
{
    EXPECT_EQ(encode_form(GetParam().parameters), GetParam().body);
}

TEST_P(FormTest, DecodesWhatItEncodes)
{
    const auto decoded = decode_form(GetParam().body);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, GetParam().parameters);
}

// clang-format off
const form_case form_cases[] = {
    {"Nothing",      {},                                    ""},
    {"One",          {{"termid", "T1"}},                    "termid=T1"},
    {"KeepsOrder",   {{"b", "2"}, {"a", "1"}},              "b=2&a=1"},
    {"Blank",        {{"t", "a b"}},                        "t=a+b"},
    {"Plus",         {{"t", "a+b"}},                        "t=a%2Bb"},
    {"Delimiters",   {{"t", "&=%/?#"}},                     "t=%26%3D%25%2F%3F%23"},
    {"Unreserved",   {{"t", "aZ09-._~"}},                   "t=aZ09-._~"},
    {"Star",         {{"t", "*|"}},                         "t=%2A%7C"},
    {"Cjk",          {{"t", "\xE7\xBC\xB6"}},               "t=%E7%BC%B6"},
    {"ControlBytes", {{"t", std::string{"\0\n\x7f", 3}}},   "t=%00%0A%7F"},
    {"NameToo",      {{"a&b c", "1"}},                      "a%26b+c=1"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, FormTest, testing::ValuesIn(form_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(FormTest, SendsNoEmptyValue)
{
    EXPECT_EQ(encode_form({{"mchid", ""}, {"termid", "T1"}, {"udid", ""}}), "termid=T1");
}

struct foreign_form {
    std::string name;
    std::string body;
    form parameters;

    friend void PrintTo(const foreign_form& c, std::ostream* out)
    {
        *out << c.name << ": " << c.body;
    }
};

class ForeignFormTest : public testing::TestWithParam<foreign_form> {};

TEST_P(ForeignFormTest, IsDecoded)
{
    const auto decoded = decode_form(GetParam().body);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, GetParam().parameters);
}

// clang-format off
const foreign_form foreign_forms[] = {
    {"LowerCaseEscapes", "t=%e7%bc%b6",  {{"t", "\xE7\xBC\xB6"}}},
    {"EscapedBlank",     "t=a%20b",      {{"t", "a b"}}},
    {"EmptyValue",       "mchid=&t=1",   {{"mchid", ""}, {"t", "1"}}},
    {"NoEqualsSign",     "flag&t=1",     {{"flag", ""}, {"t", "1"}}},
    {"EqualsInValue",    "u=a=1",        {{"u", "a=1"}}},
    {"NothingEscaped",   "u=https://x/", {{"u", "https://x/"}}},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, ForeignFormTest, testing::ValuesIn(foreign_forms),
                         [](const auto& instance) { return instance.param.name; });

struct bad_form_case {
    std::string name;
    std::string body;

    friend void PrintTo(const bad_form_case& c, std::ostream* out)
    {
        *out << c.name << ": " << c.body;
    }
};

class BadFormTest : public testing::TestWithParam<bad_form_case> {};

TEST_P(BadFormTest, IsRefused)
{
    EXPECT_EQ(decode_form(GetParam().body).error(), errc::bad_form);
}

const bad_form_case bad_forms[] = {{"EscapeCutShort", "t=%2"}, {"EscapeCutToNothing", "t=%"},
                                   {"NoHexDigit", "t=%G0"},    {"EscapeInName", "%zz=1"},
                                   {"NoName", "=1"},           {"OnlyEquals", "="},
                                   {"EmptyPair", "a=1&&b=2"},  {"AmpersandLast", "a=1&"},
                                   {"AmpersandFirst", "&a=1"}, {"NameTwice", "a=1&b=2&a=1"}};

INSTANTIATE_TEST_SUITE_P(Table, BadFormTest, testing::ValuesIn(bad_forms),
                         [](const auto& instance) { return instance.param.name; });

std::string body_of_pairs(std::size_t count)
{
    std::string body;
    for (std::size_t i = 0; i < count; ++i)
        body += (i ? "&p" : "p") + std::to_string(i) + "=1";
    return body;
}

TEST(FormTest, HoldsAsManyPairsAsTheLimitSays)
{
    EXPECT_EQ(decode_form(body_of_pairs(form_pairs_max)).value().size(), form_pairs_max);
    EXPECT_EQ(decode_form(body_of_pairs(form_pairs_max + 1)).error(), errc::bad_form);
}

TEST(FormTest, CarriesEveryByte)
{
    std::string every;
    for (int byte = 0; byte < 256; ++byte)
        every += static_cast<char>(byte);
    const form parameters{{"t", every}};
    EXPECT_EQ(decode_form(encode_form(parameters)).value(), parameters);
}

}  // namespace
}  // namespace ecr::protocol::cloud
