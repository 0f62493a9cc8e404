#include "protocol/cloud/query_window.hpp"
#include "protocol/cloud/trade_api.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>

namespace ecr::protocol::cloud {
namespace {

constexpr bool taken = true;
constexpr bool refused = false;

timestamp at(const std::string& cloud_time)
{
    return parse_cloud_time(cloud_time).value();
}

trade_query_request july()
{
    return {.start = at("2024-07-01 00:00:00"), .end = at("2024-07-31 23:59:59")};
}

// --- Queries ----------------------------------------------------------------------------------

TEST(TradeQueryRequestTest, JoinsLists)
{
    auto request = july();
    request.syssns = {"S1", "S2"};
    request.out_trade_nos = {"A1"};
    request.pay_types = {"800201", "800208"};
    request.respcd = "0000";
    request.page = 2;
    request.page_size = 10;
    const form expected{{"syssn", "S1,S2"},
                        {"out_trade_no", "A1"},
                        {"pay_type", "800201,800208"},
                        {"respcd", "0000"},
                        {"start_time", "2024-07-01 00:00:00"},
                        {"end_time", "2024-07-31 23:59:59"},
                        {"page", "2"},
                        {"page_size", "10"}};
    EXPECT_EQ(to_form(request).value(), expected);
}

TEST(TradeQueryRequestTest, NeedsNoIds)
{
    const form expected{{"start_time", "2024-07-01 00:00:00"},
                        {"end_time", "2024-07-31 23:59:59"},
                        {"page", "1"},
                        {"page_size", "100"}};
    EXPECT_EQ(to_form(july()).value(), expected);
}

TEST(TradeQueryRequestTest, TakesEveryWindowThatIsToBeAsked)
{
    for (const auto& window : months_to_ask(at("2023-11-30 23:59:59"), at("2025-03-01 00:00:00"))) {
        const trade_query_request request{.start = window.start, .end = window.end};
        EXPECT_TRUE(to_form(request)) << to_cloud_time(window.start);
    }
}

using query = trade_query_request;

struct query_case {
    std::string name;
    bool accepted;
    std::function<void(query&)> change;

