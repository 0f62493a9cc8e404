// What a till hears: never twice the money, never an unpaid sale as paid.
#include "protocol/till/qfpay_local/answer.hpp"

#include "protocol/json.hpp"
#include "tests/protocol/till/qfpay_local/till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace ecr::protocol::till::qfpay_local {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAreArray;

json told(function asked_for, const reply& what)
{
    return parse_json(to_json(answer_to(asked_for, what))).value();
}

json data_of(const json& answer)
{
    return parse_json(answer["data"].get<std::string>()).value();
}

std::vector<std::string> names_in(const json& object)
{
    std::vector<std::string> names;
    for (const auto& [name, value] : object.items())
        names.push_back(name);
    return names;
}

TEST(AnswerTest, APaidSaleIsOkWithItsData)
{
    const auto answer = told(function::payment, outcome_in(order_state::paid, "1"));
    EXPECT_EQ(answer["respcd"], "6000");
    EXPECT_EQ(answer["resperr"], "");
    EXPECT_EQ(answer["respmsg"], "Paid");
    const auto data = data_of(answer);
    EXPECT_THAT(names_in(data),
                UnorderedElementsAreArray({"respcd", "mchntnm", "sysdtm", "userid", "busicd",
                                           "txamt", "txcurrcd", "chnlsn", "paydtm", "udid", "syssn",
                                           "clisn", "out_trade_no", "cardscheme"}));
    EXPECT_EQ(data["respcd"], "0000");
    EXPECT_EQ(data["txamt"], "1234");
    EXPECT_EQ(data["txcurrcd"], "HKD");
    EXPECT_EQ(data["syssn"], "20240704180500020000018000");
    EXPECT_EQ(data["out_trade_no"], "0f9--7--3");
    EXPECT_EQ(data["sysdtm"], "2024-07-04 15:10:35");
    EXPECT_EQ(data["chnlsn"], "4200001234");
    EXPECT_EQ(data["udid"], "235C0503");
}

TEST(AnswerTest, ARefundHasTheDataOfARefund)
{
    auto o = paid_order();
    o.kind = order_kind::refund;
    o.of_syssn = "20240704";
    o.till_order.clear();
    o.out_trade_no = "T1-20240704-abcdef";
    const auto answer = told(function::refund, outcome_of(o, "1", false));
    EXPECT_EQ(answer["respcd"], "6000");
    const auto data = data_of(answer);
    EXPECT_THAT(names_in(data),
                UnorderedElementsAreArray({"respcd", "orig_syssn", "syssn", "txamt", "originTxamt",
                                           "sysdtm", "paydtm", "txcurrcd", "txdtm", "out_trade_no",
                                           "chnlsn"}));
    EXPECT_EQ(data["orig_syssn"], "20240704");
    EXPECT_EQ(data["out_trade_no"], "T1-20240704-abcdef");
    EXPECT_EQ(data["txdtm"], "2024-07-04 15:10:30");
}

TEST(AnswerTest, AnEnquiryHasTheDataOfAnEnquiry)
{
    auto o = paid_order();
    o.refundable_now = 1000;
    o.facts.card = "5200001234560000";
    const auto data = data_of(told(function::enquiry, outcome_of(o, "1", false)));
    EXPECT_THAT(names_in(data),
                UnorderedElementsAreArray(
                    {"server_time", "cancel",          "clisn",   "opuid",    "prepay_amt",
                     "syssn",       "out_trade_no",    "tradetp", "sysdtm",   "txcurrcd",
                     "origssn",     "customer_source", "opuser",  "nickname", "allow_refund_amt",
                     "desc",        "txamt",           "busicd",  "respcd",   "origbusicd",
                     "chnlsn",      "cardscheme",      "cardno",  "cardtype", "batchno",
                     "refno"}));
    EXPECT_EQ(data["respcd"], "0000");
    EXPECT_EQ(data["txamt"], 1234);
    EXPECT_EQ(data["allow_refund_amt"], 1000);
    EXPECT_EQ(data["cancel"], 5);
    EXPECT_EQ(data["txcurrcd"], "344");
    EXPECT_EQ(data["cardno"], "520000******0000");
    o.refundable_now = 0;
    EXPECT_EQ(data_of(told(function::enquiry, outcome_of(o, "1", false)))["cancel"], 3);
}

