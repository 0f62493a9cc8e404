// What proves a refund: its own row, or the fall of what can still be refunded of the payment.
#include "protocol/order/evidence.hpp"
#include "tests/protocol/cloud/data_file.hpp"
#include "tests/protocol/order/evidence_sample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace ecr::protocol {
namespace {

using testing::HasSubstr;

// --- The payment behind it --------------------------------------------------------------------

struct fall_case {
    const char* name;
    changes of_row;  // of the payment's
    finding what;
    std::int64_t refund = 200;
    std::optional<std::int64_t> before = 511;

    friend void PrintTo(const fall_case& c, std::ostream* out) { *out << c.name; }
};

class EvidenceFallTest : public testing::TestWithParam<fall_case> {};

TEST_P(EvidenceFallTest, DecidesTheFinding)
{
    const auto& c = GetParam();
    auto refund = sample_refund(c.refund);
    refund.refundable_before = c.before;
    const auto found = judge_refund_by_payment(refund, answered(row_body(c.of_row)));
    EXPECT_EQ(text_of(found.what), text_of(c.what)) << found.reason;
    EXPECT_TRUE(found.reached);
    EXPECT_FALSE(found.reason.empty());
    // One fall may be taken back, so a second enquiry has to agree before it is called the refund,
    // or somebody else's: contract 13.8.
    EXPECT_EQ(found.confirm, c.what == finding::paid || c.what == finding::mismatch);
    EXPECT_EQ(found.refundable.has_value(), c.what != finding::nothing);
}

TEST_P(EvidenceFallTest, ABadSignatureIsBelievedOnlyTwice)
{
    const auto& c = GetParam();
    auto refund = sample_refund(c.refund);
    refund.refundable_before = c.before;
    const auto found = judge_refund_by_payment(refund, badly_signed(answered(row_body(c.of_row))));
    EXPECT_EQ(text_of(found.what), text_of(c.what));
    EXPECT_TRUE(found.confirm || c.what == finding::nothing);
}

const auto no_value = std::optional<std::int64_t>{};

// clang-format off
const fall_case fall_cases[] = {
    // name               the payment's row                                        finding            refund before
    {"FellByTheRefund",   {{"allow_refund_amt", "311"}},                           finding::paid},
    {"FellToNothing",     {{"allow_refund_amt", "0"}},                             finding::paid,     511},
    {"AsText",            {{"allow_refund_amt", R"("311")"}},                      finding::paid},
    {"NotTheFirstRefund", {{"allow_refund_amt", "100"}},                           finding::paid,     200, 300},
    {"NotFallen",         {},                                                      finding::not_found},
    {"FellTooLittle",     {{"allow_refund_amt", "312"}},                           finding::mismatch},
    {"FellTooFar",        {{"allow_refund_amt", "310"}},                           finding::mismatch},
    {"FellTwice",         {{"allow_refund_amt", "111"}},                           finding::mismatch},
    {"Rose",              {{"allow_refund_amt", "711"}},                           finding::mismatch},
    {"Negative",          {{"allow_refund_amt", "-1"}},                            finding::nothing,  512},
    {"NotSaid",           {{"allow_refund_amt", ""}},                              finding::nothing},
    {"NotANumber",        {{"allow_refund_amt", R"("all")"}},                      finding::nothing},
    {"NotReadBefore",     {{"allow_refund_amt", "311"}},                           finding::nothing,  200, no_value},
    {"OtherPayment",      {{"allow_refund_amt", "311"}, {"syssn", R"("2024")"}},   finding::nothing},
    {"NoSyssn",           {{"allow_refund_amt", "311"}, {"syssn", R"("")"}},       finding::nothing},
    {"RefundRow",         {{"allow_refund_amt", "311"}, {"tradetp", R"("refund")"}}, finding::nothing},
    {"PendingPayment",    {{"allow_refund_amt", "311"}, {"respcd", R"("1143")"}},  finding::nothing},
    {"OtherNumber",       {{"allow_refund_amt", "311"}, {"out_trade_no", R"("")"}}, finding::paid},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, EvidenceFallTest, testing::ValuesIn(fall_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(EvidenceRefundTest, EveryAmountButTheRefundIsNoProof)
{
    for (std::int64_t now = 0; now <= 600; ++now) {
        const auto body = row_body({{"allow_refund_amt", std::to_string(now)}});
        const auto found = judge_refund_by_payment(sample_refund(200), answered(body));
        ASSERT_EQ(found.what == finding::paid, now == 311) << now;
        ASSERT_EQ(found.what == finding::not_found, now == 511) << now;
        ASSERT_NE(text_of(found.what), "declined") << now;
    }
}

TEST(EvidenceRefundTest, NoAnswerAboutThePaymentIsNoInformation)
{
    const auto fallen = row_body({{"allow_refund_amt", "311"}});
    for (const auto& reply :
         {cloud_reply{.how = transport::not_sent}, cloud_reply{.how = transport::no_answer},
          answered(fallen, 500), answered(fallen.substr(0, 300)), answered(bare_body("0000")),
          answered(bare_body("1136")), answered(bare_body("1268")), answered(bare_body("1201")),
          answered(enveloped_row("1136", {{"allow_refund_amt", "311"}}))}) {
        const auto found = judge_refund_by_payment(sample_refund(200), reply);
        EXPECT_EQ(text_of(found.what), "nothing") << reply.body;
        EXPECT_FALSE(found.refundable);
    }
}

TEST(EvidenceRefundTest, AnUnboundTerminalIsReportedAsSuch)
{
    const auto reply = answered(bare_body("1106"));
    EXPECT_TRUE(judge_refund_by_payment(sample_refund(200), reply).other_terminal);
    EXPECT_TRUE(read_refundable(sample_refund(200), reply).other_terminal);
}

// --- What can be refunded, read before the push -----------------------------------------------

TEST(EvidenceRefundTest, TheRefundableAmountIsReadFromThePaymentOnly)
{
    const auto refund = sample_refund(200);
    EXPECT_EQ(read_refundable(refund, answered(row_body())).amount, 511);
    EXPECT_EQ(read_refundable(refund, answered(row_body({{"allow_refund_amt", "0"}}))).amount, 0);
    for (const auto& of_row : {changes{{"allow_refund_amt", ""}},
                               {{"allow_refund_amt", "-5"}},
                               {{"allow_refund_amt", "5.5"}},
                               {{"syssn", R"("20240704180500020000099999")"}},
                               {{"tradetp", R"("refund")"}},
                               {{"respcd", R"("1143")"}}}) {
        const auto reading = read_refundable(refund, answered(row_body(of_row)));
        EXPECT_FALSE(reading.amount) << of_row.begin()->first;
        EXPECT_TRUE(reading.reached);
        EXPECT_FALSE(reading.reason.empty());
    }
}

TEST(EvidenceRefundTest, AnUnreachedCloudIsNotANotFoundPayment)
{
    const auto refund = sample_refund(200);
    const auto lost = read_refundable(refund, {.how = transport::no_answer, .detail = "reset"});
    EXPECT_FALSE(lost.reached);
    EXPECT_THAT(lost.reason, HasSubstr("reset"));
    const auto unknown = read_refundable(refund, answered(bare_body("1136")));
    EXPECT_TRUE(unknown.reached);
    EXPECT_EQ(unknown.respcd, "1136");
    EXPECT_FALSE(unknown.amount);
}

// --- The refund's own row ---------------------------------------------------------------------

struct own_row_case {
    const char* name;
    changes of_row;
    finding what;

    friend void PrintTo(const own_row_case& c, std::ostream* out) { *out << c.name; }
};

class EvidenceRefundRowTest : public testing::TestWithParam<own_row_case> {};

TEST_P(EvidenceRefundRowTest, DecidesTheFinding)
{
    changes of_row{{"out_trade_no", R"("R1")"},
                   {"tradetp", R"("refund")"},
                   {"syssn", R"("20240704180500020000018001")"},
                   {"origssn", R"("20240704180500020000018000")"},
                   {"txamt", "200"}};
    for (const auto& [field, value] : GetParam().of_row)
        of_row[field] = value;
    const auto found =
        judge_enquiry(sample_refund(200), answered(row_body(of_row)), sample_context());
    EXPECT_EQ(text_of(found.what), text_of(GetParam().what)) << found.reason;
    EXPECT_FALSE(found.refundable);  // the field of a refund's row says nothing of the payment
}

// clang-format off
const own_row_case own_row_cases[] = {
    // name              changes of the row                                finding
    {"Refunded",         {},                                               finding::paid},
    {"NoOrigin",         {{"origssn", R"("")"}},                           finding::paid},
    {"OtherOrigin",      {{"origssn", R"("20240704180500020000018009")"}}, finding::nothing},
    {"Pending",          {{"respcd", R"("1143")"}},                        finding::pending},
    {"ChannelAtWork",    {{"respcd", R"("2999")"}},                        finding::pending},
    {"Refused",          {{"respcd", R"("1155")"}},                        finding::declined},
    {"OtherAmount",      {{"txamt", "511"}},                               finding::mismatch},
    {"OtherCurrency",    {{"txcurrcd", R"("156")"}},                       finding::mismatch},
    {"ThePaymentsRow",   {{"tradetp", R"("payment")"}},                    finding::nothing},
    {"RowOfNoKind",      {{"tradetp", ""}},                                finding::nothing},
    {"OtherRefund",      {{"out_trade_no", R"("R2")"}},                    finding::nothing},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, EvidenceRefundRowTest, testing::ValuesIn(own_row_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- Refusals that may mean "done before", and cancels ----------------------------------------

TEST(EvidenceRefundTest, SixRefusalsMayMeanThatItWasDoneBefore)
{
    std::vector<std::string> found;
    for (int number = 0; number < 10'000; ++number) {
        auto code = std::to_string(number);
        code.insert(0, 4 - code.size(), '0');
        if (is_refund_refusal_to_check(code)) found.push_back(code);
    }
    EXPECT_THAT(found, testing::ElementsAre("1125", "1136", "1262", "1264", "1268", "1272"));
    EXPECT_FALSE(is_refund_refusal_to_check(""));
}

TEST(EvidenceCancelTest, IsHeardWhenTheTerminalIsToldOrIdle)
{
    for (const auto& row : cloud::data_rows("status_codes.csv")) {
        const bool heard = row[0] == "0000" || row[0] == "1136";
        EXPECT_EQ(cancel_was_heard(answered(bare_body(row[0]))), heard) << row[0];
    }
    EXPECT_TRUE(
        cancel_was_heard(answered(cloud::data_file("seed_ecr_samples/cancel_success.json"))));
    EXPECT_FALSE(
        cancel_was_heard(answered(cloud::data_file("seed_ecr_samples/cancel_error.json"))));
}

TEST(EvidenceCancelTest, IsNotHeardWithoutAnAnswer)
{
    const auto heard = bare_body("0000");
    EXPECT_FALSE(cancel_was_heard({.how = transport::not_sent, .http_status = 200, .body = heard}));
    EXPECT_FALSE(
        cancel_was_heard({.how = transport::no_answer, .http_status = 200, .body = heard}));
    for (const unsigned status : {204U, 301U, 400U, 401U, 404U, 429U, 500U, 502U, 503U})
        EXPECT_FALSE(cancel_was_heard(answered(heard, status))) << status;
    for (const auto* body : {"", "<html>", R"({"respcd": "0000")", "{}", R"({"resperr": ""})"})
        EXPECT_FALSE(cancel_was_heard(answered(body))) << body;
}

// --- Whose syssn has to be looked up ----------------------------------------------------------

TEST(EvidenceLookupTest, OnlyARowThatIsNotKnownToBeOursIsLookedUp)
{
    auto payment = sample_payment();
    EXPECT_EQ(syssn_to_look_up(payment, answered(row_body())), "");
    const auto nameless = answered(row_body({{"out_trade_no", R"("")"}}));
    EXPECT_EQ(syssn_to_look_up(payment, nameless), sample_syssn);
    payment.facts.syssn = sample_syssn;
    EXPECT_EQ(syssn_to_look_up(payment, nameless), "");
    EXPECT_EQ(syssn_to_look_up(payment, answered(bare_body("1136"))), "");
    EXPECT_EQ(syssn_to_look_up(payment, {.how = transport::no_answer}), "");
}

}  // namespace
}  // namespace ecr::protocol
