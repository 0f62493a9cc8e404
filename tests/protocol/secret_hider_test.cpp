#include "protocol/secret_hider.hpp"

#include <gtest/gtest.h>

namespace ecr::protocol {
namespace {

struct hiding {
    const char* name;
    const char* secret;
    const char* text;
    const char* clean;
};

void PrintTo(const hiding& c, std::ostream* out)
{
    *out << c.name;
}

class HiddenSecretTest : public testing::TestWithParam<hiding> {};

TEST_P(HiddenSecretTest, InWhateverForm)
{
    const auto& c = GetParam();
    secret_hider hider;
    ASSERT_TRUE(hider.learn(c.secret));
    EXPECT_EQ(hider.hidden(c.text), c.clean);
}

// clang-format off
const hiding cases[] = {
    {"AsItIs",       "s3cret!",    "key=s3cret! and on",                  "key=(hidden) and on"},
    {"None",         "s3cret!",    "key=s3cret and on",                   "key=s3cret and on"},
    {"Twice",        "s3cret!",    "s3cret!s3cret!",                      "(hidden)(hidden)"},
    {"BlanksAround", " s3cret!\r\n", "<s3cret!>",                         "<(hidden)>"},
    {"Percent",      "a/b=c+d",    "token=a%2Fb%3dc%2Bd&x",               "token=(hidden)&x"},
    {"AllPercent",   "a/b=c+d",    "%61%2f%62%3d%63%2b%64",               "(hidden)"},
    {"Plus",         "two words",  "q=two+words",                         "q=(hidden)"},
    {"JsonQuote",    "pass\"wo\\rd", R"x({"x":"pass\"wo\\rd"})x",           R"x({"x":"(hidden)"})x"},
    {"JsonUnicode",  "s3cret!",    R"x("\u0073\u0033cret\u0021")x",         R"x("(hidden)")x"},
    {"JsonSlash",    "ab/cd/ef",   R"x("ab\/cd\/ef")x",                     R"x("(hidden)")x"},
    {"JsonInJson",   "pass\"word", R"x("{\"x\":\"pass\\\"word\"}")x",       R"x("{\"x\":\"(hidden)\"}")x"},
    {"Hexadecimal",  "s3cret!",    R"x(\x733cret\x21)x",                    "(hidden)"},
    {"Chinese",      "密碼密碼",   R"x(\u5bc6\u78BC%E5%AF%86碼.)x",         "(hidden)."},
    {"BeyondPlane0", "key-🔑-key", R"x(key-\ud83d\udd11-key)x",             "(hidden)"},
    {"PercentInIt",  "50%25off",   "50%25off 50%2525off",                 "(hidden) (hidden)"},
    // It would be found in what it is replaced by, for ever.
    {"Hidden",       "hidden",     "hidden",                              "(hidden)"},
    {"WholeMark",    "(hidden)",   "a(hidden)b",                          "a(hidden)b"},
    {"CutShort",     "s3cret!",    "s3cret%2",                            "s3cret%2"},
    {"Empty",        "s3cret!",    "",                                    ""},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, HiddenSecretTest, testing::ValuesIn(cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(SecretHiderTest, TheLongerOfTwoIsHidden)
{
    secret_hider hider;
    ASSERT_TRUE(hider.learn("abcdef"));
    ASSERT_TRUE(hider.learn("abcdefghi"));
    EXPECT_EQ(hider.hidden("abcdefghi abcdefg"), "(hidden) (hidden)g");
}

TEST(SecretHiderTest, WhatIsTooShortIsSaid)
{
    secret_hider hider;
    EXPECT_FALSE(hider.learn("12345"));
    EXPECT_TRUE(hider.learn(" \n"));
    EXPECT_EQ(hider.hidden("12345 \n"), "12345 \n");
}

}  // namespace
}  // namespace ecr::protocol
