#include "protocol/json.hpp"
#include "protocol/till/qfpay_local/limits.hpp"
#include "tests/protocol/till/qfpay_local/till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace ecr::protocol::till::qfpay_local {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

struct http_test : testing::Test {
    till_end till{{}};

    http_answer answer()
    {
        auto all = http_answers(till.hears());
        if (all.size() != 1) throw std::logic_error{std::to_string(all.size()) + " answers"};
        return all.front();
    }
};

using HttpTest = http_test;

std::string quoted(const std::string& text)
{
    return '"' + text + '"';
}

TEST_F(HttpTest, EveryPathHasItsFunction)
{
    struct path_case {
        const char* path;
        const char* pairs;
        verb means;
    };
    const path_case cases[] = {
        {"/api/pos/trade", payment_pairs.c_str(), verb::pay},
        {"/api/pos/cancel", "func_type=1002,orderId='1'", verb::refund},
        {"/api/pos/print_receipt", "func_type=3001,orderId='1'", verb::receipt},
        {"/api/pos/transaction_info", "func_type=3002", verb::summary},
        {"/api/pos/query_transaction", "func_type=4001,orderId='1'", verb::query},
        {"/api/pos/cancel_request", "func_type=5001", verb::cancel},
        {"/api/pos/cancel_request?x=1", "func_type=5001", verb::cancel},
        {"/", "func_type=3002", verb::summary},
    };
    for (const auto& c : cases) {
        till_end one{{}};
        one.says(post(c.path, quoted(request(c.pairs))));
        const auto asked_for = one.asks();
        ASSERT_THAT(asked_for, SizeIs(1)) << c.path << one.hears();
        EXPECT_EQ(asked_for[0].what, c.means);
        EXPECT_EQ(one.hears(), "");
    }
}

TEST_F(HttpTest, APaymentIsAnsweredInTheMannerOfItsRequest)
{
    for (const auto by : {cipher::aes256, cipher::aes128})
        for (const bool literal : {true, false}) {
            const auto text = request(payment_pairs, by);
            till.says(post("/api/pos/trade", literal ? quoted(text) : text));
            const auto asked_for = till.asks();
            ASSERT_THAT(asked_for, SizeIs(1));
            till.is_told(accepted{.tag = asked_for[0].tag, .order = {}, .out_trade_no = {}});
            till.is_told(progress{.tag = asked_for[0].tag, .order = {}, .text = {}});
            EXPECT_EQ(till.hears(), "");
            till.is_told(outcome_in(order_state::paid, asked_for[0].tag));
            auto got = answer();
            EXPECT_EQ(got.status, "200 OK");
            EXPECT_THAT(got.head, HasSubstr("Connection: keep-alive"));
            if (literal) got.body = parse_json(got.body).value().get<std::string>();
            EXPECT_EQ(opened_answer(got.body, by)["respcd"], "6000");
        }
    EXPECT_FALSE(till.out.hang_up);
}

TEST_F(HttpTest, OverTlsTheAnswerIsPlainJson)
{
    till_end tls{{.tls = true, .origins = {"https://erp"}}};
    tls.says(post("/api/pos/trade", quoted(request(payment_pairs)), "Origin: https://erp\r\n"));
    tls.is_told(outcome_in(order_state::paid, tls.asks().at(0).tag));
    const auto got = http_answers(tls.hears()).at(0);
    EXPECT_THAT(got.head, HasSubstr("Content-Type: application/json\r\n"));
    EXPECT_THAT(got.head, HasSubstr("Access-Control-Allow-Origin: https://erp\r\n"));
    const auto json = parse_json(got.body).value();
    EXPECT_EQ(json["respcd"], "6000");
    EXPECT_EQ(parse_json(json["data"].get<std::string>()).value()["out_trade_no"], "0f9--7--3");
}

