// What the answers of /trade/v1 prove about an order, every code of the table among them.
#include "protocol/order/direct_evidence.hpp"

#include "protocol/cloud/response_code.hpp"
#include "protocol/json.hpp"
#include "tests/protocol/cloud/data_file.hpp"
#include "tests/protocol/order/evidence_sample.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ecr::protocol {
namespace {

constexpr std::string_view own_syssn = "20240704180500020000018077";

// Written out a second time, by hand, from the notes of status_codes.csv and contract 13.6, 13.7.
const std::set<std::string> to_confirm{"1142", "1144", "1147", "1181", "1204", "1205", "2007"};
const std::set<std::string> refund_may_be_done{"1125", "1136", "1262", "1264", "1268", "1272"};
const std::set<std::string> going_on{"1143", "1145", "2999"};

order scanned()
{
    auto o = sample_payment();
    o.route = order_route::direct;
    o.terminal.clear();
    o.pay_type = "800208";
    o.state = order_state::sending;
    return o;
}

order shown_code()
{
    auto o = scanned();
    o.pay_type = "800201";
    return o;
}

order refund()
{
    auto o = sample_refund(200);
    o.route = order_route::direct;
    o.pay_type = "800208";
    o.state = order_state::sending;
    return o;
}

/// The fields that are equal in an answer and in a row of a list.
json fields_of(const order& o, std::string_view respcd)
{
    return {{"respcd", respcd},
            {"syssn", own_syssn},
            {"out_trade_no", o.out_trade_no},
            {"txamt", std::to_string(o.amount_minor_units)},
            {"txcurrcd", "HKD"},
            {"sysdtm", sample_sysdtm},
            {"pay_type", o.pay_type}};
}

std::string answer_to(const order& o, std::string_view respcd, const json& change = {})
{
    auto body = fields_of(o, respcd);
    body["resperr"] = "cloud's words";
    if (o.kind == order_kind::refund) body["orig_syssn"] = o.of_syssn;
    if (o.pay_type == "800201") body["qrcode"] = "https://qr.invalid/1";
    if (change.is_object()) body.update(change);
    return to_text(body);
}

json row_of(const order& o, std::string_view respcd, const json& change = {})
{
    auto row = fields_of(o, respcd);
    const bool back = o.kind == order_kind::refund;
    row["order_type"] = back ? "refund" : "payment";
    row["origssn"] = back ? o.of_syssn : "";
    row["cancel"] = "0";
    if (change.is_object()) row.update(change);
    return row;
}

cloud_reply list_of(const json& rows, std::string_view respcd = "0000")
{
    return answered(to_text(json{
        {"respcd", respcd}, {"resperr", ""}, {"page", 1}, {"page_size", 100}, {"data", rows}}));
}

// --- The answer to the call --------------------------------------------------------------------

// Columns: code, meaning, class, table, note.
class DirectCodeTest : public testing::TestWithParam<cloud::data_row> {};

std::string expected_event(const order& o, const std::string& code, const std::string& cls)
{
    const bool is_refund = o.kind == order_kind::refund;
    if (cls == "final_success") return o.pay_type == "800201" ? "push" : "pay";
    if (going_on.contains(code)) return "push";
    if (to_confirm.contains(code) || (is_refund && refund_may_be_done.contains(code)))
        return "doubt";
    if (cls == "config_error" || cls == "transient") return "refuse";
    if (cls == "final_failure") return !is_refund && o.pay_type == "800208" ? "decline" : "refuse";
    return "doubt";
}

TEST_P(DirectCodeTest, OfTheAnswerDecidesTheStep)
{
    const auto& code = GetParam();
    for (const auto& o : {scanned(), shown_code(), refund()}) {
        const auto verdict = judge_direct(o, answered(answer_to(o, code[0])));
        EXPECT_EQ(name_of(verdict.event), expected_event(o, code[0], code[2]))
            << o.pay_type << ' ' << o.out_trade_no;
        EXPECT_EQ(verdict.respcd, code[0]);
        EXPECT_TRUE(decide(order_state::sending, verdict.event));
        EXPECT_FALSE(verdict.number_unwanted);
    }
}

TEST_P(DirectCodeTest, OfAnUnbelievedAnswerDecidesNothing)
{
    const auto& code = GetParam()[0];
    for (const auto& o : {scanned(), shown_code(), refund()}) {
        const auto body = answer_to(o, code);
        EXPECT_EQ(name_of(judge_direct(o, badly_signed(answered(body))).event), "doubt");
        const auto other = answer_to(o, code, {{"out_trade_no", "OTHER"}});
        EXPECT_EQ(name_of(judge_direct(o, answered(other)).event), "doubt");
        EXPECT_FALSE(judge_direct(o, answered(other)).facts);
        EXPECT_EQ(name_of(judge_direct(o, answered(body, 500)).event), "doubt");
    }
}

finding expected_of_row(const std::string& code, const std::string& cls)
{
    if (cls == "final_success") return finding::paid;
    if (code == "1145") return finding::processing;
    if (code == "1181") return finding::expired;
    if (code == "1142" || code == "2007") return finding::closed;
    if (cls == "final_failure" || cls == "config_error") return finding::declined;
    return finding::pending;
}

TEST_P(DirectCodeTest, OfARowIsTheFinding)
{
    const auto& code = GetParam();
    for (const auto& o : {scanned(), shown_code(), refund()}) {
        const auto found = judge_direct_rows(o, list_of(json::array({row_of(o, code[0])})));
        EXPECT_EQ(text_of(found.what), text_of(expected_of_row(code[0], code[2])));
        EXPECT_EQ(found.confirm, code[2] == "config_error" || to_confirm.contains(code[0]));
        EXPECT_TRUE(found.reached);
        ASSERT_TRUE(found.facts);
        EXPECT_EQ(found.facts->syssn, own_syssn);
        EXPECT_TRUE(
            judge_direct_rows(o, badly_signed(list_of(json::array({row_of(o, code[0])})))).confirm);
    }
}

TEST_P(DirectCodeTest, OfTheListItselfNeverEndsAnOrder)
{
    const auto& code = GetParam()[0];
    if (code == "0000") return;
    for (const auto& o : {scanned(), shown_code(), refund()}) {
        const auto found = judge_direct_rows(o, list_of(json::array({row_of(o, "0000")}), code));
        const auto expected = code == "1143"   ? finding::pending
                              : code == "1145" ? finding::processing
                                               : finding::nothing;
        EXPECT_EQ(text_of(found.what), text_of(expected));
        EXPECT_FALSE(found.facts);
    }
}

TEST_P(DirectCodeTest, OfAnUndoSaysNothingOfTheMoney)
{
    const auto& code = GetParam()[0];
    const std::set<std::string> heard{"1136", "1142", "1143", "1145",
                                      "1181", "1263", "1264", "1268"};
    const auto expected = code == "0000" || heard.contains(code) ? undo_answer::heard
                          : code == "1150" || code == "1155" || code == "1297"
                              ? undo_answer::unsupported
                          : code == "1260" || code == "1262" ? undo_answer::refused
                                                             : undo_answer::unknown;
    const auto reply = answered(to_text(json{{"respcd", code}, {"syssn", own_syssn}}));
    EXPECT_EQ(judge_undo(reply), expected);
    EXPECT_EQ(judge_undo(badly_signed(reply)), undo_answer::unknown);
}

INSTANTIATE_TEST_SUITE_P(Csv, DirectCodeTest,
                         testing::ValuesIn(cloud::data_rows("status_codes.csv")),
                         [](const auto& instance) { return "C" + instance.param[0]; });

/// 0000 that is not the money asked for.
struct odd_answer {
    const char* name;
    json change;
    const char* event;  // of a scanned code and of a refund