struct state_case {
    order_state state;
    const char* code;
    const char* transaction;  // data.respcd of an enquiry
};

// clang-format off
constexpr state_case states[] = {
    {order_state::accepted,    "4005", "1145"},
    {order_state::sending,     "4005", "1145"},
    {order_state::on_terminal, "4005", "1145"},
    {order_state::in_doubt,    "4005", "1145"},
    {order_state::paid,        "6000", "0000"},
    {order_state::declined,    "6002", "1142"},
    {order_state::cancelled,   "6001", "1142"},
    {order_state::expired,     "6002", "1142"},
    {order_state::rejected,    "6002", "1142"},
    {order_state::unresolved,  "4005", "1145"},
    {order_state::resolved,    "4005", "1145"},  // nobody said that no money has moved
};
// clang-format on
static_assert(std::size(states) == order_state_count);

TEST(AnswerTest, EveryStateIsToldForWhatItIs)
{
    for (const auto& c : states) {
        SCOPED_TRACE(name_of(c.state));
        for (const auto asked_for : {function::payment, function::refund, function::enquiry}) {
            const auto answer = told(asked_for, outcome_in(c.state, "1"));
            EXPECT_EQ(answer["respcd"], c.code);
            if (asked_for == function::enquiry) {
                EXPECT_EQ(data_of(answer)["respcd"], c.transaction);
            }
            if (answer["respcd"] == "6000") continue;
            EXPECT_NE(answer["resperr"], "");
            EXPECT_EQ(answer["resperr"], answer["respmsg"]);
            if (asked_for != function::enquiry) {
                EXPECT_EQ(answer["data"], "");
            }
        }
    }
}

TEST(AnswerTest, WhatIsNotKnownSaysDoNotRingAgain)
{
    for (const auto& c : states) {
        const bool known = std::string_view{c.code} != "4005";
        const auto text = told(function::payment, outcome_in(c.state, "1"))["resperr"];
        if (known)
            EXPECT_THAT(text.get<std::string>(), Not(HasSubstr("not ring again")));
        else
            EXPECT_THAT(text.get<std::string>(), HasSubstr("not ring again")) << text;
    }
}

TEST(AnswerTest, AMismatchIsNeverPaidAndNeverSafe)
{
    for (const auto& c : states) {
        auto o = order_in(c.state);
        o.needs = attention::mismatch;
        if (c.state == order_state::paid) continue;  // paid by positive evidence since
        for (const auto asked_for : {function::payment, function::refund, function::enquiry}) {
            const auto answer = told(asked_for, outcome_of(o, "1", false));
            EXPECT_EQ(answer["respcd"], "4005");
            EXPECT_THAT(answer["resperr"].get<std::string>(), HasSubstr("not ring again"));
            if (asked_for == function::enquiry) {
                EXPECT_EQ(data_of(answer)["respcd"], "1145");
            }
        }
    }
}

TEST(AnswerTest, WhatIsNotSafeToRetryIsNeverAFailure)
{
    for (const auto state : {order_state::declined, order_state::cancelled, order_state::expired}) {
        auto r = outcome_in(state, "1");
        r.safe_to_retry = false;
        EXPECT_EQ(told(function::payment, r)["respcd"], "4005") << name_of(state);
        EXPECT_EQ(data_of(told(function::enquiry, r))["respcd"], "1145") << name_of(state);
        EXPECT_EQ(told(function::cancel, r)["respcd"], "4005") << name_of(state);
    }
}

TEST(AnswerTest, ALateSuccessIsPaidAndSaysSo)
{
    auto o = paid_order();
    o.needs = attention::late;
    const auto answer = told(function::enquiry, outcome_of(o, "1", false));
    EXPECT_EQ(answer["respcd"], "6000");
    EXPECT_EQ(answer["respmsg"], "Late: Paid");
}

