// What the answer to a push proves: that it went out, that nothing was executed, or nothing at all.
#include "protocol/order/evidence.hpp"
#include "tests/protocol/cloud/data_file.hpp"
#include "tests/protocol/order/evidence_sample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

namespace ecr::protocol {
namespace {

using testing::HasSubstr;

constexpr auto both_kinds = std::to_array({order_kind::payment, order_kind::refund});

// Written out a second time, by hand, from the notes of status_codes.csv and contract 13.6, 13.7.
const std::set<std::string> to_confirm{"1142", "1144", "1147", "1181", "1204", "1205", "2007"};
const std::set<std::string> refund_may_be_done{"1125", "1136", "1262", "1264", "1268", "1272"};

order_event expected_event(order_kind kind, const std::string& code, const std::string& cls)
{
    if (cls == "final_success") return order_event::push;
    if (kind == order_kind::refund && refund_may_be_done.contains(code)) return order_event::doubt;
    if (cls == "config_error" || cls == "transient") return order_event::refuse;
    if (cls == "final_failure" && !to_confirm.contains(code)) return order_event::refuse;
    return order_event::doubt;
}

// --- Codes ------------------------------------------------------------------------------------

// Columns: code, meaning, class, table, note.
class EvidencePushCodeTest : public testing::TestWithParam<cloud::data_row> {};

TEST_P(EvidencePushCodeTest, DecidesByClass)
{
    const auto& row = GetParam();
    for (const auto kind : both_kinds) {
        const auto verdict = judge_push(kind, answered(bare_body(row[0], "cloud's words")));
        EXPECT_EQ(name_of(verdict.event), name_of(expected_event(kind, row[0], row[2])))
            << (kind == order_kind::refund ? "refund" : "payment");
        EXPECT_EQ(verdict.respcd, row[0]);
        EXPECT_EQ(verdict.reason, row[0] + " cloud's words");
    }
}

TEST_P(EvidencePushCodeTest, ABadSignatureLeavesItInDoubt)
{
    for (const auto kind : both_kinds) {
        const auto verdict = judge_push(kind, badly_signed(answered(bare_body(GetParam()[0]))));
        EXPECT_EQ(name_of(verdict.event), "doubt");
        EXPECT_THAT(verdict.reason, HasSubstr("signature"));
    }
}

INSTANTIATE_TEST_SUITE_P(Csv, EvidencePushCodeTest,
                         testing::ValuesIn(cloud::data_rows("status_codes.csv")),
                         [](const auto& instance) { return "C" + instance.param[0]; });

TEST(EvidencePushTest, AnUnlistedCodeLeavesItInDoubt)
{
    std::set<std::string> listed;
    for (const auto& row : cloud::data_rows("status_codes.csv"))
        listed.insert(row[0]);
    int unlisted = 0;
    for (int number = 0; number < 10'000; number += 7) {
        auto code = std::to_string(number);
        code.insert(0, 4 - code.size(), '0');
        if (listed.contains(code)) continue;
        ++unlisted;
        for (const auto kind : both_kinds)
            EXPECT_EQ(name_of(judge_push(kind, answered(bare_body(code))).event), "doubt") << code;
    }
    EXPECT_GT(unlisted, 1'300);
    for (const auto* odd : {"", " ", "0", "000", "00000", "0000 ", "OOOO", "ok", "success", "-1"})
        EXPECT_EQ(name_of(judge_push(order_kind::payment, answered(bare_body(odd))).event), "doubt")
            << odd;
}

// --- Transport and HTTP -----------------------------------------------------------------------

struct transport_case {
    const char* name;
    transport how;
    unsigned http_status;
    const char* body;
    order_event event;

    friend void PrintTo(const transport_case& c, std::ostream* out) { *out << c.name; }
};

class EvidencePushTransportTest : public testing::TestWithParam<transport_case> {};

TEST_P(EvidencePushTransportTest, DecidesTheEvent)
{
    const auto& c = GetParam();
    const cloud_reply reply{.how = c.how, .http_status = c.http_status, .body = c.body};
    for (const auto kind : both_kinds) {
        const auto verdict = judge_push(kind, reply);
        EXPECT_EQ(name_of(verdict.event), name_of(c.event));
        EXPECT_FALSE(verdict.reason.empty());
        EXPECT_FALSE(verdict.number_unwanted);
    }
}

constexpr auto success = R"({"resperr": "Order push success", "respcd": "0000", "respmsg": ""})";
constexpr auto unbound = R"({"resperr": "Termid is unbounded", "respcd": "1106", "respmsg": ""})";
constexpr auto html = "<html><body><h1>502 Bad Gateway</h1></body></html>";

// clang-format off
const transport_case transport_cases[] = {
    // name               how                   status  body                           event
    {"NotSent",           transport::not_sent,    0,    "",                            order_event::not_sent},
    {"NoAnswer",          transport::no_answer,   0,    "",                            order_event::doubt},
    {"NoAnswerAfterHead", transport::no_answer,   200,  success,                       order_event::doubt},
    {"Acknowledged",      transport::answered,    200,  success,                       order_event::push},
    {"Unbound",           transport::answered,    200,  unbound,                       order_event::refuse},
    {"CodeAsNumber",      transport::answered,    200,  R"({"respcd": 1106})",         order_event::refuse},
    {"BareZeros",         transport::answered,    200,  R"({"respcd": 0000})",         order_event::push},
    {"ZeroAsText",        transport::answered,    200,  R"({"respcd": "0"})",          order_event::doubt},
    {"Empty",             transport::answered,    200,  "",                            order_event::doubt},
    {"Blank",             transport::answered,    200,  " \r\n",                       order_event::doubt},
    {"Garbage",           transport::answered,    200,  "\x01\xff\xfe{{{",             order_event::doubt},
    {"Html",              transport::answered,    200,  html,                          order_event::doubt},
    {"CutShort",          transport::answered,    200,  R"({"resperr": "", "respcd": ")", order_event::doubt},
    {"CutAfterTheCode",   transport::answered,    200,  R"({"respcd": "1106")",        order_event::doubt},
    {"NoCode",            transport::answered,    200,  R"({"resperr": "ok"})",        order_event::doubt},
    {"NullCode",          transport::answered,    200,  R"({"respcd": null})",         order_event::doubt},
    {"CodeInAList",       transport::answered,    200,  R"([{"respcd": "0000"}])",     order_event::doubt},
    {"OnlyANumber",       transport::answered,    200,  "0000",                        order_event::doubt},
    {"NoContent",         transport::answered,    204,  "",                            order_event::doubt},
    {"Accepted",          transport::answered,    202,  success,                       order_event::doubt},
    {"Moved",             transport::answered,    301,  success,                       order_event::doubt},
    {"BadRequest",        transport::answered,    400,  unbound,                       order_event::doubt},
    {"Unauthorized",      transport::answered,    401,  unbound,                       order_event::doubt},
    {"Forbidden",         transport::answered,    403,  html,                          order_event::doubt},
    {"NotFound",          transport::answered,    404,  html,                          order_event::doubt},
    {"TooMany",           transport::answered,    429,  html,                          order_event::refuse},
    {"TooManyWithBody",   transport::answered,    429,  success,                       order_event::refuse},
    {"ServerError",       transport::answered,    500,  unbound,                       order_event::doubt},
    {"BadGateway",        transport::answered,    502,  html,                          order_event::doubt},
    {"Unavailable",       transport::answered,    503,  unbound,                       order_event::doubt},
    {"GatewayTimeout",    transport::answered,    504,  "",                            order_event::doubt},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, EvidencePushTransportTest, testing::ValuesIn(transport_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- What must hold for every answer ----------------------------------------------------------

template <class Check>
void for_every_push_reply(Check check)
{
    const auto bodies = std::to_array<std::string>(
        {"", html, success, unbound, bare_body("1205"), bare_body("1145"), bare_body("7777"),
         std::string{unbound}.substr(0, 40), row_body()});
    for (const auto how : {transport::answered, transport::not_sent, transport::no_answer})
        for (unsigned status = 100; status < 600; ++status)
            for (const auto& body : bodies)
                for (const bool bad : {false, true})
                    for (const auto kind : both_kinds) {
                        const cloud_reply reply{how, status, body, bad, "detail"};
                        check(reply, judge_push(kind, reply).event);
                    }
}

TEST(EvidencePushTest, OnlyTheTransportProvesThatNothingLeft)
{
    for_every_push_reply([](const cloud_reply& reply, order_event event) {
        ASSERT_EQ(event == order_event::not_sent, reply.how == transport::not_sent)
            << reply.http_status << ' ' << reply.body;
    });
}

TEST(EvidencePushTest, OnlyAnAcknowledgementOf200Pushes)
{
    for_every_push_reply([](const cloud_reply& reply, order_event event) {
        if (event != order_event::push) return;
        ASSERT_EQ(reply.how, transport::answered);
        ASSERT_EQ(reply.http_status, 200U);
        ASSERT_FALSE(reply.bad_signature);
    });
}

TEST(EvidencePushTest, AServerErrorNeverRefuses)
{
    for_every_push_reply([](const cloud_reply& reply, order_event event) {
        if (event != order_event::refuse) return;
        ASSERT_EQ(reply.how, transport::answered);
        ASSERT_TRUE(reply.http_status == 200U || reply.http_status == 429U) << reply.http_status;
    });
}

TEST(EvidencePushTest, ABadSignatureNeverDecides)
{
    for_every_push_reply([](const cloud_reply& reply, order_event event) {
        if (!reply.bad_signature || reply.how != transport::answered) return;
        ASSERT_EQ(name_of(event), "doubt") << reply.http_status << ' ' << reply.body;
    });
}

// --- A refund whose number is not wanted ------------------------------------------------------

struct number_case {
    const char* name;
    order_kind kind;
    const char* code;
    const char* words;
    bool bad_signature;
    bool unwanted;

    friend void PrintTo(const number_case& c, std::ostream* out) { *out << c.name; }
};

class EvidenceNumberUnwantedTest : public testing::TestWithParam<number_case> {};

TEST_P(EvidenceNumberUnwantedTest, OnlyWhenTheCloudNamesIt)
{
    const auto& c = GetParam();
    auto reply = answered(bare_body(c.code, c.words));
    reply.bad_signature = c.bad_signature;
    EXPECT_EQ(judge_push(c.kind, reply).number_unwanted, c.unwanted);
}

// clang-format off
const number_case number_cases[] = {
    // name          kind                  code    words                          bad sign  unwanted
    {"Malformed",    order_kind::refund,   "1103", "out_trade_no is unknown",     false,    true},
    {"BadParameter", order_kind::refund,   "1104", "parameter out_trade_no",      false,    true},
    {"Signature",    order_kind::refund,   "1108", "out_trade_no signed",         false,    true},
    {"OtherField",   order_kind::refund,   "1104", "parameter txamt",             false,    false},
    {"OtherCode",    order_kind::refund,   "1106", "out_trade_no",                false,    false},
    {"Pending",      order_kind::refund,   "1145", "out_trade_no",                false,    false},
    {"Success",      order_kind::refund,   "0000", "out_trade_no",                false,    false},
    {"Untrusted",    order_kind::refund,   "1104", "parameter out_trade_no",      true,     false},
    {"Payment",      order_kind::payment,  "1104", "parameter out_trade_no",      false,    false},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, EvidenceNumberUnwantedTest, testing::ValuesIn(number_cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::protocol