    friend void PrintTo(const query_case& c, std::ostream* out) { *out << c.name; }
};

class TradeQueryLimitTest : public testing::TestWithParam<query_case> {};

TEST_P(TradeQueryLimitTest, IsKept)
{
    auto request = july();
    GetParam().change(request);
    const auto sent = to_form(request);
    ASSERT_EQ(sent.has_value(), GetParam().accepted);
    if (!GetParam().accepted) {
        EXPECT_EQ(sent.error(), errc::bad_parameter);
    }
}

// clang-format off
const query_case query_cases[] = {
    {"IntoTheNextMonth",   refused, [](query& q) { q.end = at("2024-08-01 00:00:00"); }},
    {"FromTheLastMonth",   refused, [](query& q) { q.start = at("2024-06-30 23:59:59"); }},
    {"SameMonthOtherYear", refused, [](query& q) { q.end = at("2025-07-31 23:59:59"); }},
    {"Backwards",          refused, [](query& q) { q.start = q.end + std::chrono::seconds{1}; }},
    {"OneSecond",          taken,   [](query& q) { q.start = q.end; }},
    {"CommaInId",          refused, [](query& q) { q.out_trade_nos = {"A,B"}; }},
    {"EmptyId",            refused, [](query& q) { q.out_trade_nos = {"A", ""}; }},
    {"CommaInSyssn",       refused, [](query& q) { q.syssns = {"S,T"}; }},
    {"MostIds",            taken,   [](query& q) { q.syssns.assign(100, "S"); }},
    {"TooManyIds",         refused, [](query& q) { q.syssns.assign(101, "S"); }},
    {"UnknownPayType",     refused, [](query& q) { q.pay_types = {"999999"}; }},
    {"OctopusTerminal",    taken,   [](query& q) { q.pay_types = {"803708"}; }},
    {"ShortCode",          refused, [](query& q) { q.respcd = "000"; }},
    {"CodeOfLetters",      refused, [](query& q) { q.respcd = "00A0"; }},
    {"PageZero",           refused, [](query& q) { q.page = 0; }},
    {"SmallestPage",       taken,   [](query& q) { q.page_size = 1; }},
    {"NoPage",             refused, [](query& q) { q.page_size = 0; }},
    {"TooLargePage",       refused, [](query& q) { q.page_size = 101; }},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, TradeQueryLimitTest, testing::ValuesIn(query_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- Settlement -------------------------------------------------------------------------------

struct settlement_case {
    std::string name;
    settlement_request request;
    std::optional<form> expected;

    friend void PrintTo(const settlement_case& c, std::ostream* out) { *out << c.name; }
};

class SettlementRequestTest : public testing::TestWithParam<settlement_case> {};

TEST_P(SettlementRequestTest, IsCheckedBeforeItIsSent)
{
    const auto sent = to_form(GetParam().request);
    ASSERT_EQ(sent.has_value(), GetParam().expected.has_value());
    if (sent) {
        EXPECT_EQ(*sent, *GetParam().expected);
    } else {
        EXPECT_EQ(sent.error(), errc::bad_parameter);
    }
}

// clang-format off
const settlement_case settlement_cases[] = {
    {"OneDay",    {"20240704", "20240704", {}}, form{{"date_start", "20240704"}, {"date_end", "20240704"}}},
    {"Alipay",    {"20240229", "20240301", 2},  form{{"date_start", "20240229"}, {"date_end", "20240301"}, {"paymethod", "2"}}},
    {"WeChat",    {"20231231", "20240101", 3},  form{{"date_start", "20231231"}, {"date_end", "20240101"}, {"paymethod", "3"}}},
    {"Other",     {"20240704", "20240704", 1},  std::nullopt},
    {"Backwards", {"20240705", "20240704", {}}, std::nullopt},
    {"NoSuchDay", {"20230229", "20230301", {}}, std::nullopt},
    {"NoEnd",     {"20240704", "", {}},         std::nullopt},
    {"Dashes",    {"2024-7-4", "20240704", {}}, std::nullopt},
    {"Long",      {"202407041", "202407041", {}}, std::nullopt},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, SettlementRequestTest, testing::ValuesIn(settlement_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- Names of goods ---------------------------------------------------------------------------

struct goods_case {
    std::string name;
    std::string text;
    std::string expected;

    friend void PrintTo(const goods_case& c, std::ostream* out) { *out << c.name; }
};

class GoodsNameTest : public testing::TestWithParam<goods_case> {};

TEST_P(GoodsNameTest, KeepsLettersDigitsAndCjk)
{
    EXPECT_EQ(clean_goods_name(GetParam().text), GetParam().expected);
}

std::string repeated(const std::string& text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

// clang-format off
const goods_case goods_cases[] = {
    {"Empty",         "",                        ""},
    {"Plain",         "Tea2Go",                  "Tea2Go"},
    {"Blanks",        " Milk tea\t",             "Milktea"},
    {"Symbols",       "A&B=C%20+\"<x>'\n",       "ABC20x"},
    {"Chinese",       "茶餐廳 下午茶",           "茶餐廳下午茶"},
    {"Japanese",      "缶コーヒー",              "缶コーヒー"},
    {"Korean",        "커피",                    "커피"},
    {"Rare",          "𠮷野家",                  "𠮷野家"},
    {"CjkMarks",      "「茶」、。！",            "茶"},
    {"Accents",       "Café",                    "Caf"},
    {"Emoji",         "Tea☕🍵",                 "Tea"},
    {"Twenty",        std::string(20, 'a'),      std::string(20, 'a')},
    {"MoreThanTwenty", std::string(21, 'a'),     std::string(20, 'a')},
    {"TwentyKept",    repeated("a!", 30),        std::string(20, 'a')},
    {"TwentyChinese", repeated("茶", 25),        repeated("茶", 20)},
    {"SixtyFourBytes", repeated("𠮷", 20),       repeated("𠮷", 16)},
    {"CutCharacter",  "A\xE8\x8C",               "A"},
    {"LooseBytes",    "A\x80\xFF\xC0\xAF" "B",   "AB"},
    {"Surrogate",     "A\xED\xA0\x80" "B",       "AB"},
    {"AboveUnicode",  "A\xF7\xBF\xBF\xBF" "B",   "AB"},
    {"Nul",           std::string("A\0B", 3),    "AB"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, GoodsNameTest, testing::ValuesIn(goods_cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::protocol::cloud
