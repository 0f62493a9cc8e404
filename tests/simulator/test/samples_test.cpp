// The answers, field by field and type by type, against the samples of the API's document.
#include "tests/simulator/test/shop.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ecr::simulator {
namespace {

// Source: contract 12; the field sets and types of the document's sample responses.
constexpr auto card_sample =
    R"({"server_time": "2024-07-04 15:14:25", "chnluserid": "WP_TEST_HKD", "cancel": 0,
        "cardscheme": "ECMC", "chnltermid": "1000001", "opuid": "0000",
        "out_trade_no": "BR-20240704-000001", "syssn": "20240704180500020000018000",
        "tradetp": "payment", "sysdtm": "2024-07-04 15:10:35", "billamt": 0, "txcurrcd": "344",
        "origssn": "", "allow_refund_amt": 511, "opuser": "Store Account", "nickname": "Test store",
        "customer_source": "", "cardcd": "", "cardno": "520000******0000", "userid": 1000001,
        "txamt": 511, "busicd": "802801", "clisn": "000001", "cardtype": "", "respcd": "0000",
        "origbusicd": "", "chnlsn": ""})";
constexpr auto octopus_sample =
    R"({"server_time": "2024-07-04 15:10:44", "octopus_no": "", "chnluserid": "",
        "octopus_balance": 0.0, "cancel": 0, "chnltermid": "", "opuid": "0000", "out_trade_no": "",
        "syssn": "20240704154100020000017879", "tradetp": "payment",
        "octopus_paydtm": "2024-07-04 15:08:00", "sysdtm": "2024-07-04 15:07:38", "billamt": 0,
        "txcurrcd": "344", "octopus_account_id": "380000000", "origssn": "",
        "allow_refund_amt": 100, "opuser": "Store Account", "nickname": "Test store",
        "octopus_order_id": "", "octopus_order_status": "SUCCESS",
        "customer_source": "China Hong Kong", "cardcd": "", "userid": 1000001, "txamt": 100,
        "busicd": "803708", "clisn": "000002", "respcd": "0000", "origbusicd": "",
        "chnlsn": "OEM00000000000001"})";

/// "name: type" of every field.
std::set<std::string> fields_of(const json& row)
{
    std::set<std::string> fields;
    for (const auto& [name, value] : row.items()) {
        const std::string type = value.is_number_float() ? "float" : value.type_name();
        fields.insert(name + ": " + type);
    }
    return fields;
}

TEST(SamplesTest, CardRowHasTheFieldsAndTypesOfTheSample)
{
    shop s;
    s.paid("C1", 511, "card_payment");
    const auto answer = s.ask("C1");
    EXPECT_EQ(answer.at("resperr"), "Query success");
    EXPECT_EQ(answer.at("respcd"), "0000");
    const auto& row = answer.at("respmsg");
    const auto sample = json::parse(card_sample);
    EXPECT_EQ(fields_of(row), fields_of(sample));
    for (const auto name : {"cancel", "cardscheme", "opuid", "tradetp", "billamt", "txcurrcd",
                            "origssn", "allow_refund_amt", "opuser", "customer_source", "cardcd",
                            "txamt", "busicd", "cardtype", "respcd", "origbusicd", "chnlsn"})
        EXPECT_EQ(row.at(name), sample.at(name)) << name;
    EXPECT_EQ(row.at("out_trade_no"), "C1");
    EXPECT_EQ(row.at("sysdtm"), "2024-07-04 15:00:00");
    EXPECT_EQ(row.at("server_time"), "2024-07-04 15:00:10");
    EXPECT_EQ(row.at("syssn").get<std::string>().size(), 26U);
    EXPECT_EQ(row.at("syssn").get<std::string>().substr(0, 8), "20240704");
}

TEST(SamplesTest, OctopusRowHasTheFieldsAndTypesOfTheSample)
{
    shop s;
    s.paid("O1", 100, "octopus");
    const auto row = s.ask("O1").at("respmsg");
    const auto sample = json::parse(octopus_sample);
    EXPECT_EQ(fields_of(row), fields_of(sample));
    for (const auto name :
         {"octopus_no", "chnluserid", "octopus_balance", "cancel", "chnltermid", "out_trade_no",
          "tradetp", "billamt", "txcurrcd", "origssn", "allow_refund_amt", "octopus_order_id",
          "octopus_order_status", "customer_source", "txamt", "busicd", "respcd", "origbusicd"})
        EXPECT_EQ(row.at(name), sample.at(name)) << name;
}

TEST(SamplesTest, WalletRowIsTheCommonOneWithoutWhatOnlyCardsHave)
{
    shop s;
    s.paid("W1", 100, "wx");
    const auto row = s.ask("W1").at("respmsg");
    auto expected = json::parse(card_sample);
    for (const auto only_cards : {"cardscheme", "cardno", "cardtype"})
        expected.erase(only_cards);
    EXPECT_EQ(fields_of(row), fields_of(expected));
    EXPECT_EQ(row.at("busicd"), "800208");
    EXPECT_NE(row.at("chnlsn"), "");
}

TEST(SamplesTest, RefundRowNamesItsPayment)
{
    shop s;
    const auto payment = s.paid("P1", 300, "alipay");
    ASSERT_EQ(s.refund(payment, "100", "R1"), "0000");
    s.pass(10s);
    const auto row = s.ask("R1").at("respmsg");
    EXPECT_EQ(row.at("tradetp"), "refund");
    EXPECT_EQ(row.at("origssn"), payment);
    EXPECT_EQ(row.at("origbusicd"), "800108");
    EXPECT_EQ(row.at("busicd"), "800103");
    EXPECT_EQ(row.at("txamt"), 100);
    EXPECT_EQ(row.at("respcd"), "0000");
    EXPECT_NE(row.at("syssn"), payment);
    EXPECT_EQ(s.ask_syssn(row.at("syssn")).at("respmsg").at("out_trade_no"), "R1");
}

