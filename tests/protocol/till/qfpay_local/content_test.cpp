#include "protocol/till/qfpay_local/content.hpp"

#include "protocol/till/qfpay_local/limits.hpp"
#include "tests/protocol/till/qfpay_local/till.hpp"

#include <gtest/gtest.h>

namespace ecr::protocol::till::qfpay_local {
namespace {

struct form_case {
    const char* name;
    const char* text;
    const char* format;  // format_content of its content; nullptr: refused
};

void PrintTo(const form_case& c, std::ostream* out)
{
    *out << c.name;
}

// clang-format off
constexpr form_case forms[] = {
    // name               text                                                               format
    {"StrictJson",        R"({"content":{"orderId":"12345678","func_type":4001},"digest":"d"})", "{func_type=4001,orderId='12345678'}"},
    {"JsonInAString",     R"({"content":"{\"func_type\":4001,\"orderId\":\"1\"}","digest":"d"})", "{func_type=4001,orderId='1'}"},
    {"UnquotedInAString", R"({"content": "{func_type: 3002}", "digest": "d"})",              "{func_type=3002}"},
    {"FieldForm",         "{content:{amt=12.34,channel='wx',func_type=1001}, digest:'d'}",   "{amt=12.34,channel='wx',func_type=1001}"},
    {"FieldEnvelope",     "{content={func_type=3002},digest='d'}",                           "{func_type=3002}"},
    {"DigestFirst",       "{digest:'d',content:{func_type=3002}}",                           "{func_type=3002}"},
    {"Blanks",            " {\r\n\t\"content\" : { \"a\" : 1 , b = 'x' } , digest : 'd' } ", "{a=1,b='x'}"},
    {"CommaInQuotes",     "{content:{a='x,y=1}',b=2}, digest:'d'}",                          "{a='x,y=1}',b=2}"},
    {"NumbersAsReceived", R"({"content":{"a":10.0,"b":12.340,"c":-0,"d":1E5,"e":123456789012345678901234567890},"digest":"d"})", "{a=10.0,b=12.340,c=-0,d=1E5,e=123456789012345678901234567890}"},
    {"Null",              R"({"content":{"a":null,"b":""},"digest":"d"})",                   "{a='',b=''}"},
    {"Words",             R"({"content":{"a":true,"b":false},"digest":"d"})",                "{a=true,b=false}"},
    {"Nested",            "{content:{z=1,a={y='2',x=3}}, digest:'d'}",                       "{a={x=3,y='2'},z=1}"},
    {"Escapes",           R"({"content":{"a":"\u9999\"\\/"},"digest":"d"})",                 "{a='\u9999\"\\/'}"},
    {"BackslashIsText",   R"({content:{a='x\'}, digest:'d'})",                               R"({a='x\'})"},
    {"UpperBeforeLower",  "{content:{b=1,A=2,a=3}, digest:'d'}",                             "{A=2,a=3,b=1}"},
    {"Empty",             "{content:{}, digest:'d'}",                                        "{}"},
    {"OtherNamesBeside",  "{content:{a=1}, digest:'d', version:2}",                          "{a=1}"},
    {"Nothing",           "",                                                                nullptr},
    {"NoDigest",          "{content:{a=1}}",                                                 nullptr},
    {"NoContent",         "{digest:'d'}",                                                    nullptr},
    {"DigestIsANumber",   "{content:{a=1}, digest:12}",                                      nullptr},
    {"ContentIsANumber",  "{content:12, digest:'d'}",                                        nullptr},
    {"NotClosed",         "{content:{a=1}, digest:'d'",                                      nullptr},
    {"TextAfter",         "{content:{a=1}, digest:'d'} x",                                   nullptr},
    {"SameNameTwice",     "{content:{amt=1,amt=100}, digest:'d'}",                           nullptr},
    {"BareText",          "{content:{channel=wx}, digest:'d'}",                              nullptr},
    {"Array",             R"({"content":{"a":[1]},"digest":"d"})",                           nullptr},
    {"LeadingZero",       "{content:{a=01}, digest:'d'}",                                    nullptr},
    {"NoDigitAfterPoint", "{content:{a=1.}, digest:'d'}",                                    nullptr},
    {"LonePlus",          "{content:{a=+}, digest:'d'}",                                     nullptr},
    {"NoName",            "{content:{=1}, digest:'d'}",                                      nullptr},
    {"NoValue",           "{content:{a=}, digest:'d'}",                                      nullptr},
    {"TrailingComma",     "{content:{a=1,}, digest:'d'}",                                    nullptr},
    {"QuoteNotClosed",    "{content:{a='1}, digest:d}",                                      nullptr},
    {"TooDeep",           "{content:{a={b={c={d=1}}}}, digest:'d'}",                         nullptr},
    {"NotUtf8",           "{\"content\":{\"a\":\"\xff\"},\"digest\":\"d\"}",                 nullptr},
};
// clang-format on