TEST_F(HttpTest, TheSettingDecidesAboutTheAnswersEncryption)
{
    till_end plain{{.encrypt_answers = false}};
    plain.says(post("/", request("func_type=3002")));
    plain.is_told(
        done{.tag = plain.asks().at(0).tag, .what = "summary", .text = "Sent", .fields = {}});
    EXPECT_EQ(opened_answer(http_answers(plain.hears()).at(0).body, {})["respcd"], "6000");

    till_end sealed{{.tls = true, .encrypt_answers = true}};
    sealed.says(post("/", request("func_type=3002")));
    sealed.is_told(
        done{.tag = sealed.asks().at(0).tag, .what = "summary", .text = {}, .fields = {}});
    EXPECT_EQ(opened_answer(http_answers(sealed.hears()).at(0).body, cipher::aes256)["respcd"],
              "6000");
}

TEST_F(HttpTest, WithoutEncryptionJsonIsAskedAndAnswered)
{
    till_end plain{{.encryption = false}};
    plain.says(post("/api/pos/transaction_info", field_form("func_type=3002")));
    plain.is_told(done{.tag = plain.asks().at(0).tag, .what = "summary", .text = {}, .fields = {}});
    EXPECT_EQ(opened_answer(http_answers(plain.hears()).at(0).body, {})["respcd"], "6000");
    till.says(post("/api/pos/transaction_info", field_form("func_type=3002")));
    EXPECT_THAT(till.asks(), SizeIs(0));
    EXPECT_EQ(opened_answer(answer().body, {})["respcd"], "5001");
}

TEST_F(HttpTest, CutAnywhereItIsTheSame)
{
    const auto text =
        post("/api/pos/trade", quoted(request(payment_pairs)), "Origin: http://a\r\n");
    for (std::size_t at = 0; at <= text.size(); ++at) {
        till_end one{{.origins = {"http://a"}}};
        one.says(text.substr(0, at));
        one.says(text.substr(at));
        const auto asked_for = one.asks();
        ASSERT_THAT(asked_for, SizeIs(1)) << at;
        EXPECT_EQ(asked_for[0].order, "0f9--7--3");
        EXPECT_EQ(one.bridge->timer(), std::nullopt);
    }
    till_end bytewise{{.origins = {"http://a"}}};
    bytewise.says(text, 1);
    EXPECT_THAT(bytewise.asks(), SizeIs(1));
}

TEST_F(HttpTest, AChunkedBodyIsABody)
{
    const auto body = request("func_type=3002");
    till.says("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
              std::string{"10\r\n"} + body.substr(0, 16) + "\r\n40\r\n" + body.substr(16, 64) +
              "\r\n");
    std::ostringstream rest;
    rest << std::hex << body.size() - 80 << "\r\n" << body.substr(80) << "\r\n0\r\n\r\n";
    till.says(rest.str());
    EXPECT_THAT(till.asks(), SizeIs(1));
}