struct text_case {
    std::string name;
    std::string path;
    form parameters;
    std::string body;  // byte for byte

    friend void PrintTo(const text_case& c, std::ostream* out) { *out << c.name; }
};

class SampleTextTest : public testing::TestWithParam<text_case> {};

TEST_P(SampleTextTest, AnswerIsTheSampleByteForByte)
{
    const auto& c = GetParam();
    shop s;
    auto parameters = c.parameters;
    if (c.name == "Refund" || c.name == "Receipt") {
        const auto syssn = s.paid("P1");
        for (auto& [name, value] : parameters)
            if (name == "syssn") value = syssn;
    }
    EXPECT_EQ(s.post(c.path, parameters)->body, c.body);
}

form payment_to(const std::string& termid)
{
    return {{"txamt", "110"},
            {"termid", termid},
            {"channel", "wx"},
            {"out_trade_no", "A1"},
            {"scan_type", "QRCODE_PAY"}};
}

const std::string unbound_text =
    R"({"resperr": "Termid T9 is unbounded, please login MchntApp to bind it!", )"
    R"("respcd": "1106", "respmsg": ""})";
const std::string no_order_text =
    R"({"resperr": "The order doesn't exist", "respcd": "1136", "respmsg": ""})";

// clang-format off
const text_case text_cases[] = {
    {"Payment", payment_path, payment_to("T1"),
     R"({"resperr": "Order push success", "respcd": "0000", "respmsg": ""})"},
    {"Refund", refund_path, {{"syssn", ""}, {"termid", "T1"}},
     R"({"resperr": "Refund push success", "respcd": "0000", "respmsg": ""})"},
    {"Cancel", cancel_path, {{"termid", "T1"}},
     R"({"resperr": "Cancel push success", "respcd": "0000", "respmsg": ""})"},
    {"Receipt", receipt_path, {{"syssn", ""}, {"out_trade_no", "P1"}, {"termid", "T1"}},
     R"({"resperr": "Print receipt push success", "respcd": "0000", "respmsg": ""})"},
    {"Summary", summary_path, {{"termid", "T1"}},
     R"({"resperr": "Print Summary push success", "respcd": "0000", "respmsg": ""})"},
    {"PaymentUnbound", payment_path, payment_to("T9"), unbound_text},
    {"CancelUnbound",  cancel_path,  {{"termid", "T9"}}, unbound_text},
    {"SummaryUnbound", summary_path, {{"termid", "T9"}}, unbound_text},
    {"RefundUnknown",  refund_path,  {{"syssn", "2024070400"}, {"termid", "T1"}},
     R"({"resperr": "Transaction doesn't exist or now isn't in operation time", )"
     R"("respcd": "1136", "respmsg": ""})"},
    {"ReceiptUnknown", receipt_path,
     {{"syssn", "2024070400"}, {"out_trade_no", "P1"}, {"termid", "T1"}}, no_order_text},
    {"QueryUnknown",   query_path,   {{"out_trade_no", "no"}, {"termid", "T1"}}, no_order_text},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Wire, SampleTextTest, testing::ValuesIn(text_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(SamplesTest, TextOutsideAsciiIsEscaped)
{
    settings initial;
    initial.nickname = "\xE6\xB8\xAC\xE8\xA9\xA6";  // 測試
    shop s{initial};
    s.paid("W1");
    const auto body = s.post(query_path, {{"out_trade_no", "W1"}, {"termid", "T1"}})->body;
    EXPECT_NE(body.find("\"nickname\": \"\\u6e2c\\u8a66\""), std::string::npos) << body;
}

struct busicd_case {
    std::string channel;
    std::string scan;
    std::string busicd;

    friend void PrintTo(const busicd_case& c, std::ostream* out)
    {
        *out << c.channel << " " << c.scan;
    }
};

class BusicdTest : public testing::TestWithParam<busicd_case> {};

TEST_P(BusicdTest, FollowsChannelAndScanType)
{
    const auto& c = GetParam();
    shop s;
    ASSERT_EQ(s.pay("B1", 100, c.channel, "T1", c.scan), "0000");
    s.pass(10s);
    EXPECT_EQ(s.ask("B1").at("respmsg").at("busicd"), c.busicd);
}

// clang-format off
const busicd_case busicd_cases[] = {
    {"card_payment",  "SCAN_PAY",   "802801"}, {"wx",            "SCAN_PAY",   "800208"},
    {"wx",            "QRCODE_PAY", "800201"}, {"alipay",        "SCAN_PAY",   "800108"},
    {"alipay",        "QRCODE_PAY", "800101"}, {"payme",         "SCAN_PAY",   "805808"},
    {"payme",         "QRCODE_PAY", "805801"}, {"union",         "SCAN_PAY",   "800708"},
    {"union",         "QRCODE_PAY", "800701"}, {"fps",           "QRCODE_PAY", "802001"},
    {"octopus",       "SCAN_PAY",   "803708"}, {"unionpay_card", "SCAN_PAY",   "806708"},
    {"amex_card",     "SCAN_PAY",   "806808"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, BusicdTest, testing::ValuesIn(busicd_cases),
                         [](const auto& i) { return i.param.channel + "_" + i.param.scan; });

}  // namespace
}  // namespace ecr::simulator
