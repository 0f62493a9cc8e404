#include "protocol/cloud/ecr_api.hpp"
#include "protocol/json.hpp"
#include "tests/protocol/cloud/data_file.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>

namespace ecr::protocol::cloud {
namespace {

using std::chrono::seconds;

const std::string termid = "TESTTERM0000000000503";
const std::string syssn = "20240627180500020000018000";

money amount_of(std::int64_t minor_units)
{
    return money::of(minor_units).value();
}

payment_request card_payment()
{
    return {.out_trade_no = "BR-20240704-000001",
            .termid = termid,
            .via = channel::card_payment,
            .scan = scan_type::scan_pay,
            .amount = amount_of(110),
            .camera_id = std::nullopt};
}

refund_request refund_of_100()
{
    return {.syssn = syssn, .termid = termid, .amount = amount_of(100), .out_trade_no = ""};
}

// --- Against the signature vectors, whose parameters are those of the contract -----------------

form parameters_of_vector(const std::string& id)
{
    const auto vectors = parse_json(data_file("cloud_vectors.json")).value();
    form parameters;
    for (const auto& vector : vectors.at("request_signature"))
        if (vector.at("id") == id)
            for (const auto& pair : vector.at("params"))
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

class EcrRequestVectorTest : public testing::TestWithParam<vector_case> {};

TEST_P(EcrRequestVectorTest, HasTheParametersOfTheVector)
{
    const auto ours = GetParam().ours();
    ASSERT_TRUE(ours);
    EXPECT_FALSE(ours->empty());
    EXPECT_EQ(*ours, parameters_of_vector(GetParam().id));
}

result<form> full_payment()
{
    auto request = card_payment();
    request.out_trade_no = "BR-20240704-000002";
    request.via = channel::wx;
    request.scan = scan_type::qrcode_pay;
    request.amount = amount_of(511);
    request.camera_id = 1;
    request.payment_timeout = seconds{90};
    return to_form(request);
}

result<form> refund_with_number()
{
    auto request = refund_of_100();
    request.out_trade_no = "BR-R-20240704-000001";
    return to_form(request);
}

result<form> enquiry_by_number()
{
    return to_form(query_request{"", "BR-20240704-000001", termid});
}

const vector_case vector_cases[] = {
    {"Payment", "R10-ecr-payment", [] { return to_form(card_payment()); }},
    {"FullPayment", "R11-ecr-payment-all", full_payment},
    {"Refund", "R12-ecr-refund", [] { return to_form(refund_of_100()); }},
    {"RefundWithNumber", "R13-ecr-refund-zh", refund_with_number},
    {"Cancel", "R14-ecr-cancel", [] { return to_form(cancel_request{termid}); }},
    {"Summary", "R14-ecr-cancel", [] { return to_form(summary_request{termid}); }},
    {"Query", "R15-ecr-query", enquiry_by_number},
};

INSTANTIATE_TEST_SUITE_P(Table, EcrRequestVectorTest, testing::ValuesIn(vector_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- Parameters beyond the vectors ------------------------------------------------------------

TEST(EcrRequestTest, AReceiptNamesPaymentNumberTerminal)
{
    const form expected{{"syssn", syssn}, {"out_trade_no", "A1"}, {"termid", termid}};
    EXPECT_EQ(to_form(receipt_request{syssn, "A1", termid}).value(), expected);
}

TEST(EcrRequestTest, AnEnquiryBySyssnLeavesTheNumberOut)
{
    const form expected{{"termid", termid}, {"syssn", syssn}};
    EXPECT_EQ(to_form(query_request{syssn, "A1", termid}).value(), expected);
}

TEST(EcrRequestTest, ARefundMayLetTheCashierChangeTheAmount)
{
    auto request = refund_of_100();
    request.allow_modify = true;
    const form expected{
        {"syssn", syssn}, {"termid", termid}, {"txamt", "100"}, {"allow_modify_flag", "1"}};
    EXPECT_EQ(to_form(request).value(), expected);
}

TEST(EcrRequestTest, TheLargestAmountIsPlainDecimal)
{
    auto request = card_payment();
    request.amount = amount_of(money::minor_units_max);
    EXPECT_EQ(to_form(request).value().front(), (form::value_type{"txamt", "2147483647"}));
}

// --- Limits of a payment ----------------------------------------------------------------------

struct limit_case {
    std::string name;
    bool allowed;
    std::function<void(payment_request&)> change;

    friend void PrintTo(const limit_case& c, std::ostream* out) { *out << c.name; }
};

class EcrPaymentLimitTest : public testing::TestWithParam<limit_case> {};

TEST_P(EcrPaymentLimitTest, Decides)
{
    auto request = card_payment();
    GetParam().change(request);
    const auto parameters = to_form(request);
    EXPECT_EQ(parameters.has_value(), GetParam().allowed);
    if (!parameters) {
        EXPECT_EQ(parameters.error(), errc::bad_parameter);
    }
}

using payment = payment_request;

void set(payment& request, channel via, seconds wait)
{
    request.via = via;
    request.payment_timeout = wait;
}

void set(payment& request, channel via, scan_type scan)
{
    request.via = via;
    request.scan = scan;
}

// clang-format off
const limit_case limit_cases[] = {
    {"Unchanged",          true,  [](payment&) {}},
    {"NumberEmpty",        false, [](payment& r) { r.out_trade_no = ""; }},
    {"NumberOfOne",        true,  [](payment& r) { r.out_trade_no = "1"; }},
    {"NumberLongest",      true,  [](payment& r) { r.out_trade_no.assign(128, 'x'); }},
    {"NumberTooLong",      false, [](payment& r) { r.out_trade_no.assign(129, 'x'); }},
    {"NumberWithComma",    false, [](payment& r) { r.out_trade_no = "A,1"; }},
    {"NumberWithBlank",    false, [](payment& r) { r.out_trade_no = "A 1"; }},
    {"NumberWithNewline",  false, [](payment& r) { r.out_trade_no = "A1\n"; }},
    {"NumberWithDelete",   false, [](payment& r) { r.out_trade_no = "A1\x7f"; }},
    {"NumberWithNul",      false, [](payment& r) { r.out_trade_no = std::string{"A\0", 2}; }},
    {"NumberNotAscii",     false, [](payment& r) { r.out_trade_no = "\xE7\xBC\xB6"; }},
    {"NumberPunctuated",   true,  [](payment& r) { r.out_trade_no = "a_b|c*d-!~"; }},
    {"TermidEmpty",        false, [](payment& r) { r.termid = ""; }},
    {"TermidLongest",      true,  [](payment& r) { r.termid.assign(64, 'T'); }},
    {"TermidTooLong",      false, [](payment& r) { r.termid.assign(65, 'T'); }},
    {"TermidWithComma",    false, [](payment& r) { r.termid = "T1,T2"; }},
    {"TermidWithBlank",    false, [](payment& r) { r.termid = "T1 "; }},
    {"NoChannel",          false, [](payment& r) { r.via = channel{}; }},
    {"UnknownChannel",     false, [](payment& r) { r.via = static_cast<channel>(10); }},
    {"NoScan",             false, [](payment& r) { r.scan = scan_type{}; }},
    {"CameraBack",         true,  [](payment& r) { r.camera_id = 0; }},
    {"CameraFront",        true,  [](payment& r) { r.camera_id = 1; }},
    {"CameraThird",        false, [](payment& r) { r.camera_id = 2; }},
    {"CameraNegative",     false, [](payment& r) { r.camera_id = -1; }},
    {"TimeoutNone",        false, [](payment& r) { r.payment_timeout = seconds{0}; }},
    {"TimeoutNegative",    false, [](payment& r) { r.payment_timeout = seconds{-1}; }},
    {"TimeoutShortest",    true,  [](payment& r) { r.payment_timeout = seconds{1}; }},
    {"TimeoutLongest",     true,  [](payment& r) { r.payment_timeout = seconds{600}; }},
    {"TimeoutTooLong",     false, [](payment& r) { r.payment_timeout = seconds{601}; }},
    {"PayMeLongest",       true,  [](payment& r) { set(r, channel::payme, seconds{120}); }},
    {"PayMeTooLong",       false, [](payment& r) { set(r, channel::payme, seconds{121}); }},
    {"WeChatLonger",       true,  [](payment& r) { set(r, channel::wx, seconds{121}); }},
    {"FpsShown",           true,  [](payment& r) { set(r, channel::fps, scan_type::qrcode_pay); }},
    {"FpsScanned",         false, [](payment& r) { set(r, channel::fps, scan_type::scan_pay); }},
    {"OctopusScanned",     true,  [](payment& r) { r.via = channel::octopus; }},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, EcrPaymentLimitTest, testing::ValuesIn(limit_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(EcrRequestTest, EveryChannelGoesOutUnderItsName)
{
    for (int number = 1; number <= channel_count; ++number) {
        auto request = card_payment();
        set(request, static_cast<channel>(number), scan_type::qrcode_pay);
        const auto parameters = to_form(request).value();
        EXPECT_EQ(parameters.at(2), (form::value_type{"channel", name_of(request.via)}));
        EXPECT_EQ(parameters.at(4), (form::value_type{"scan_type", "QRCODE_PAY"}));
    }
}

// --- Limits of the others ---------------------------------------------------------------------

const std::string bad_ids[] = {" ", "a b", "a,b", "a\t", "\xC3\xA9", std::string(129, 'x')};

TEST(EcrRequestTest, ARefundNeedsAPaymentToRefund)
{
    auto request = refund_of_100();
    request.syssn = "";
    EXPECT_EQ(to_form(request).error(), errc::bad_parameter);
}

TEST(EcrRequestTest, ARefundRefusesBadIds)
{
    for (const auto& bad : bad_ids) {
        auto wrong_payment = refund_of_100();
        wrong_payment.syssn = bad;
        EXPECT_EQ(to_form(wrong_payment).error(), errc::bad_parameter) << bad;
        auto wrong_number = refund_of_100();
        wrong_number.out_trade_no = bad;
        EXPECT_EQ(to_form(wrong_number).error(), errc::bad_parameter) << bad;
        auto wrong_terminal = refund_of_100();
        wrong_terminal.termid = bad;
        EXPECT_EQ(to_form(wrong_terminal).error(), errc::bad_parameter) << bad;
    }
}

TEST(EcrRequestTest, AReceiptNeedsAllThreeIds)
{
    EXPECT_EQ(to_form(receipt_request{"", "A1", termid}).error(), errc::bad_parameter);
    EXPECT_EQ(to_form(receipt_request{syssn, "", termid}).error(), errc::bad_parameter);
    EXPECT_EQ(to_form(receipt_request{syssn, "A1", ""}).error(), errc::bad_parameter);
}

TEST(EcrRequestTest, AnEnquiryNeedsOneOfTheTwoNumbers)
{
    EXPECT_EQ(to_form(query_request{"", "", termid}).error(), errc::bad_parameter);
    EXPECT_EQ(to_form(query_request{"", "A1", ""}).error(), errc::bad_parameter);
}

TEST(EcrRequestTest, NoCallTakesABadId)
{
    for (const auto& bad : bad_ids) {
        EXPECT_EQ(to_form(cancel_request{bad}).error(), errc::bad_parameter) << bad;
        EXPECT_EQ(to_form(summary_request{bad}).error(), errc::bad_parameter) << bad;
        EXPECT_EQ(to_form(receipt_request{bad, "A1", termid}).error(), errc::bad_parameter) << bad;
        EXPECT_EQ(to_form(receipt_request{syssn, bad, termid}).error(), errc::bad_parameter) << bad;
        EXPECT_EQ(to_form(query_request{bad, "A1", termid}).error(), errc::bad_parameter) << bad;
        EXPECT_EQ(to_form(query_request{"", bad, termid}).error(), errc::bad_parameter) << bad;
        EXPECT_FALSE(is_out_trade_no(bad)) << bad;
    }
}

}  // namespace
}  // namespace ecr::protocol::cloud
