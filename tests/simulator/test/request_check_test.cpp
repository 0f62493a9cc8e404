#include "tests/simulator/test/shop.hpp"

#include <gtest/gtest.h>

#include <map>

namespace ecr::simulator {
namespace {

using change = std::map<std::string, std::optional<std::string>>;

struct parameter_case {
    std::string name;
    std::string path;
    change changes;  // nothing: the parameter is left out
    std::string respcd;

    friend void PrintTo(const parameter_case& c, std::ostream* out) { *out << c.name; }
};

class RequestCheckTest : public testing::TestWithParam<parameter_case> {};

std::map<std::string, std::string> good_parameters(const std::string& path)
{
    if (path == payment_path)
        return {{"txamt", "110"},
                {"termid", "T1"},
                {"channel", "wx"},
                {"out_trade_no", "A1"},
                {"scan_type", "SCAN_PAY"}};
    if (path == refund_path) return {{"syssn", "2024"}, {"termid", "T1"}, {"txamt", "10"}};
    if (path == receipt_path) return {{"syssn", "2024"}, {"out_trade_no", "A1"}, {"termid", "T1"}};
    if (path == query_path) return {{"out_trade_no", "A1"}, {"termid", "T1"}};
    return {{"termid", "T1"}};
}

TEST_P(RequestCheckTest, AnswersWithTheCode)
{
    const auto& c = GetParam();
    shop s;
    auto parameters = good_parameters(c.path);
    for (const auto& [name, value] : c.changes) {
        if (value)
            parameters[name] = *value;
        else
            parameters.erase(name);
    }
    EXPECT_EQ(s.respcd(c.path, form(parameters.begin(), parameters.end())), c.respcd);
    const bool reached = !s.sim.truth().pushes().empty();
    const bool well_formed = c.respcd == "0000" || c.respcd == "1106";
    EXPECT_EQ(reached, c.path == payment_path && well_formed);
}

const auto none = std::nullopt;

// clang-format off
const parameter_case parameter_cases[] = {
    {"Payment",             payment_path, {},                                      "0000"},
    {"NoAmount",            payment_path, {{"txamt", none}},                       "1103"},
    {"NoTermid",            payment_path, {{"termid", none}},                      "1103"},
    {"NoChannel",           payment_path, {{"channel", none}},                     "1103"},
    {"NoNumber",            payment_path, {{"out_trade_no", none}},                "1103"},
    {"NoScanType",          payment_path, {{"scan_type", none}},                   "1103"},
    {"AmountZero",          payment_path, {{"txamt", "0"}},                        "1104"},
    {"AmountNegative",      payment_path, {{"txamt", "-5"}},                       "1104"},
    {"AmountInDollars",     payment_path, {{"txamt", "1.10"}},                     "1104"},
    {"AmountLargest",       payment_path, {{"txamt", "2147483647"}},               "0000"},
    {"AmountTooLarge",      payment_path, {{"txamt", "2147483648"}},               "1104"},
    {"AmountHuge",          payment_path, {{"txamt", "99999999999999999999"}},     "1104"},
    {"UnknownChannel",      payment_path, {{"channel", "visa"}},                   "1104"},
    {"UnknownScanType",     payment_path, {{"scan_type", "qrcode_pay"}},           "1104"},
    {"FpsByScanning",       payment_path, {{"channel", "fps"}},                    "1104"},
    {"FpsByCode",           payment_path,
     {{"channel", "fps"}, {"scan_type", "QRCODE_PAY"}}, "0000"},
    {"CameraFront",         payment_path, {{"camera_id", "1"}},                    "0000"},
    {"CameraTwo",           payment_path, {{"camera_id", "2"}},                    "1104"},
    {"TimeoutZero",         payment_path, {{"payment_timeout", "0"}},              "1104"},
    {"TimeoutText",         payment_path, {{"payment_timeout", "60s"}},            "1104"},
    {"TimeoutLong",         payment_path, {{"payment_timeout", "300"}},            "0000"},
    {"PaymeTimeout120",     payment_path,
     {{"channel", "payme"}, {"payment_timeout", "120"}}, "0000"},
    {"PaymeTimeout121",     payment_path,
     {{"channel", "payme"}, {"payment_timeout", "121"}}, "1104"},
    {"NumberOf128",         payment_path, {{"out_trade_no", std::string(128, 'a')}}, "0000"},
    {"NumberOf129",         payment_path, {{"out_trade_no", std::string(129, 'a')}}, "1104"},
    {"NumberWithComma",     payment_path, {{"out_trade_no", "a,b"}},               "1104"},
    {"NumberWithBlank",     payment_path, {{"out_trade_no", "a b"}},               "1104"},
    {"UnknownTerminal",     payment_path, {{"termid", "T77"}},                     "1106"},
    {"RefundNoSyssn",       refund_path,  {{"syssn", none}},                       "1103"},
    {"RefundNoTermid",      refund_path,  {{"termid", none}},                      "1103"},
    {"RefundAmountZero",    refund_path,  {{"txamt", "0"}},                        "1104"},
    {"RefundModifyTwo",     refund_path,  {{"allow_modify_flag", "2"}},            "1104"},
    {"CancelNoTermid",      cancel_path,  {{"termid", none}},                      "1103"},
    {"SummaryNoTermid",     summary_path, {{"termid", none}},                      "1103"},
    {"ReceiptNoSyssn",      receipt_path, {{"syssn", none}},                       "1103"},
    {"ReceiptNoNumber",     receipt_path, {{"out_trade_no", none}},                "1103"},
    {"QueryNoIds",          query_path,   {{"out_trade_no", none}},                "1103"},
    {"QueryNoTermid",       query_path,   {{"termid", none}},                      "1103"},
    {"UnknownCall",         "/ecr/v1/payment", {},                                 "1103"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Parameters, RequestCheckTest, testing::ValuesIn(parameter_cases),
                         [](const auto& instance) { return instance.param.name; });

struct header_case {
    std::string name;
    std::string header;
    std::optional<std::string> value;
    std::string respcd;

    friend void PrintTo(const header_case& c, std::ostream* out) { *out << c.name; }
};

class HeaderCheckTest : public testing::TestWithParam<header_case> {};

TEST_P(HeaderCheckTest, AnswersWithTheCode)
{
    const auto& c = GetParam();
    shop s;
    auto request = s.signed_by(cancel_path, {{"termid", "T1"}});
    if (c.value)
        request.headers[c.header] = *c.value;
    else
        request.headers.erase(c.header);
    const auto answer = s.send(request);
    EXPECT_EQ(json::parse(answer->body).at("respcd"), c.respcd);
    EXPECT_EQ(s.sim.truth().signature_failures(), c.respcd == "1108" ? 1 : 0);
}

const std::string right_sign = protocol::cloud::request_signature(
    {{"termid", "T1"}}, test_client_key, protocol::cloud::sign_algorithm::md5);

std::string in_lower_case(std::string text)
{
    for (auto& c : text)
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

// clang-format off
const header_case header_cases[] = {
    {"NoContentType",    "Content-Type",  none,                                             "1108"},
    {"Json",             "Content-Type",  "application/json",                               "1108"},
    {"FormWithCharset",  "Content-Type",
     "application/x-www-form-urlencoded; charset=UTF-8", "0000"},
    {"NoAppCode",        "X-QF-APPCODE",  none,                                             "1108"},
    {"OtherAppCode",     "X-QF-APPCODE",  "00000000000000000000000000000000",               "1108"},
    {"NoSign",           "X-QF-SIGN",     none,                                             "1108"},
    {"WrongSign",        "X-QF-SIGN",     "00000000000000000000000000000000",               "1108"},
    {"LowerCaseSign",    "X-QF-SIGN",     in_lower_case(right_sign),                        "0000"},
    {"Md5Named",         "X-QF-SIGNTYPE", "MD5",                                            "0000"},
    {"Md5CalledSha256",  "X-QF-SIGNTYPE", "SHA256",                                         "1108"},
    {"UnknownSignType",  "X-QF-SIGNTYPE", "SHA1",                                           "1108"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Headers, HeaderCheckTest, testing::ValuesIn(header_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(RequestCheckTest, Sha256IsAcceptedWithItsHeader)
{
    shop s;
    const form parameters{{"termid", "T1"}};
    const auto algorithm = protocol::cloud::sign_algorithm::sha256;
    const auto answer = s.send(s.signed_by(cancel_path, parameters, algorithm));
    EXPECT_EQ(json::parse(answer->body).at("respcd"), "0000");
    s.sim.behaviour().sha256_request = sha256_request::refused_1108;
    const auto refused = s.send(s.signed_by(cancel_path, parameters, algorithm));
    EXPECT_EQ(json::parse(refused->body).at("respcd"), "1108");
}

TEST(RequestCheckTest, OnlyPostIsTaken)
{
    shop s;
    auto request = s.signed_by(cancel_path, {{"termid", "T1"}});
    request.method = "PUT";
    EXPECT_EQ(s.send(request)->status, 405);
    EXPECT_TRUE(s.sim.truth().cancels().empty());
}

TEST(RequestCheckTest, OtherPathsAreNotFound)
{
    shop s;
    EXPECT_EQ(s.post("/checkout/v1/query", {{"termid", "T1"}})->status, 404);
}

TEST(RequestCheckTest, ABrokenFormIsMalformed)
{
    shop s;
    auto request = s.signed_by(cancel_path, {{"termid", "T1"}});
    request.body = "termid=%zz";
    EXPECT_EQ(json::parse(s.send(request)->body).at("respcd"), "1103");
}

TEST(RequestCheckTest, TooLargeABodyIsRefused)
{
    shop s;
    auto request = s.signed_by(cancel_path, {{"termid", "T1"}});
    request.body = std::string(65 * 1024, 'a');
    EXPECT_EQ(s.send(request)->status, 413);
}

TEST(RequestCheckTest, MchidFollowsTheSetting)
{
    shop s;
    const form without{{"termid", "T1"}};
    const form with{{"mchid", "M1"}, {"termid", "T1"}};
    EXPECT_EQ(s.respcd(cancel_path, with), "0000");
    s.sim.behaviour().mchid = mchid::refused_1104;
    EXPECT_EQ(s.respcd(cancel_path, with), "1104");
    s.sim.behaviour().mchid = mchid::required_1103;
    EXPECT_EQ(s.respcd(cancel_path, with), "0000");
    EXPECT_EQ(s.respcd(cancel_path, without), "1103");
}

}  // namespace
}  // namespace ecr::simulator
