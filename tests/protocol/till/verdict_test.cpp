// What an order's state means to a till, in every state and with every mark of the operator's list.
#include "protocol/till/verdict.hpp"

#include <gtest/gtest.h>

#include <array>
#include <ostream>

namespace ecr::protocol::till {
namespace {

// --- State by state ---------------------------------------------------------------------------

struct state_case {
    const char* name;
    order_state state;
    const char* respcd;  // the cloud's last code
    result_code code;
    bool retry;
    const char* payment_text;
    const char* refund_text;

    friend void PrintTo(const state_case& c, std::ostream* out) { *out << c.name; }
};

order order_in(const state_case& c, order_kind kind)
{
    order o;
    o.out_trade_no = "A1";
    o.kind = kind;
    o.state = c.state;
    o.facts.respcd = c.respcd;
    o.sent_at = timestamp{};
    return o;
}

class VerdictTest : public testing::TestWithParam<state_case> {};

TEST_P(VerdictTest, TellsTheTruthOfAState)
{
    const auto& c = GetParam();
    for (const auto kind : {order_kind::payment, order_kind::refund}) {
        const auto o = order_in(c, kind);
        EXPECT_EQ(code_of(o), c.code);
        EXPECT_EQ(safe_to_retry(o), c.retry);
        EXPECT_EQ(text_for_cashier(o), kind == order_kind::refund ? c.refund_text : c.payment_text);
    }
}

constexpr auto unsure =
    "not confirmed yet: do not ring again, look at the terminal, ask for the "
    "status later";
const auto unsure_payment = std::string{"Payment "} + unsure;
const auto unsure_refund = std::string{"Refund "} + unsure;
constexpr auto nothing_sent = "Nothing was sent to the terminal";
constexpr auto refused = "Refused by the cloud, nothing reached the terminal";
constexpr auto by_manager = "Ended by the shop's manager: ask before ringing again";
constexpr auto ask_manager = "Never confirmed by the cloud: ask the shop's manager";

// clang-format off
const state_case state_cases[] = {
    // name         state                     respcd  code                     retry  text of a payment            text of a refund
    {"Accepted",    order_state::accepted,    "",     result_code::pending,    false, "Waiting for the terminal",  "Waiting for the terminal"},
    {"Sending",     order_state::sending,     "",     result_code::pending,    false, "Being sent to the terminal", "Being sent to the terminal"},
    {"OnTerminal",  order_state::on_terminal, "0000", result_code::pending,    false, "Waiting for the customer",  "Waiting for the customer"},
    {"InDoubt",     order_state::in_doubt,    "",     result_code::in_doubt,   false, unsure_payment.c_str(),      unsure_refund.c_str()},
    {"Paid",        order_state::paid,        "0000", result_code::done,       false, "Paid",                      "Refunded"},
    {"Declined",    order_state::declined,    "1201", result_code::declined,   true,  "Declined",                  "Declined"},
    {"Cancelled",   order_state::cancelled,   "",     result_code::cancelled,  true,  "Cancelled",                 "Cancelled"},
    {"Expired",     order_state::expired,     "",     result_code::expired,    true,  "Not paid: time ran out",    "Not refunded: time ran out"},
    {"Rejected",    order_state::rejected,    "1106", result_code::rejected,   true,  refused,                     refused},
    {"NeverSent",   order_state::rejected,    "",     result_code::not_sent,   true,  nothing_sent,                nothing_sent},
    {"Unresolved",  order_state::unresolved,  "",     result_code::unresolved, false, ask_manager,                 ask_manager},
    {"Resolved",    order_state::resolved,    "",     result_code::resolved,   false, by_manager,                  by_manager},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, VerdictTest, testing::ValuesIn(state_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- With every mark of the operator's list ---------------------------------------------------

template <class Check>
void for_every_order(Check check)
{
    for (const auto& c : state_cases)
        for (unsigned bits = 0; bits < 8; ++bits)
            for (const auto kind : {order_kind::payment, order_kind::refund})
                for (const bool sent : {false, true})
                    for (const auto* reason : {"", "1201 no money"}) {
                        auto o = order_in(c, kind);
                        o.needs = static_cast<attention>(bits);
                        o.reason = reason;
                        if (!sent) o.sent_at.reset();
                        check(o);
                    }
}

std::string text_of(const order& o)
{
    return std::string{name_of(o.state)} + " needs " +
           std::to_string(static_cast<unsigned>(o.needs)) + ": " + text_for_cashier(o);
}

TEST(VerdictOfOrderTest, RingingAgainIsSafeOnlyAfterProofThatNoMoneyMoved)
{
    for_every_order([](const order& o) {
        const bool proven = o.state == order_state::declined || o.state == order_state::cancelled ||
                            o.state == order_state::expired || o.state == order_state::rejected;
        EXPECT_EQ(safe_to_retry(o), proven && !has(o.needs, attention::mismatch)) << text_of(o);
    });
}

TEST(VerdictOfOrderTest, AMismatchIsNeverShownAsAnythingElse)
{
    for_every_order([](const order& o) {
        const bool shown = has(o.needs, attention::mismatch) && o.state != order_state::paid;
        EXPECT_EQ(code_of(o) == result_code::mismatch, shown) << text_of(o);
        EXPECT_EQ(text_for_cashier(o).starts_with("Do not release the goods"), shown);
    });
}

TEST(VerdictOfOrderTest, DoneMeansPaid)
{
    for_every_order([](const order& o) {
        EXPECT_EQ(code_of(o) == result_code::done, o.state == order_state::paid) << text_of(o);
    });
}

TEST(VerdictOfOrderTest, OnlyTheMismatchChangesWhatATillHears)
{
    for_every_order([](const order& o) {
        if (has(o.needs, attention::mismatch)) return;
        auto plain = o;
        plain.needs = attention::none;
        EXPECT_EQ(code_of(o), code_of(plain)) << text_of(o);
        EXPECT_EQ(text_for_cashier(o), text_for_cashier(plain));
    });
}

TEST(VerdictOfOrderTest, TheCashierIsAlwaysToldSomething)
{
    for_every_order([](const order& o) {
        const auto text = text_for_cashier(o);
        EXPECT_GE(text.size(), 4U);
        EXPECT_NE(text, "Unknown");
        EXPECT_EQ(text.find_first_of("\r\n\""), text.npos) << text;
        // Whoever must not ring again is told so, or told whom to ask.
        const auto code = code_of(o);
        const bool warned = text.find("not ring again") != text.npos;
        EXPECT_EQ(warned, code == result_code::in_doubt || code == result_code::mismatch) << text;
    });
}

TEST(VerdictOfOrderTest, TheReasonFollowsWhereTheCashierNeedsIt)
{
    for_every_order([](const order& o) {
        if (o.reason.empty()) return;
        const auto code = code_of(o);
        const bool plain = code == result_code::done || code == result_code::expired ||
                           code == result_code::pending;
        EXPECT_EQ(text_for_cashier(o).ends_with("(1201 no money)"), !plain) << text_of(o);
    });
}

// --- The whole outcome ------------------------------------------------------------------------

TEST(VerdictOfOrderTest, TheOutcomeCarriesTheVerdict)
{
    auto o = order_in(state_cases[5], order_kind::payment);
    o.needs = attention::late;
    const auto told = outcome_of(o, "tag", true);
    EXPECT_EQ(told.tag, "tag");
    EXPECT_EQ(told.code, result_code::declined);
    EXPECT_TRUE(told.safe_to_retry);
    EXPECT_TRUE(told.earlier);
    EXPECT_TRUE(told.late);
    EXPECT_EQ(told.text, "Declined");
    EXPECT_EQ(told.order, o);
    EXPECT_EQ(told.order_number, "A1");
}

TEST(VerdictOfOrderTest, ATillHearsItsOwnNumber)
{
    order o;
    o.out_trade_no = "till1-20240704-12";
    EXPECT_EQ(number_for_till(o), "till1-20240704-12");
    o.till_order = "12";
    EXPECT_EQ(number_for_till(o), "12");
}

TEST(VerdictOfOrderTest, LateIsWhatTheJournalMarked)
{
    for_every_order([](const order& o) { EXPECT_EQ(is_late(o), has(o.needs, attention::late)); });
}

}  // namespace
}  // namespace ecr::protocol::till