TEST_F(HttpTest, TheEndOfAChunkedBodyMayComeByteByByte)
{
    till.says("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 1);
    EXPECT_THAT(till.asks(), testing::IsEmpty());
    EXPECT_THAT(http_answers(till.hears()), SizeIs(1));
}

TEST_F(HttpTest, APreflightIsAnswered)
{
    till_end browser{{.origins = {"https://erp.example"}}};
    browser.says(
        "OPTIONS /api/pos/trade HTTP/1.1\r\nHost: a\r\nOrigin: https://erp.example\r\n"
        "Access-Control-Request-Method: POST\r\n"
        "Access-Control-Request-Headers: content-type,x-own\r\n"
        "Access-Control-Request-Private-Network: true\r\n\r\n");
    const auto got = http_answers(browser.hears()).at(0);
    EXPECT_EQ(got.status, "204 No Content");
    EXPECT_THAT(got.head, HasSubstr("Access-Control-Allow-Origin: https://erp.example\r\n"));
    EXPECT_THAT(got.head, HasSubstr("Access-Control-Allow-Methods: POST, OPTIONS\r\n"));
    EXPECT_THAT(got.head, HasSubstr("Access-Control-Allow-Headers: content-type,x-own\r\n"));
    EXPECT_THAT(got.head, HasSubstr("Access-Control-Allow-Private-Network: true\r\n"));
    EXPECT_THAT(got.head, HasSubstr("Vary: Origin\r\n"));
    // The POST follows on the same connection.
    browser.says(post("/api/pos/trade", quoted(request(payment_pairs))));
    EXPECT_THAT(browser.asks(), SizeIs(1));
}

TEST_F(HttpTest, OnlyListedOriginsAreServed)
{
    till_end one{{.origins = {"https://erp"}}};
    const auto body = request("func_type=3002");
    one.says(post("/", body, "Origin: https://evil\r\n"));
    const auto refused = http_answers(one.hears()).at(0);
    EXPECT_EQ(refused.status, "403 Forbidden");
    EXPECT_THAT(refused.head, Not(HasSubstr("Allow-Origin")));
    EXPECT_THAT(one.asks(), SizeIs(0));
    one.says(post("/", body, "Origin: https://erp\r\n"));
    EXPECT_THAT(one.asks(), SizeIs(1));
    till_end local{{.origins = {"https://erp"}}};
    local.says(post("/", body));  // no browser
    EXPECT_THAT(local.asks(), SizeIs(1));
}

struct refused_case {
    std::string request;
    const char* status;
    const char* code;
    bool hangs_up;
};

TEST_F(HttpTest, WhatIsNoRequestIsRefusedWithoutACommand)
{
    const auto good = request("func_type=3002");
    auto damaged = good;
    damaged[10] = damaged[10] == 'A' ? 'B' : 'A';
    const std::vector<refused_case> cases{
        {"GET /api/pos/trade HTTP/1.1\r\nHost: a\r\n\r\n", "405 Method Not Allowed", "4004", false},
        {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "405 Method Not Allowed", "4004",
         false},
        {post("/api/pos/other", good), "404 Not Found", "4005", false},
        {post("/api/pos/trade/", good), "404 Not Found", "4005", false},
        {post("/api/pos/trade", good), "200 OK", "4006", false},
        {post("/", ""), "200 OK", "5001", false},
        {post("/", "\"not closed"), "200 OK", "5001", false},
        {post("/", "[1]"), "200 OK", "5001", false},
        {post("/", damaged), "200 OK", "5001", false},
        {post("/", std::string(http_body_size_max + 1, 'A')), "413 Payload Too Large", "4006",
         true},
        {"POST / HTTP/1.1\r\nX: " + std::string(http_header_size_max, 'x'), "413 Payload Too Large",
         "4006", true},
        {"hello\r\n\r\n", "400 Bad Request", "4005", true},
        {"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "400 Bad Request", "4005", true},
        {"GET / HTTP/1.0\r\n\r\n", "405 Method Not Allowed", "4004", true},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.request.substr(0, 60));
        till_end one{{}};
        one.says(c.request);
        const auto got = http_answers(one.hears());
        ASSERT_THAT(got, SizeIs(1));
        EXPECT_EQ(got[0].status, c.status);
        const bool sealed = got[0].body.find('{') == std::string::npos;
        const auto by = sealed ? std::optional{cipher::aes256} : std::nullopt;
        EXPECT_EQ(opened_answer(got[0].body, by)["respcd"], c.code);
        EXPECT_EQ(one.out.finished, c.hangs_up);
        EXPECT_FALSE(one.out.hang_up);  // the till has the time to read why
        EXPECT_THAT(one.asks(), SizeIs(0));
    }
}

TEST_F(HttpTest, AnAnswerToHeadHasNoBody)
{
    till.says("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(till.hears().ends_with("\r\n\r\n"));
}

TEST_F(HttpTest, LeaveToSendTheBodyIsGiven)
{
    const auto body = request("func_type=3002");
    till.says("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n");
    EXPECT_EQ(till.hears(), "HTTP/1.1 100 Continue\r\n\r\n");
    till.says(body, 7);
    EXPECT_EQ(till.hears(), "");
    EXPECT_THAT(till.asks(), SizeIs(1));
}

TEST_F(HttpTest, AnEarlyRequestWaitsForTheAnswerBefore)
{
    till.says(post("/", request(payment_pairs)) + post("/", request("func_type=3002")));
    const auto first = till.asks();
    ASSERT_THAT(first, SizeIs(1));
    EXPECT_EQ(first[0].what, verb::pay);
    till.is_told(outcome_in(order_state::paid, first[0].tag));
    EXPECT_EQ(opened_answer(answer().body, cipher::aes256)["respcd"], "6000");
    const auto second = till.asks();
    ASSERT_THAT(second, SizeIs(1));
    EXPECT_EQ(second[0].what, verb::summary);
}

TEST_F(HttpTest, TooMuchEarlyEndsTheConnectionAfterTheAnswer)
{
    till.says(post("/", request(payment_pairs)));
    const auto first = till.asks();
    till.says(std::string(http_early_size_max + 5000, 'x'), 1000);
    EXPECT_FALSE(till.out.hang_up);
    till.is_told(outcome_in(order_state::paid, first.at(0).tag));
    EXPECT_EQ(opened_answer(answer().body, cipher::aes256)["respcd"], "6000");
    EXPECT_TRUE(till.out.hang_up);
    till.says(post("/", request("func_type=3002")));
    EXPECT_THAT(till.asks(), SizeIs(0));
}

TEST_F(HttpTest, ConnectionCloseEndsInGoodOrderAfterTheAnswer)
{
    till.says(post("/", request("func_type=3002"), "Connection: close\r\n"));
    EXPECT_FALSE(till.out.finished);
    till.is_told(done{.tag = till.asks().at(0).tag, .what = "summary", .text = {}, .fields = {}});
    EXPECT_THAT(answer().head, HasSubstr("Connection: close\r\n"));
    EXPECT_TRUE(till.out.finished);
    EXPECT_FALSE(till.out.hang_up);
}

TEST_F(HttpTest, ARequestThatDoesNotEndIsGivenUp)
{
    EXPECT_EQ(till.bridge->timer(), std::nullopt);
    till.says("POST / HTTP/1.1\r\nContent-Le");
    const auto timer = till.bridge->timer();
    ASSERT_TRUE(timer);
    EXPECT_EQ(*timer / 10, http_request_wait / 10);
    till.says("ngth: 5\r\n");
    EXPECT_EQ(till.bridge->timer(), timer);  // a drip does not start it anew
    till.bridge->elapsed(till.out);
    EXPECT_EQ(answer().status, "408 Request Timeout");
    EXPECT_TRUE(till.out.finished);
    EXPECT_EQ(till.bridge->timer(), std::nullopt);
}

TEST_F(HttpTest, WhileAPaymentRunsThereIsNoTimer)
{
    till.says(post("/", request(payment_pairs)) + "POST / HT");
    EXPECT_EQ(till.bridge->timer(), std::nullopt);
    till.bridge->elapsed(till.out);
    EXPECT_EQ(till.hears(), "");
}

TEST_F(HttpTest, TooManyBadRequestsEndTheConnection)
{
    for (int i = 1; i <= bad_requests_max; ++i) {
        EXPECT_FALSE(till.out.hang_up) << i;
        till.says(post("/", "x"));
    }
    EXPECT_TRUE(till.out.hang_up);
}

TEST_F(HttpTest, AReplyToNobodyIsNotWritten)
{
    till.is_told(outcome_in(order_state::paid, "7"));
    EXPECT_EQ(till.hears(), "");
}

}  // namespace
}  // namespace ecr::protocol::till::qfpay_local
