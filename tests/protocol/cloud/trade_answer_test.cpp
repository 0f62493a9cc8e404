#include "protocol/cloud/trade_api.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace ecr::protocol::cloud {
namespace {

trade_answer answer_of(const std::string& fields)
{
    return read_trade_answer(R"({"respcd": "0000", )" + fields + "}").value();
}

trade_list list_of(const std::string& fields)
{
    return read_trade_list(R"({"respcd": "0000", )" + fields + "}").value();
}

trade_row row_of(const std::string& fields)
{
    return list_of(R"("data": [{)" + fields + "}]").rows.at(0);
}

// --- What is no answer ------------------------------------------------------------------------

class NoTradeAnswerTest : public testing::TestWithParam<std::string> {};

TEST_P(NoTradeAnswerTest, IsBadJson)
{
    EXPECT_EQ(read_trade_answer(GetParam()).error(), errc::bad_json);
    EXPECT_EQ(read_trade_list(GetParam()).error(), errc::bad_json);
    EXPECT_EQ(read_settlement(GetParam()).error(), errc::bad_json);
}

INSTANTIATE_TEST_SUITE_P(
    Table, NoTradeAnswerTest,
    testing::Values("", " ", "{}", "[]", "null", "0000", R"("0000")", "<html>502</html>",
                    R"({"resperr": "ok"})", R"({"respcd": ""})", R"({"respcd": null})",
                    R"({"respcd": {"respcd": "0000"}})", R"({"respcd": ["0000"]})",
                    R"({"data": []})", R"([{"respcd": "0000"}])", R"({"respcd": "0000")",
                    "{\"respcd\": \"0000\", \"resperr\": \"\xFF\"}", std::string(100000, '[')));

// --- Codes and amounts as they come -----------------------------------------------------------

struct value_case {
    std::string name;
    std::string json;
    std::string text;

