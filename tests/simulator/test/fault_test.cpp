#include "tests/simulator/test/shop.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>
#include <gtest/gtest.h>

namespace ecr::simulator {
namespace {

namespace http = boost::beast::http;

struct fault_case {
    std::string name;
    std::string answer;  // what the push is answered within 5 s
    bool charged;        // whether the shopper is, in the end
    fault what;

    friend void PrintTo(const fault_case& c, std::ostream* out) { *out << c.name; }
};

class FaultTest : public testing::TestWithParam<fault_case> {};

std::string in_words(const std::optional<test::http_answer>& answer)
{
    if (!answer) return "no answer";
    if (answer->failed == boost::asio::error::connection_reset) return "reset";
    if (answer->failed == http::error::end_of_stream ||
        answer->failed == http::error::partial_message ||
        answer->failed == boost::asio::ssl::error::stream_truncated ||
        answer->failed == boost::asio::error::eof)
        return answer->status == 0 ? "closed" : "cut";
    if (answer->failed == http::error::body_limit) return "too long";
    if (answer->failed) return answer->failed.message();
    if (answer->status != 200) return "HTTP " + std::to_string(answer->status);
    const auto body = parse_json(answer->body);
    return body ? body->value("respcd", "?") : "unreadable";
}

TEST_P(FaultTest, HitsThePushAndNothingElse)
{
    const auto& c = GetParam();
    shop s;
    ASSERT_EQ(s.respcd(summary_path, {{"termid", "T1"}}), "0000");
    auto what = c.what;
    what.path = "payment";
    s.sim.plan(what);
    EXPECT_EQ(s.respcd(summary_path, {{"termid", "T1"}}), "0000") << "another path";
    const auto answer = s.post(payment_path,
                               {{"txamt", "110"},
                                {"termid", "T1"},
                                {"channel", "wx"},
                                {"out_trade_no", "A1"},
                                {"scan_type", "SCAN_PAY"}},
                               5s);
    EXPECT_EQ(in_words(answer), c.answer);
    if (!answer) s.client->close();
    s.pass(30s);
    EXPECT_EQ(s.sim.truth().charged("A1").count, c.charged ? 1 : 0);
    EXPECT_EQ(s.respcd(summary_path, {{"termid", "T1"}}), "0000") << "over after one request";
}

using enum fault_kind;

// clang-format off
const fault_case fault_cases[] = {
    {"CloseBeforeDoing",    "closed",     false, {.kind = close, .done = false}},
    {"CloseAfterDoing",     "closed",     true,  {.kind = close}},
    {"ResetAfterDoing",     "reset",      true,  {.kind = reset}},
    {"NoAnswerBeforeDoing", "no answer",  false, {.kind = no_answer, .done = false}},
    {"NoAnswerAfterDoing",  "no answer",  true,  {.kind = no_answer}},
    {"SlowButInTime",       "0000",       true,  {.kind = slow, .delay = 3s}},
    {"TooSlow",             "no answer",  true,  {.kind = slow, .delay = 6s}},
    {"DeliveredLate",       "no answer",  true,  {.kind = late_delivery, .delay = 20s}},
    {"Status500After",      "HTTP 500",   true,  {.kind = status}},
    {"Status500Before",     "HTTP 500",   false, {.kind = status, .done = false}},
    {"Status502Before",     "HTTP 502",   false, {.kind = status, .done = false, .http_status=502}},
    {"Status503After",      "HTTP 503",   true,  {.kind = status, .http_status = 503}},
    {"Status429Before",     "HTTP 429",   false, {.kind = status, .done = false, .http_status=429}},
    {"Redirect",            "HTTP 302",   false, {.kind = redirect, .done = false}},
    {"Garbage",             "unreadable", true,  {.kind = garbage}},
    {"Html",                "unreadable", true,  {.kind = html}},
    {"Empty",               "unreadable", true,  {.kind = empty}},
    {"EmptyBeforeDoing",    "unreadable", false, {.kind = empty, .done = false}},
    {"Truncated",           "cut",        true,  {.kind = truncated}},
    {"Endless",             "too long",   true,  {.kind = endless}},
    {"Trickle",             "0000",       true,  {.kind = trickle, .delay = 10ms}},
    {"TrickleTooSlow",      "no answer",  true,  {.kind = trickle, .delay = 1s}},
    {"RespcdAfterDoing",    "1298",       true,  {.kind = respcd, .respcd = "1298"}},
    {"RespcdBeforeDoing",   "1145",       false, {.kind = respcd, .done = false, .respcd = "1145"}},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, FaultTest, testing::ValuesIn(fault_cases),
                         [](const auto& instance) { return instance.param.name; });

struct enquiry_fault_case {
    std::string name;
    fault what;
    std::string field;
    json value;