    friend void PrintTo(const odd_answer& c, std::ostream* out) { *out << c.name; }
};

class OddAnswerTest : public testing::TestWithParam<odd_answer> {};

TEST_P(OddAnswerTest, IsNoProofOfMoney)
{
    for (const auto& o : {scanned(), refund()}) {
        const auto verdict = judge_direct(o, answered(answer_to(o, "0000", GetParam().change)));
        EXPECT_EQ(name_of(verdict.event), GetParam().event);
    }
}

const std::vector<odd_answer> odd_answers{
    {"AsIs", {}, "pay"},
    {"NullAmount", {{"txamt", nullptr}}, "push"},
    {"OtherAmount", {{"txamt", "512"}}, "push"},
    {"NoAmount", {{"txamt", ""}}, "push"},
    {"OtherCurrency", {{"txcurrcd", "CNY"}}, "push"},
    {"NumericCurrency", {{"txcurrcd", "344"}}, "pay"},
    {"NoCurrency", {{"txcurrcd", ""}}, "pay"},
    {"NoNumber", {{"out_trade_no", ""}}, "push"},
    {"NoSyssn", {{"syssn", ""}}, "push"},
    {"OtherOrder", {{"out_trade_no", "OTHER"}}, "doubt"},
};

INSTANTIATE_TEST_SUITE_P(Table, OddAnswerTest, testing::ValuesIn(odd_answers),
                         [](const auto& i) { return std::string{i.param.name}; });

TEST(DirectAnswerTest, ARefundOfAnotherPaymentIsNoProof)
{
    const auto body = answer_to(refund(), "0000", {{"orig_syssn", "20240704180500020000019999"}});
    EXPECT_EQ(name_of(judge_direct(refund(), answered(body)).event), "push");
}

TEST(DirectAnswerTest, ACodeThatIsNotThereCannotBeShown)
{
    const auto body = answer_to(shown_code(), "0000", {{"qrcode", ""}});
    EXPECT_EQ(name_of(judge_direct(shown_code(), answered(body)).event), "doubt");
}

TEST(DirectAnswerTest, OnlyProofThatNothingLeftAllowsAnotherTry)
{
    const auto o = scanned();
    EXPECT_EQ(name_of(judge_direct(o, {.how = transport::not_sent}).event), "not_sent");
    EXPECT_EQ(name_of(judge_direct(o, {.how = transport::no_answer}).event), "doubt");
    EXPECT_EQ(name_of(judge_direct(o, answered("", 429)).event), "refuse");
    EXPECT_EQ(name_of(judge_direct(o, badly_signed(answered("", 429))).event), "doubt");
    for (const auto* body : {"", "<html>", "{}", R"({"respcd":"0000")", "[]", "null"})
        EXPECT_EQ(name_of(judge_direct(o, answered(body)).event), "doubt") << body;
    for (const auto* code : {"", "0", "9999", "3999", "0000 "})
        EXPECT_EQ(name_of(judge_direct(o, answered(answer_to(o, code))).event), "doubt") << code;
}

// --- Lists -------------------------------------------------------------------------------------

struct list_case {
    const char* name;
    std::vector<std::pair<const char*, json>> rows;  // code and changes, all of our number
    finding what;
    const char* syssn = own_syssn.data();
    attention needs = attention::none;