    friend void PrintTo(const value_case& c, std::ostream* out) { *out << c.name; }
};

class TradeCodeTest : public testing::TestWithParam<value_case> {};

TEST_P(TradeCodeTest, IsReadFromNumberOrText)
{
    const auto field = R"("respcd": )" + GetParam().json;
    EXPECT_EQ(read_trade_answer("{" + field + "}").value().respcd, GetParam().text);
    EXPECT_EQ(read_trade_list("{" + field + "}").value().respcd, GetParam().text);
    EXPECT_EQ(read_settlement("{" + field + "}").value().respcd, GetParam().text);
    EXPECT_EQ(row_of(field).respcd, GetParam().text);
}

const value_case codes[] = {
    {"Text", R"("0000")", "0000"}, {"Bare", "0000", "0000"},  {"Number", "0", "0000"},
    {"Short", "1", "0001"},        {"Usual", "1143", "1143"}, {"NotACode", R"("OK")", "OK"},
};

INSTANTIATE_TEST_SUITE_P(Table, TradeCodeTest, testing::ValuesIn(codes),
                         [](const auto& instance) { return instance.param.name; });

class TradeAmountTest : public testing::TestWithParam<value_case> {};

TEST_P(TradeAmountTest, IsWholeOrNothing)
{
    const auto field = R"("txamt": )" + GetParam().json;
    const auto text_of = [](const auto& number) { return number ? std::to_string(*number) : ""; };
    EXPECT_EQ(text_of(answer_of(field).txamt), GetParam().text);
    EXPECT_EQ(text_of(row_of(field).txamt), GetParam().text);
}

// clang-format off
const value_case amounts[] = {
    {"Number",   "511",                    "511"}, {"Text",     R"("511")",  "511"},
    {"Whole",    "511.0",                  "511"}, {"Zero",     "0",         "0"},
    {"Fraction", "5.11",                   ""},    {"Negative", "-511",      ""},
    {"Huge",     "99999999999999999999",   ""},    {"Exponent", "5e2",       ""},
    {"Words",    R"("five")",              ""},    {"Empty",    R"("")",     ""},
    {"Null",     "null",                   ""},    {"Truth",    "true",      ""},
    {"List",     "[511]",                  ""},    {"Object",   R"({"a":1})", ""},
    {"Blank",    R"("511 ")",              ""},    {"Plus",     R"("+511")", ""},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, TradeAmountTest, testing::ValuesIn(amounts),
                         [](const auto& instance) { return instance.param.name; });

// --- Answers ----------------------------------------------------------------------------------

TEST(TradeAnswerTest, ALongNumberKeepsItsDigits)
{
    EXPECT_EQ(answer_of(R"("syssn": 20240704090299004232649201)").syssn,
              "20240704090299004232649201");
}

TEST(TradeAnswerTest, AMessageMayBeAnObject)
{
    EXPECT_EQ(answer_of(R"("respmsg": {"a": 1})").respmsg, R"({"a":1})");
    EXPECT_EQ(answer_of(R"("respmsg": null)").respmsg, "");
    EXPECT_EQ(answer_of(R"("respmsg": "ok")").respmsg, "ok");
}

TEST(TradeAnswerTest, ThePaymentsNumberHasTwoNames)
{
    EXPECT_EQ(answer_of(R"("origssn": "P")").orig_syssn, "P");
    EXPECT_EQ(answer_of(R"("orig_syssn": "P", "origssn": "X")").orig_syssn, "P");
    EXPECT_EQ(row_of(R"("orig_syssn": "P")").origssn, "P");
    EXPECT_EQ(row_of(R"("orig_syssn": "X", "origssn": "P")").origssn, "P");
}

TEST(TradeAnswerTest, PresentsWhicheverCodeCame)
{
    EXPECT_EQ(answer_of(R"("qrcode": "Q", "code_url": "C", "pay_url": "P")").presented(), "Q");
    EXPECT_EQ(answer_of(R"("qrcode": "", "code_url": "C", "pay_url": "P")").presented(), "C");
    EXPECT_EQ(answer_of(R"("code_url": null, "pay_url": "P")").presented(), "P");
    EXPECT_EQ(answer_of(R"("pay_type": "800208")").presented(), "");
}

TEST(TradeAnswerTest, ParametersOfAnAppComeAsText)
{
    EXPECT_EQ(answer_of(R"("pay_params": {"appId": "wx1", "timeStamp": "1"})").pay_params,
              R"({"appId":"wx1","timeStamp":"1"})");
    EXPECT_EQ(answer_of(R"("pay_params": "a=1")").pay_params, "a=1");
}

TEST(TradeAnswerTest, UnknownFieldsSayNothing)
{
    const auto answer = answer_of(R"("data": {"txstatus": "PAID", "respcd": "1142"}, "x": [1])");
    EXPECT_EQ(answer.respcd, "0000");
    EXPECT_EQ(answer.txamt, std::nullopt);
}

// --- Lists ------------------------------------------------------------------------------------

TEST(TradeListTest, ThePageIsANumberOrText)
{
    const auto list = list_of(R"("page": "2", "page_size": 50, "data": [])");
    EXPECT_EQ(list.page, 2);
    EXPECT_EQ(list.page_size, 50);
    EXPECT_EQ(list_of(R"("data": [])").page, std::nullopt);
}

class NoDataTest : public testing::TestWithParam<std::string> {};

TEST_P(NoDataTest, HasNoRows)
{
    const auto list = list_of(GetParam());
    EXPECT_FALSE(list.has_data);
    EXPECT_TRUE(list.rows.empty());
}

INSTANTIATE_TEST_SUITE_P(Table, NoDataTest,
                         testing::Values(R"("page": 1)", R"("data": null)", R"("data": "")",
                                         R"("data": {"respcd": "0000"})", R"("data": 0)",
                                         R"("data": "[]")"));

TEST(TradeListTest, AnEmptyListIsData)
{
    const auto list = list_of(R"("data": [])");
    EXPECT_TRUE(list.has_data);
    EXPECT_TRUE(list.rows.empty());
}

TEST(TradeListTest, RowsOfOneNumberAreAllKept)
{
    const auto list = list_of(R"("data": [{"out_trade_no": "A", "respcd": "1143"},
                                          {"out_trade_no": "A", "respcd": "0000"},
                                          {"out_trade_no": "A", "respcd": 0000}])");
    ASSERT_EQ(list.rows.size(), 3U);
    EXPECT_EQ(list.rows[0].respcd, "1143");
    EXPECT_EQ(list.rows[1].respcd, "0000");
    EXPECT_EQ(list.rows[2].respcd, "0000");
}