    friend void PrintTo(const enquiry_fault_case& c, std::ostream* out) { *out << c.name; }
};

class EnquiryFaultTest : public testing::TestWithParam<enquiry_fault_case> {};

TEST_P(EnquiryFaultTest, ChangesOneField)
{
    const auto& c = GetParam();
    shop s;
    s.paid("A1", 110);
    const auto right = s.ask("A1").at("respmsg");
    s.sim.plan(c.what);
    const auto wrong = s.ask("A1").at("respmsg");
    EXPECT_NE(right.at(c.field), c.value);
    EXPECT_EQ(wrong.at(c.field), c.value);
    EXPECT_EQ(s.ask("A1").at("respmsg"), right);
}

const enquiry_fault_case enquiry_fault_cases[] = {
    {"WrongAmount", {.kind = fault_kind::wrong_amount}, "txamt", 111},
    {"WrongCurrency", {.kind = fault_kind::wrong_currency}, "txcurrcd", "156"},
    {"WrongOrder", {.kind = fault_kind::wrong_order}, "out_trade_no", "OTHER-ORDER-1"},
    {"RowRespcd", {.kind = fault_kind::row_respcd, .respcd = "1298"}, "respcd", "1298"},
};

INSTANTIATE_TEST_SUITE_P(All, EnquiryFaultTest, testing::ValuesIn(enquiry_fault_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(EnquiryFaultTest, StaleIsWhatWasTrueWhileTheTerminalWasBusy)
{
    shop s;
    s.sim.behaviour().busy_enquiry = busy_enquiry::row_1143;
    s.paid("A1");
    s.sim.plan(fault{.kind = fault_kind::stale, .skip = 1});
    EXPECT_EQ(s.state("A1"), "row 0000");
    EXPECT_EQ(s.state("A1"), "row 1143");
    EXPECT_EQ(s.state("A1"), "row 0000");
}

TEST(EnquiryFaultTest, RespcdReplacesTheWholeAnswer)
{
    shop s;
    s.paid("A1");
    s.sim.plan(fault{.kind = fault_kind::respcd, .respcd = "1254"});
    const auto answer = s.ask("A1");
    EXPECT_EQ(answer.at("respcd"), "1254");
    EXPECT_EQ(answer.at("respmsg"), "");
}

bool signature_is_right(const test::http_answer& answer)
{
    const auto sign = answer.headers.find("x-qf-sign");
    return sign != answer.headers.end() &&
           sign->second == protocol::cloud::body_signature(answer.body, test_client_key,
                                                           protocol::cloud::sign_algorithm::md5);
}

TEST(SignatureFaultTest, AnswersAreSignedUnlessAFaultSaysOtherwise)
{
    shop s;
    const auto answer = [&] { return *s.post(summary_path, {{"termid", "T1"}}); };
    EXPECT_TRUE(signature_is_right(answer()));
    s.sim.plan(fault{.kind = fault_kind::wrong_signature});
    const auto wrong = answer();
    EXPECT_TRUE(wrong.headers.contains("x-qf-sign"));
    EXPECT_FALSE(signature_is_right(wrong));
    s.sim.plan(fault{.kind = fault_kind::no_signature});
    EXPECT_FALSE(answer().headers.contains("x-qf-sign"));
    EXPECT_TRUE(signature_is_right(answer()));
}

TEST(ConnectionFaultTest, CloseOnAcceptIsProofThatNothingWasSent)
{
    shop s;
    s.sim.plan(fault{.kind = fault_kind::close_on_accept});
    const auto answer = s.post(summary_path, {{"termid", "T1"}});
    EXPECT_TRUE(answer->failed);
    EXPECT_FALSE(answer->sent);
    EXPECT_EQ(s.sim.truth().requests_in_all(), 0);
    EXPECT_EQ(s.respcd(summary_path, {{"termid", "T1"}}), "0000");
}

TEST(ConnectionFaultTest, CloseAfterHandshakeReadsNothing)
{
    shop s;
    s.sim.plan(fault{.kind = fault_kind::close_after_handshake});
    const auto answer = s.post(payment_path, {{"termid", "T1"}});
    EXPECT_TRUE(answer->failed);
    EXPECT_TRUE(answer->sent);
    EXPECT_EQ(s.sim.truth().requests_in_all(), 0);
}

TEST(ConnectionFaultTest, AClosedPortRefuses)
{
    shop s;
    const auto port = s.sim.port();
    s.sim.set_listening(false);
    EXPECT_EQ(s.post(summary_path, {{"termid", "T1"}})->failed,
              boost::asio::error::connection_refused);
    s.sim.set_listening(true);
    EXPECT_EQ(s.sim.port(), port);
    EXPECT_EQ(s.respcd(summary_path, {{"termid", "T1"}}), "0000");
}

TEST(ConnectionFaultTest, SilentConnectionsAreClosed)
{
    shop s;
    s.respcd(summary_path, {{"termid", "T1"}});
    s.pass(59s);
    s.respcd(summary_path, {{"termid", "T1"}});
    EXPECT_EQ(s.sim.truth().connections(), 1);
    s.pass(61s);
    EXPECT_EQ(s.respcd(summary_path, {{"termid", "T1"}}), "0000");
    EXPECT_EQ(s.sim.truth().connections(), 2);
}

TEST(ConnectionFaultTest, OnlyTheRightAuthorityIsTrusted)
{
    shop s;
    shop other;
    test::https_client stranger{s.io.get_executor(), s.sim.port(), other.sim.ca_pem()};
    const auto answer = test::run_task(s.io, s.clock, stranger.send({.target = query_path}), 5s);
    EXPECT_TRUE(answer->failed);
    EXPECT_FALSE(answer->sent);
}

TEST(FaultPlanTest, CountAndSkipAreCountedPerFault)
{
    fault_plan plan;
    plan.add({.kind = fault_kind::garbage, .path = "query", .count = 2, .skip = 1});
    plan.add({.kind = fault_kind::empty, .count = -1});
    const auto hit = [&](std::string_view path) {
        const auto what = plan.take(path);
        return what ? std::string{name_of(what->kind)} : "none";
    };
    EXPECT_EQ(hit(query_path), "empty") << "skipped by the first, hit by the second";
    EXPECT_EQ(hit(cancel_path), "empty");
    EXPECT_EQ(hit(query_path), "garbage");
    EXPECT_EQ(hit(query_path), "garbage");
    EXPECT_EQ(hit(query_path), "empty");
    EXPECT_FALSE(plan.take_connection(fault_kind::close_on_accept));
}

TEST(HttpTest, DateIsTheClocks)
{
    shop s;
    EXPECT_EQ(s.post(summary_path, {{"termid", "T1"}})->headers["date"],
              "Thu, 04 Jul 2024 07:00:00 GMT");
}

}  // namespace
}  // namespace ecr::simulator
