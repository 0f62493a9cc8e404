// What the answer to an enquiry proves about an order.
#include "protocol/order/evidence.hpp"
#include "tests/protocol/cloud/data_file.hpp"
#include "tests/protocol/order/evidence_sample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

namespace ecr::protocol {
namespace {

const std::set<std::string> to_confirm{"1142", "1144", "1147", "1181", "1204", "1205", "2007"};

std::string in_quotes(std::string_view text)
{
    return '"' + std::string{text} + '"';
}

// --- Whose row it is, and for how much --------------------------------------------------------

struct row_case {
    const char* name;
    changes of_row;
    finding what;
    const char* known_syssn = "";  // the order's, before this answer
    order_state state = order_state::on_terminal;
    const char* owner = "";  // of the row's syssn, as the journal knows it

    friend void PrintTo(const row_case& c, std::ostream* out) { *out << c.name; }
};

class EvidenceRowTest : public testing::TestWithParam<row_case> {};

TEST_P(EvidenceRowTest, DecidesTheFinding)
{
    const auto& c = GetParam();
    auto payment = sample_payment();
    payment.state = c.state;
    payment.facts.syssn = c.known_syssn;
    auto context = sample_context();
    context.syssn_owner = c.owner;
    const auto found = judge_enquiry(payment, answered(row_body(c.of_row)), context);
    EXPECT_EQ(text_of(found.what), text_of(c.what)) << found.reason;
    EXPECT_TRUE(found.reached);
    EXPECT_FALSE(found.reason.empty());
    EXPECT_TRUE(found.what != finding::nothing || !found.facts);
}

constexpr auto ours = "20240704180500020000018000";
constexpr auto other = "20240704180500020000099999";
using enum finding;
constexpr auto on_terminal = order_state::on_terminal;

// clang-format off
const row_case row_cases[] = {
    // name                   changes of the row                                             finding   known  state        owner
    {"OurNumber",             {},                                                            paid},
    {"OurNumberKnownSyssn",   {},                                                            paid,     ours},
    {"OtherNumber",           {{"out_trade_no", R"("A2")"}},                                 nothing},
    {"OtherCase",             {{"out_trade_no", R"("br-20240704-000001")"}},                 nothing},
    {"OtherNumberKnownSyssn", {{"out_trade_no", R"("A2")"}},                                 paid,     ours},
    {"OtherNumberOtherSyssn", {{"out_trade_no", R"("A2")"}},                                 nothing,  other},
    {"AmountAsText",          {{"txamt", R"("511")"}},                                       paid},
    {"LessMoney",             {{"txamt", "510"}},                                            mismatch},
    {"MoreMoney",             {{"txamt", "512"}},                                            mismatch},
    {"DollarsForCents",       {{"txamt", "5.11"}},                                           mismatch},
    {"NegativeMoney",         {{"txamt", "-511"}},                                           mismatch},
    {"NoMoney",               {{"txamt", ""}},                                               mismatch},
    {"NullMoney",             {{"txamt", "null"}},                                           mismatch},
    {"CurrencyByName",        {{"txcurrcd", R"("HKD")"}},                                    paid},
    {"CurrencyInLowerCase",   {{"txcurrcd", R"("hkd")"}},                                    paid},
    {"CurrencyAsNumber",      {{"txcurrcd", "344"}},                                         paid},
    {"OtherCurrency",         {{"txcurrcd", R"("156")"}},                                    mismatch},
    {"EmptyCurrency",         {{"txcurrcd", R"("")"}},                                       mismatch},
    {"NoCurrency",            {{"txcurrcd", ""}},                                            mismatch},
    {"RefundRow",             {{"tradetp", R"("refund")"}},                                  nothing},
    {"NoKind",                {{"tradetp", ""}},                                             paid},
    {"NoRowCode",             {{"respcd", ""}},                                              pending},
    {"EmptyRowCode",          {{"respcd", R"("")"}},                                         pending},
    {"FailureOfOtherMoney",   {{"respcd", R"("1201")"}, {"txamt", "1"}},                     declined},
    // Without our number: contract 13.1.
    {"NoNumber",              {{"out_trade_no", R"("")"}},                                   paid},
    {"NullNumber",            {{"out_trade_no", "null"}},                                    paid},
    {"MissingNumber",         {{"out_trade_no", ""}},                                        paid},
    {"NoNumberPending",       {{"out_trade_no", R"("")"}, {"respcd", R"("1143")"}},          pending},
    {"NoNumberDeclined",      {{"out_trade_no", R"("")"}, {"respcd", R"("1201")"}},          declined},
    {"NoNumberLessMoney",     {{"out_trade_no", R"("")"}, {"txamt", "510"}},                 nothing},
    {"NoNumberNoMoney",       {{"out_trade_no", R"("")"}, {"txamt", ""}},                    nothing},
    {"NoNumberOtherCurrency", {{"out_trade_no", R"("")"}, {"txcurrcd", R"("156")"}},         nothing},
    {"NoNumberNoCurrency",    {{"out_trade_no", R"("")"}, {"txcurrcd", ""}},                 nothing},
    {"NoNumberNoSyssn",       {{"out_trade_no", R"("")"}, {"syssn", R"("")"}},               nothing},
    {"NoNumberNoTime",        {{"out_trade_no", R"("")"}, {"sysdtm", ""}},                   nothing},
    {"NoNumberOddTime",       {{"out_trade_no", R"("")"}, {"sysdtm", R"("today")"}},         nothing},
    {"NoNumberOurSyssn",      {{"out_trade_no", R"("")"}},                                   paid,     "",    on_terminal, "BR-20240704-000001"},
    {"NoNumberOthersSyssn",   {{"out_trade_no", R"("")"}},                                   nothing,  "",    on_terminal, "A2"},
    {"NoNumberKnownSyssn",    {{"out_trade_no", R"("")"}, {"sysdtm", ""}},                   paid,     ours},
    {"NoNumberKnownLess",     {{"out_trade_no", R"("")"}, {"txamt", "510"}},                 mismatch, ours},
    // More than one transaction under one number.
    {"AfterAFailedTry",       {},                                                            paid,     other},
    {"PaidAsBefore",          {},                                                            paid,     ours,  order_state::paid},
    {"PaidTwice",             {},                                                            mismatch, other, order_state::paid},
    {"PaidBesidePending",     {{"respcd", R"("1143")"}},                                     mismatch, other, order_state::paid},
    {"PaidBesideNoNumber",    {{"out_trade_no", R"("")"}},                                   nothing,  other, order_state::paid},
    {"PaidLate",              {},                                                            paid,     "",    order_state::expired},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, EvidenceRowTest, testing::ValuesIn(row_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(EvidenceEnquiryTest, ARowOfOursTeachesItsFacts)
{
    const auto found = judge_enquiry(sample_payment(), answered(row_body()), sample_context());
    ASSERT_TRUE(found.facts);
    EXPECT_EQ(found.facts->syssn, sample_syssn);
    EXPECT_EQ(found.facts->respcd, "0000");
    EXPECT_EQ(found.facts->sysdtm, sample_sysdtm);
    EXPECT_EQ(found.facts->busicd, "802801");
    EXPECT_EQ(found.facts->card, "520000******0000");
    EXPECT_EQ(found.facts->card_scheme, "ECMC");
    EXPECT_FALSE(found.facts->matched_by_question);
    EXPECT_EQ(found.refundable, sample_amount);
}

TEST(EvidenceEnquiryTest, ARowWithoutOurNumberIsRecordedAsMatchedByQuestion)
{
    const auto found = judge_enquiry(
        sample_payment(), answered(row_body({{"out_trade_no", R"("")"}})), sample_context());
    ASSERT_TRUE(found.facts);
    EXPECT_TRUE(found.facts->matched_by_question);
}

TEST(EvidenceEnquiryTest, TheOctopusSampleIsOursOnlyInsideItsWindow)
{
    auto payment = sample_payment();
    payment.amount_minor_units = 100;
    const auto reply = answered(cloud::data_file("own_ecr_samples/query_octopus.json"));
    enquiry_context context{.age = std::chrono::minutes{4}};
    EXPECT_EQ(text_of(judge_enquiry(payment, reply, context).what), "paid");
    context.age = std::chrono::seconds{60};  // pushed two minutes after that sale
    EXPECT_EQ(text_of(judge_enquiry(payment, reply, context).what), "nothing");
}

// --- The window of a row without our number ---------------------------------------------------

struct window_case {
    const char* name;
    std::chrono::seconds after_question;  // the row's time, from the time of the answer
    bool has_server_time;
    std::chrono::hours own_clock_wrong_by;
    finding what;

    friend void PrintTo(const window_case& c, std::ostream* out) { *out << c.name; }
};

class EvidenceWindowTest : public testing::TestWithParam<window_case> {};

TEST_P(EvidenceWindowTest, GoesFromThePushToTheQuestion)
{
    const auto& c = GetParam();
    const auto asked_at = parse_cloud_time(sample_server_time).value();
    changes of_row{{"out_trade_no", R"("")"},
                   {"sysdtm", in_quotes(to_cloud_time(asked_at + c.after_question))}};
    if (!c.has_server_time) of_row["server_time"] = "";
    auto context = sample_context();  // pushed 230 s before the answer
    context.now = asked_at + c.own_clock_wrong_by;
    const auto found = judge_enquiry(sample_payment(), answered(row_body(of_row)), context);
    EXPECT_EQ(text_of(found.what), text_of(c.what));
}

using std::chrono::hours;
using std::chrono::seconds;

// clang-format off
const window_case window_cases[] = {
    // name                       row's time       server_time  own clock    finding
    {"AtThePush",                 seconds{-230},   true,        hours{0},    paid},
    {"AtTheQuestion",             seconds{0},      true,        hours{0},    paid},
    {"EarliestWithSlack",         seconds{-350},   true,        hours{0},    paid},
    {"JustTooEarly",              seconds{-351},   true,        hours{0},    nothing},
    {"LatestWithSlack",           seconds{120},    true,        hours{0},    paid},
    {"JustTooLate",               seconds{121},    true,        hours{0},    nothing},
    {"Yesterday",                 seconds{-86400}, true,        hours{0},    nothing},
    {"OwnClockThreeHoursFast",    seconds{-100},   true,        hours{3},    paid},
    {"OwnClockThreeHoursSlow",    seconds{-100},   true,        hours{-3},   paid},
    {"FastClockMakesNoWindow",    seconds{10800},  true,        hours{3},    nothing},
    {"SlowClockMakesNoWindow",    seconds{-10800}, true,        hours{-3},   nothing},
    {"OwnClockWhenAlone",         seconds{-100},   false,       hours{0},    paid},
    {"WrongOwnClockWhenAlone",    seconds{-100},   false,       hours{3},    nothing},
    {"TooEarlyByOwnClock",        seconds{-351},   false,       hours{0},    nothing},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, EvidenceWindowTest, testing::ValuesIn(window_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- Codes of the transaction, and of the envelope --------------------------------------------

finding expected_of_row(const std::string& code, const std::string& cls)
{
    if (cls == "final_success") return paid;
    if (code == "1181") return finding::expired;
    if (code == "1142" || code == "2007") return finding::closed;
    if (cls == "final_failure" || cls == "config_error") return finding::declined;
    return code == "1145" ? processing : pending;
}

// Columns: code, meaning, class, table, note.
class EvidenceCodeTest : public testing::TestWithParam<cloud::data_row> {};

TEST_P(EvidenceCodeTest, OfTheTransactionDecidesByClass)
{
    const auto& row = GetParam();
    const auto body = row_body({{"respcd", in_quotes(row[0])}});
    const auto found = judge_enquiry(sample_payment(), answered(body), sample_context());
    EXPECT_EQ(text_of(found.what), text_of(expected_of_row(row[0], row[2])));
    EXPECT_EQ(found.confirm, row[2] == "config_error" || to_confirm.contains(row[0]));
    EXPECT_EQ(found.respcd, row[0]);
    ASSERT_TRUE(found.facts);
    EXPECT_EQ(found.facts->respcd, row[0]);
}

TEST_P(EvidenceCodeTest, OfTheTransactionCountsTwiceWhenBadlySigned)
{
    const auto reply = badly_signed(answered(row_body({{"respcd", in_quotes(GetParam()[0])}})));
    EXPECT_TRUE(judge_enquiry(sample_payment(), reply, sample_context()).confirm);
}

// An answer that says the enquiry failed proves nothing about money, whatever row it carries.
TEST_P(EvidenceCodeTest, OfTheEnvelopeNeverEndsAnOrder)
{
    const auto& code = GetParam()[0];
    if (code == "0000") return;
    for (const auto& body : {bare_body(code), enveloped_row(code)}) {
        const auto found = judge_enquiry(sample_payment(), answered(body), sample_context());
        const auto expected = code == "1136" || code == "1268" ? not_found
                              : code == "1143"                 ? pending
                              : code == "1145"                 ? processing
                                                               : nothing;
        EXPECT_EQ(text_of(found.what), text_of(expected));
        EXPECT_EQ(found.other_terminal, code == "1106");
        EXPECT_TRUE(found.reached);
        EXPECT_FALSE(found.facts);
        EXPECT_FALSE(found.refundable);
        EXPECT_EQ(found.respcd, code);
    }
}

INSTANTIATE_TEST_SUITE_P(Csv, EvidenceCodeTest,
                         testing::ValuesIn(cloud::data_rows("status_codes.csv")),
                         [](const auto& instance) { return "C" + instance.param[0]; });

TEST(EvidenceEnquiryTest, AnUnlistedCodeOfTheTransactionDecidesNothing)
{
    for (const auto* code : {"", "0", "000", "00000", "1148", "3000", "8888", "OK", "0000 "}) {
        const auto body = row_body({{"respcd", in_quotes(code)}});
        const auto found = judge_enquiry(sample_payment(), answered(body), sample_context());
        EXPECT_EQ(text_of(found.what), "pending") << code;
    }
}

TEST(EvidenceEnquiryTest, AnAnswerWithoutARowIsNoInformation)
{
    for (const auto* row :
         {R"("")", "null", "[]", "{}", "0", R"("ok")", R"([{"respcd":"0000"}])"}) {
        const auto body = std::string{R"({"respcd": "0000", "respmsg": )"} + row + "}";
        const auto found = judge_enquiry(sample_payment(), answered(body), sample_context());
        EXPECT_EQ(text_of(found.what), "nothing") << row;
        EXPECT_TRUE(found.reached) << row;
        EXPECT_FALSE(found.facts) << row;
    }
}

TEST(EvidenceEnquiryTest, WhatIsNoAnswerIsNotReached)
{
    const auto good = row_body();
    for (const auto how : {transport::answered, transport::not_sent, transport::no_answer})
        for (const unsigned status : {0U, 200U, 204U, 301U, 400U, 401U, 404U, 429U, 500U, 503U})
            for (const auto& body : {good, std::string{}, good.substr(0, 200), bare_body("1201")}) {
                const bool readable = body == good || body == bare_body("1201");
                if (how == transport::answered && status == 200 && readable) continue;
                const cloud_reply reply{how, status, body, false, "detail"};
                const auto found = judge_enquiry(sample_payment(), reply, sample_context());
                EXPECT_EQ(text_of(found.what), "nothing") << status << ' ' << body;
                EXPECT_FALSE(found.reached) << status << ' ' << body;
                EXPECT_FALSE(found.reason.empty());
            }
}

}  // namespace
}  // namespace ecr::protocol