TEST(TradeListTest, AnEntryThatIsNoObjectIsAnEmptyRow)
{
    const auto list = list_of(R"("data": [null, "0000", ["0000"], {"syssn": "S"}])");
    ASSERT_EQ(list.rows.size(), 4U);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(list.rows[i].respcd + list.rows[i].syssn, "") << i;
    EXPECT_EQ(list.rows[3].syssn, "S");
}

TEST(TradeListTest, ARowBorrowsNoCodeFromTheEnvelope)
{
    EXPECT_EQ(row_of(R"("txamt": 1)").respcd, "");
}

// --- Settlement -------------------------------------------------------------------------------

using pairs = settlement_answer::row;

TEST(SettlementAnswerTest, ShowsAListInItsOrder)
{
    const auto answer =
        read_settlement(R"({"respcd": 0000, "resperr": "ok", "total": 0.50, "data": [
            {"date": "20240704", "amt": 1000, "Fee": "0.50", "alipay": {"n": 2, "amt": 10}},
            {"zz": 007, "aa": null, "list": [1, {"b": 2}]}, "text"]})");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->resperr, "ok");
    EXPECT_EQ(answer->beside, (pairs{{"total", "0.50"}}));
    ASSERT_EQ(answer->rows.size(), 3U);
    EXPECT_EQ(answer->rows[0], (pairs{{"date", "20240704"},
                                      {"amt", "1000"},
                                      {"Fee", "0.50"},
                                      {"alipay.n", "2"},
                                      {"alipay.amt", "10"}}));
    EXPECT_EQ(answer->rows[1], (pairs{{"zz", "007"}, {"aa", ""}, {"list", R"([1,{"b":2}])"}}));
    EXPECT_EQ(answer->rows[2], (pairs{{"", "text"}}));
}

TEST(SettlementAnswerTest, ShowsAnObjectAsOneRow)
{
    const auto answer = read_settlement(R"({"respcd": "0000", "data": {"b": 1, "a": 2}})");
    ASSERT_EQ(answer.value().rows.size(), 1U);
    EXPECT_EQ(answer->rows[0], (pairs{{"b", "1"}, {"a", "2"}}));
}

TEST(SettlementAnswerTest, ShowsAFlatReplyAsOneRow)
{
    const auto answer =
        read_settlement(R"({"b": 1, "respcd": "0000", "respmsg": "m", "a": 2, "resperr": ""})");
    ASSERT_EQ(answer.value().rows.size(), 1U);
    EXPECT_EQ(answer->rows[0], (pairs{{"b", "1"}, {"a", "2"}}));
    EXPECT_EQ(answer->respmsg, "m");
    EXPECT_TRUE(answer->beside.empty());
}

TEST(SettlementAnswerTest, OfNothingHasNoRows)
{
    for (const auto* body :
         {R"({"respcd": "0000"})", R"({"respcd": "0000", "data": []})",
          R"({"respcd": "0000", "data": null})", R"({"respcd": "0000", "data": ""})"})
        EXPECT_TRUE(read_settlement(body).value().rows.empty()) << body;
}

}  // namespace
}  // namespace ecr::protocol::cloud
