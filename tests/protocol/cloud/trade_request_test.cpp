#include "protocol/cloud/trade_api.hpp"
#include "protocol/json.hpp"
#include "tests/protocol/cloud/data_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <ostream>

namespace ecr::protocol::cloud {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using namespace std::string_literals;

const std::string syssn = "20240704000200020061752831";

money amount_of(std::int64_t minor_units)
{
    return money::of(minor_units).value();
}

timestamp at(const std::string& cloud_time)
{
    return parse_cloud_time(cloud_time).value();
}

trade_payment_request scanned()
{
    return {.out_trade_no = "BR-20240704-000003",
            .pay_type = "800008",
            .amount = amount_of(2200),
            .at = at("2024-07-04 15:14:25"),
            .auth_code = "280438849930815813"};
}

trade_payment_request shown()
{
    return {.out_trade_no = "BR-20240704-000004",
            .pay_type = "800201",
            .amount = amount_of(1),
            .currency = "JPY",
            .at = at("2024-07-04 15:14:25")};
}

trade_refund_request refund_of_100()
{
    return {.syssn = syssn,
            .out_trade_no = "BR-R-000001",
            .amount = amount_of(100),
            .at = at("2024-07-04 15:20:00"),
            .udid = ""};
}

trade_query_request july()
{
    return {.start = at("2024-07-01 00:00:00"), .end = at("2024-07-31 23:59:59")};
}

std::string value_of(const form& parameters, std::string_view name)
{
    const auto found = std::ranges::find(parameters, name, &form::value_type::first);
    return found == parameters.end() ? "(none)" : found->second;
}

// --- Against the signature vectors, whose parameters are those of the contract -----------------

// Without the mchid, which the account adds.
form parameters_of_vector(const std::string& id)
{
    const auto vectors = parse_json(data_file("cloud_vectors.json")).value();
    form parameters;
    for (const auto& vector : vectors.at("request_signature"))
        if (vector.at("id") == id)
            for (const auto& pair : vector.at("params"))
                if (pair.at(0) != "mchid")
                    parameters.emplace_back(pair.at(0).get<std::string>(),
                                            pair.at(1).get<std::string>());
    return parameters;
}

struct vector_case {
    std::string name;
    std::string id;
    std::function<result<form>()> ours;