class ContentFormTest : public testing::TestWithParam<form_case> {};

TEST_P(ContentFormTest, IsReadAsWhatItSays)
{
    const auto parsed = parse_envelope(GetParam().text);
    ASSERT_EQ(parsed.has_value(), GetParam().format != nullptr);
    if (!parsed) return;
    EXPECT_EQ(parsed->digest, "d");
    EXPECT_EQ(format_content(parsed->content), GetParam().format);
}

TEST_P(ContentFormTest, NoPieceOfItIsAWhole)
{
    std::string text = GetParam().text;
    text.erase(text.find_last_not_of(' ') + 1);
    if (GetParam().format == nullptr) return;
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_FALSE(parse_envelope(text.substr(0, size))) << size;
}

TEST_P(ContentFormTest, TheScannerFindsItsEnd)
{
    std::string text = GetParam().text;
    if (GetParam().format == nullptr) return;
    text = text.substr(text.find('{'));
    const auto end = text.find_last_of('}') + 1;
    object_scanner scanner;
    for (std::size_t at = 0; at < end; ++at)
        EXPECT_EQ(scanner.ends_with(text[at]), at + 1 == end) << at;
}

INSTANTIATE_TEST_SUITE_P(Table, ContentFormTest, testing::ValuesIn(forms),
                         [](const auto& instance) { return instance.param.name; });

TEST(ContentTest, LimitsHold)
{
    const auto object = [](std::size_t pairs) {
        std::string text = "{";
        for (std::size_t i = 0; i < pairs; ++i)
            text += (i == 0 ? "a" : ",a") + std::to_string(i) + "=1";
        return text + "}";
    };
    EXPECT_TRUE(parse_object(object(pairs_max)));
    EXPECT_FALSE(parse_object(object(pairs_max + 1)));

    EXPECT_TRUE(parse_object("{" + std::string(name_size_max, 'a') + "=1}"));
    EXPECT_FALSE(parse_object("{" + std::string(name_size_max + 1, 'a') + "=1}"));

    EXPECT_TRUE(parse_object("{a='" + std::string(text_size_max - 6, 'x') + "'}"));
    EXPECT_FALSE(parse_object("{a='" + std::string(text_size_max - 5, 'x') + "'}"));
}

TEST(DigestTest, IsThePublishedOne)
{
    const auto content = parse_object("{orderId='12345678',func_type=4001}");
    ASSERT_TRUE(content);
    EXPECT_EQ(format_content(*content), "{func_type=4001,orderId='12345678'}");
    EXPECT_EQ(digest_of(*content, key), "99CE8BF9C7304AC964522D10F51660B4");
}

TEST(DigestTest, IgnoresCaseAndNothingElse)
{
    EXPECT_TRUE(
        same_digest("99ce8bf9c7304ac964522d10f51660b4", "99CE8BF9C7304AC964522D10F51660B4"));
    EXPECT_FALSE(
        same_digest("99CE8BF9C7304AC964522D10F51660B5", "99CE8BF9C7304AC964522D10F51660B4"));
    EXPECT_FALSE(same_digest("99CE", "99CE8BF9C7304AC964522D10F51660B4"));
    EXPECT_FALSE(same_digest("", ""));
}

}  // namespace
}  // namespace ecr::protocol::till::qfpay_local