TEST(AnswerTest, AnEarlierSaleSaysWhichItIs)
{
    const auto answer = told(function::payment, outcome_of(paid_order(), "1", true));
    EXPECT_EQ(answer["respcd"], "6000");
    EXPECT_EQ(answer["respmsg"], "This is the earlier sale 0f9--7--3: Paid");
}

TEST(AnswerTest, TheCloudsOwnCodeOfADeclineIsInTheEnquiry)
{
    auto o = order_in(order_state::declined);
    o.facts.respcd = "1155";
    EXPECT_EQ(data_of(told(function::enquiry, outcome_of(o, "1", false)))["respcd"], "1155");
}

TEST(AnswerTest, ACancelThatCameTooLateIsNoSuccess)
{
    const done under_way{
        .tag = "1", .what = "cancel", .safe_to_retry = false, .text = "Asked", .fields = {}};
    EXPECT_EQ(told(function::cancel, under_way)["respcd"], "6000");
    EXPECT_EQ(told(function::cancel, outcome_in(order_state::cancelled, "1"))["respcd"], "6000");
    const auto paid = told(function::cancel, outcome_in(order_state::paid, "1"));
    EXPECT_EQ(paid["respcd"], "6002");
    EXPECT_EQ(paid["resperr"], "Too late to cancel: Paid");
    EXPECT_EQ(told(function::cancel, outcome_in(order_state::in_doubt, "1"))["respcd"], "4005");
}

struct problem_case {
    result_code code;
    const char* respcd;
};

TEST(AnswerTest, EveryProblemHasItsCode)
{
    // clang-format off
    constexpr problem_case cases[] = {
        {result_code::bad_command,      "4006"}, {result_code::too_long,       "4006"},
        {result_code::not_allowed,      "4007"}, {result_code::unknown_order,  "6002"},
        {result_code::number_in_use,    "6002"}, {result_code::busy,           "6002"},
        {result_code::refused,          "6002"}, {result_code::rejected,       "6002"},
        {result_code::not_sent,         "6002"}, {result_code::unknown_terminal, "6002"},
        {result_code::journal_failed,   "4005"}, {result_code::stopping,       "4005"},
        {result_code::internal,         "4005"}, {result_code::in_doubt,       "4005"},
    };
    // clang-format on
    for (const auto& c : cases) {
        const problem safe{.tag = "1", .order = {}, .code = c.code, .text = "Why"};
        EXPECT_EQ(told(function::payment, safe)["respcd"], c.respcd);
        EXPECT_EQ(told(function::payment, safe)["resperr"], "Why");
        auto dangerous = safe;
        dangerous.safe_to_retry = false;
        const auto answer = told(function::payment, dangerous);
        EXPECT_EQ(answer["respcd"], "4005");
        EXPECT_THAT(answer["resperr"].get<std::string>(), HasSubstr("not ring again"));
        EXPECT_EQ(told(function::receipt, dangerous)["respcd"], c.respcd);
    }
}

TEST(AnswerTest, NoProblemIsEverOk)
{
    for (int number = 0; number < 100; ++number)
        for (const bool safe : {true, false})
            for (const auto asked_for : {function::payment, function::enquiry, function::cancel}) {
                const problem p{.tag = "1",
                                .order = {},
                                .code = static_cast<result_code>(number),
                                .safe_to_retry = safe,
                                .text = "Why"};
                EXPECT_NE(told(asked_for, p)["respcd"], "6000") << number;
            }
}

TEST(AnswerTest, TextsAreWrittenAsJsonWhateverTheyHold)
{
    auto o = paid_order();
    o.facts.chnlsn = "a\"b\\c\n\xff";
    const auto answer = told(function::payment, outcome_of(o, "1", false));
    EXPECT_EQ(data_of(answer)["chnlsn"], "a\"b\\c\n\xEF\xBF\xBD");
    const problem p{.tag = "1", .order = {}, .code = {}, .text = std::string(5000, '\xE9')};
    EXPECT_LT(to_json(answer_to(function::payment, p)).size(), 4000U);
}

}  // namespace
}  // namespace ecr::protocol::till::qfpay_local