    friend void PrintTo(const vector_case& c, std::ostream* out) { *out << c.id; }
};

class TradeRequestVectorTest : public testing::TestWithParam<vector_case> {};

TEST_P(TradeRequestVectorTest, HasTheParametersOfTheVector)
{
    const auto ours = GetParam().ours();
    ASSERT_TRUE(ours);
    EXPECT_FALSE(ours->empty());
    EXPECT_EQ(*ours, parameters_of_vector(GetParam().id));
}

result<form> coffee()
{
    auto request = shown();
    request.goods_name = "缶コーヒー";
    request.notify_url = "https://pos.example.com/n?a=1&b=2+3%20c";
    return to_form(request);
}

result<form> two_orders_of_july()
{
    auto request = july();
    request.out_trade_nos = {"BR-1", "BR-2"};
    return to_form(request);
}

const vector_case vector_cases[] = {
    {"CustomerCode", "R20-trade-cpm", [] { return to_form(scanned()); }},
    {"MerchantCode", "R21-trade-mpm-cjk", coffee},
    {"Query", "R22-trade-query-batch", two_orders_of_july},
    {"Refund", "R23-trade-refund", [] { return to_form(refund_of_100()); }},
};

INSTANTIATE_TEST_SUITE_P(Table, TradeRequestVectorTest, testing::ValuesIn(vector_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- Payments ---------------------------------------------------------------------------------

TEST(TradePaymentTest, SendsEveryParameterItWasGiven)
{
    auto request = shown();
    request.currency = "hkd";
    request.expired_time = minutes{5};
    request.goods_name = "Tea";
    request.udid = "till 1";
    request.notify_url = "https://pos.example.com/n";
    request.return_url = "http://pos.example.com:8080/back";
    request.pay_tag = "ALIPAYCN";
    request.limit_pay = "no_credit";
    request.txzone = "+0800";
    const form expected{{"txamt", "1"},
                        {"txcurrcd", "HKD"},
                        {"pay_type", "800201"},
                        {"out_trade_no", "BR-20240704-000004"},
                        {"txdtm", "2024-07-04 15:14:25"},
                        {"expired_time", "5"},
                        {"goods_name", "Tea"},
                        {"udid", "till 1"},
                        {"notify_url", "https://pos.example.com/n"},
                        {"return_url", "http://pos.example.com:8080/back"},
                        {"pay_tag", "ALIPAYCN"},
                        {"limit_pay", "no_credit"},
                        {"txzone", "+0800"}};
    EXPECT_EQ(to_form(request).value(), expected);
}

TEST(TradePaymentTest, MayUseTheNamesOf2016)
{
    auto request = shown();
    request.pay_type = "800207";  // in a wallet's browser
    request.valid_time = seconds{600};
    request.sub_openid = "oKeGJu-1";
    request.product_name = "Milk tea";
    const auto sent = to_form(request).value();
    EXPECT_EQ(value_of(sent, "valid_time"), "600");
    EXPECT_EQ(value_of(sent, "sub_openid"), "oKeGJu-1");
    EXPECT_EQ(value_of(sent, "product_name"), "Milktea");
    EXPECT_EQ(value_of(sent, "expired_time"), "(none)");
    EXPECT_EQ(value_of(sent, "goods_name"), "(none)");
}

// Every pay type of the table: sent, with what its mode needs, or refused.
class TradePayTypeTest : public testing::TestWithParam<data_row> {};

TEST_P(TradePayTypeTest, IsSentWhereItIsUsable)
{
    const auto& row = GetParam();
    auto request = shown();
    request.pay_type = row[0];
    if (row[3] == "CPM") request.auth_code = "1";
    if (row[0] == "800207") request.sub_openid = "o";
    const auto sent = to_form(request);
    const bool refused = row[3] == "terminal" || row[3] == "preauth" || row[4] == "sample-only";
    ASSERT_EQ(sent.has_value(), !refused);
    if (refused) {
        EXPECT_EQ(sent.error(), errc::bad_parameter);
    } else {
        EXPECT_EQ(value_of(*sent, "pay_type"), row[0]);
    }
}

TEST_P(TradePayTypeTest, NeedsTheShoppersCodeExactlyWhenTheShopperShowsOne)
{
    auto request = shown();
    request.pay_type = GetParam()[0];
    if (GetParam()[0] == "800207") request.sub_openid = "o";
    if (GetParam()[3] != "CPM") request.auth_code = "1";
    EXPECT_FALSE(to_form(request));
}

INSTANTIATE_TEST_SUITE_P(Csv, TradePayTypeTest, testing::ValuesIn(data_rows("pay_types.csv")),
                         [](const auto& instance) { return "C" + instance.param[0]; });

class TradeCurrencyTest : public testing::TestWithParam<std::string> {};

TEST_P(TradeCurrencyTest, IsSentAsLetters)
{
    auto request = scanned();
    request.currency = GetParam();
    EXPECT_EQ(value_of(to_form(request).value(), "txcurrcd"), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Contract, TradeCurrencyTest,
                         testing::Values("AED", "CNY", "EUR", "HKD", "IDR", "JPY", "MMK", "MYR",
                                         "SGD", "THB", "USD", "CAD", "AUD"));

// --- Refusals ---------------------------------------------------------------------------------

using payment = trade_payment_request;

struct payment_change {
    std::string name;
    bool accepted;
    std::function<void(payment&)> change;

    friend void PrintTo(const payment_change& c, std::ostream* out) { *out << c.name; }
};

class TradePaymentLimitTest : public testing::TestWithParam<payment_change> {};

TEST_P(TradePaymentLimitTest, IsKept)
{
    auto request = shown();
    GetParam().change(request);
    const auto sent = to_form(request);
    ASSERT_EQ(sent.has_value(), GetParam().accepted);
    if (!sent) {
        EXPECT_EQ(sent.error(), errc::bad_parameter);
    }
}

constexpr bool taken = true;
constexpr bool refused = false;

// clang-format off
const payment_change payment_changes[] = {
    {"NoNumber",         refused, [](payment& p) { p.out_trade_no = ""; }},
    {"LongestNumber",    taken,   [](payment& p) { p.out_trade_no = std::string(128, 'A'); }},
    {"TooLongNumber",    refused, [](payment& p) { p.out_trade_no = std::string(129, 'A'); }},
    {"CommaInNumber",    refused, [](payment& p) { p.out_trade_no = "A,1"; }},
    {"BlankInNumber",    refused, [](payment& p) { p.out_trade_no = "A 1"; }},
    {"NoPayType",        refused, [](payment& p) { p.pay_type = ""; }},
    {"UnknownPayType",   refused, [](payment& p) { p.pay_type = "999999"; }},
    {"ReturnedOnly",     refused, [](payment& p) { p.pay_type = "803708"; }},
    {"NoCurrency",       refused, [](payment& p) { p.currency = ""; }},
    {"UnknownCurrency",  refused, [](payment& p) { p.currency = "XYZ"; }},
    {"NumericCurrency",  taken,   [](payment& p) { p.currency = "344"; }},
    {"LongestCode",      taken,   [](payment& p) { p.pay_type = "800108"; p.auth_code = std::string(128, '1'); }},
    {"TooLongCode",      refused, [](payment& p) { p.pay_type = "800108"; p.auth_code = std::string(129, '1'); }},
    {"ControlInCode",    refused, [](payment& p) { p.pay_type = "800108"; p.auth_code = "12\r"; }},
    {"ShortestExpiry",   taken,   [](payment& p) { p.expired_time = minutes{5}; }},
    {"TooShortExpiry",   refused, [](payment& p) { p.expired_time = minutes{4}; }},
    {"LongestExpiry",    taken,   [](payment& p) { p.expired_time = minutes{120}; }},
    {"TooLongExpiry",    refused, [](payment& p) { p.expired_time = minutes{121}; }},
    {"NegativeExpiry",   refused, [](payment& p) { p.expired_time = minutes{-5}; }},
    {"ExpiryOfPayMe",    refused, [](payment& p) { p.pay_type = "805801"; p.expired_time = minutes{5}; }},
    {"ShortestValidity", taken,   [](payment& p) { p.valid_time = seconds{300}; }},
    {"TooShortValidity", refused, [](payment& p) { p.valid_time = seconds{299}; }},
    {"OddValidity",      refused, [](payment& p) { p.valid_time = seconds{301}; }},
    {"LongestValidity",  taken,   [](payment& p) { p.valid_time = minutes{120}; }},
    {"TooLongValidity",  refused, [](payment& p) { p.valid_time = minutes{125}; }},
    {"ValidityOfAScan",  refused, [](payment& p) { p = scanned(); p.valid_time = seconds{300}; }},
    {"BothExpiries",     refused, [](payment& p) { p.valid_time = seconds{300}; p.expired_time = minutes{5}; }},
    {"LongestDevice",    taken,   [](payment& p) { p.udid = std::string(40, 'd'); }},
    {"TooLongDevice",    refused, [](payment& p) { p.udid = std::string(41, 'd'); }},
    {"ControlInDevice",  refused, [](payment& p) { p.udid = "a\nb"; }},
    {"Port443",          taken,   [](payment& p) { p.notify_url = "https://a.example:443/n"; }},
    {"Port80",           taken,   [](payment& p) { p.notify_url = "http://a.example:80/n"; }},
    {"OtherPort",        refused, [](payment& p) { p.notify_url = "https://a.example:8443/n"; }},
    {"NoScheme",         refused, [](payment& p) { p.notify_url = "a.example/n"; }},
    {"OtherScheme",      refused, [](payment& p) { p.notify_url = "ftp://a.example/n"; }},
    {"NoHost",           refused, [](payment& p) { p.notify_url = "https:///n"; }},
    {"BlankInUrl",       refused, [](payment& p) { p.notify_url = "https://a.example/a b"; }},
    {"LongestNotifyUrl", taken,   [](payment& p) { p.notify_url = "https://a.example/" + std::string(238, 'n'); }},
    {"TooLongNotifyUrl", refused, [](payment& p) { p.notify_url = "https://a.example/" + std::string(239, 'n'); }},
    {"LongestReturnUrl", taken,   [](payment& p) { p.return_url = "https://a.example/" + std::string(494, 'n'); }},
    {"TooLongReturnUrl", refused, [](payment& p) { p.return_url = "https://a.example/" + std::string(495, 'n'); }},
    {"BrokenReturnUrl",  refused, [](payment& p) { p.return_url = "back"; }},
    {"TagHk",            taken,   [](payment& p) { p.pay_tag = "ALIPAYHK"; }},
    {"OtherTag",         refused, [](payment& p) { p.pay_tag = "WECHAT"; }},
    {"TagOfAScan",       refused, [](payment& p) { p = scanned(); p.pay_tag = "ALIPAYHK"; }},
    {"OtherLimit",       refused, [](payment& p) { p.limit_pay = "credit"; }},
    {"OtherZone",        refused, [](payment& p) { p.txzone = "+0900"; }},
    {"OpenidOutOfPlace", refused, [](payment& p) { p.sub_openid = "o"; }},
    {"OpenidMissing",    refused, [](payment& p) { p.pay_type = "800207"; }},
    {"OpenidOfMini",     taken,   [](payment& p) { p.pay_type = "800213"; p.sub_openid = "o"; }},
    {"TwoNames",         refused, [](payment& p) { p.goods_name = "a"; p.product_name = "a"; }},
    {"NameOfSymbols",    taken,   [](payment& p) { p.goods_name = "!?"; }},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, TradePaymentLimitTest, testing::ValuesIn(payment_changes),
                         [](const auto& instance) { return instance.param.name; });

TEST(TradePaymentTest, SendsNoNameOfNothingButSymbols)
{
    auto request = shown();
    request.goods_name = "!?&=";
    EXPECT_EQ(value_of(to_form(request).value(), "goods_name"), "(none)");
}

class ExpiredTimeTest : public testing::TestWithParam<std::string> {};

TEST_P(ExpiredTimeTest, IsTaken)
{
    auto request = shown();
    request.pay_type = GetParam();
    request.expired_time = minutes{120};
    EXPECT_EQ(value_of(to_form(request).value(), "expired_time"), "120");
}

// Source: contract 4.1.
INSTANTIATE_TEST_SUITE_P(Contract, ExpiredTimeTest,
                         testing::Values("800201", "800101", "801512", "801501", "801107", "801101",
                                         "801010", "801510"));

}  // namespace
}  // namespace ecr::protocol::cloud