    friend void PrintTo(const list_case& c, std::ostream* out) { *out << c.name; }
};

class DirectListTest : public testing::TestWithParam<list_case> {};

TEST_P(DirectListTest, OfSeveralRowsTheSuccessDecides)
{
    const auto& c = GetParam();
    const auto o = scanned();
    auto rows = json::array();
    for (const auto& [code, change] : c.rows)
        rows.push_back(row_of(o, code, change));
    for (int turn = 0; turn < 2; ++turn) {
        const auto found = judge_direct_rows(o, list_of(rows));
        EXPECT_EQ(text_of(found.what), text_of(c.what)) << found.reason;
        EXPECT_EQ(found.needs, c.needs);
        const bool one_is_meant = found.facts && c.needs == attention::none;
        EXPECT_TRUE(!one_is_meant || found.facts->syssn == c.syssn);
        std::reverse(rows.begin(), rows.end());  // never the first
    }
}

const json second{{"syssn", "S2"}};
const json second_back{{"syssn", "S2"}, {"cancel", "1"}};

const std::vector<list_case> list_cases{
    {"Paid", {{"0000", {}}}, finding::paid},
    {"PaidAfterADecline", {{"1201", second}, {"0000", {}}}, finding::paid},
    {"PaidBesideAnOpenOne", {{"1143", second}, {"0000", {}}}, finding::paid},
    {"OpenBesideADecline", {{"1201", second}, {"1143", {}}}, finding::pending},
    {"PaidTwice", {{"0000", {}}, {"0000", second}}, finding::paid, "", attention::paid_twice},
    {"OneOfTwoWentBack", {{"0000", {}}, {"0000", second_back}}, finding::paid},
    {"Returned", {{"0000", {{"cancel", "1"}}}}, finding::returned},
    {"Cancelled", {{"0000", {{"cancel", 2}}}}, finding::returned},
    {"Refunded", {{"0000", {{"cancel", "3"}}}}, finding::returned},
    {"PartlyRefunded", {{"0000", {{"cancel", "5"}}}}, finding::paid},
    {"RowsOf2017", {{"0000", {{"txcurrcd", ""}}}}, finding::paid},
    {"OtherAmount", {{"0000", {{"txamt", "510"}}}}, finding::mismatch},
    {"NoAmount", {{"0000", {{"txamt", ""}}}}, finding::mismatch},
    {"OtherCurrency", {{"0000", {{"txcurrcd", "CNY"}}}}, finding::mismatch},
    {"OtherAmountBesideOurs",
     {{"0000", {}}, {"0000", {{"syssn", "S2"}, {"txamt", "1"}}}},
     finding::paid,
     "",
     attention::paid_twice},
    {"OfAnotherOrder", {{"0000", {{"out_trade_no", "OTHER"}}}}, finding::not_found},
    {"ARefundOfIt", {{"0000", {{"order_type", "refund"}}}}, finding::not_found},
    {"ACloseOfIt", {{"0000", {{"order_type", "close"}}}}, finding::not_found},
    {"Nothing", {}, finding::not_found},
};

INSTANTIATE_TEST_SUITE_P(Table, DirectListTest, testing::ValuesIn(list_cases),
                         [](const auto& i) { return std::string{i.param.name}; });

TEST(DirectRowsTest, WhatTheShopStillHasCountsMoreThanWhatItKnew)
{
    auto o = scanned();
    o.facts.syssn = own_syssn;
    const auto found = judge_direct_rows(
        o, list_of(json::array({row_of(o, "0000", {{"cancel", "1"}}), row_of(o, "0000", second)})));
    EXPECT_EQ(text_of(found.what), "paid");
    EXPECT_EQ(found.facts->syssn, "S2");
}

TEST(DirectRowsTest, AListThatIsNoneIsNoInformation)
{
    const auto o = scanned();
    for (const auto& reply :
         {cloud_reply{.how = transport::not_sent}, cloud_reply{.how = transport::no_answer},
          answered(to_text(json{{"respcd", "0000"}})), answered("garbage"), answered("{}"),
          answered(to_text(json{{"respcd", "0000"}, {"data", "x"}})), answered("", 502)})
        EXPECT_EQ(text_of(judge_direct_rows(o, reply).what), "nothing") << reply.body;
}

TEST(DirectRowsTest, AMonthOfManyRowsIsSearchedToItsEnd)
{
    const auto o = scanned();
    auto rows = json::array();
    for (int i = 0; i < 250; ++i)
        rows.push_back(row_of(o, "1201", {{"out_trade_no", "B" + std::to_string(i)}}));
    rows.push_back(row_of(o, "0000"));
    EXPECT_EQ(text_of(judge_direct_rows(o, list_of(rows)).what), "paid");
}

TEST(DirectRowsTest, ARefundsRowNamesItsPayment)
{
    const auto o = refund();
    const auto of_row = [&](const json& change) {
        return text_of(
            judge_direct_rows(o, list_of(json::array({row_of(o, "0000", change)}))).what);
    };
    EXPECT_EQ(of_row({}), "paid");
    EXPECT_EQ(of_row({{"origssn", ""}}), "paid");
    EXPECT_EQ(of_row({{"origssn", "S9"}}), "not_found");
    EXPECT_EQ(of_row({{"order_type", "payment"}}), "not_found");
    EXPECT_EQ(of_row({{"txamt", "199"}}), "mismatch");
    EXPECT_EQ(of_row({{"cancel", "3"}}), "paid");  // the digit is the payment's affair
}

TEST(UndoTest, AnAnswerWithoutANumberOfItsOwnMeansThatThereIsNoSuchCall)
{
    EXPECT_EQ(judge_undo(answered(R"({"respcd":"0000"})")), undo_answer::unsupported);
    EXPECT_EQ(judge_undo(answered(R"({"respcd":"0000","syssn":"Q"})", 500)), undo_answer::unknown);
    EXPECT_EQ(judge_undo({.how = transport::no_answer}), undo_answer::unknown);
    EXPECT_EQ(judge_undo(answered("html")), undo_answer::unknown);
}

}  // namespace
}  // namespace ecr::protocol
