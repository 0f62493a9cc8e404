#include "protocol/till/hypercom/response.hpp"

#include "protocol/till/hypercom/response_code.hpp"
#include "tests/protocol/till/hypercom/hypercom_till.hpp"

#include <gtest/gtest.h>

using namespace ecr::protocol;
using namespace ecr::protocol::till;
using namespace ecr::protocol::till::hypercom;

namespace {

const settings shop{.order_number = reference_field::f66,
                    .terminal_id = "12345678",
                    .merchant_id = "123456789012345",
                    .merchant_name = "Noodle House, 1 Queen's Road Central, Hong Kong"};

message asked(std::string_view code, std::vector<field> fields = {})
{
    return {.header = "600000000010",
            .code = std::string{code},
            .status = "00",
            .more = '0',
            .fields = std::move(fields)};
}

std::string shown(const message& m)
{
    std::string text = m.status + "\n";
    for (const auto& f : m.fields)
        text += f.type + "=" + f.data + "\n";
    return text;
}

TEST(HypercomResponseTest, APaidCardSaleHasEveryField)
{
    auto o = order_of(order_state::paid);
    o.till_order = "A1001";
    o.facts.card = "411111******1111";
    o.facts.card_scheme = "Visa";
    auto told = outcome_of(o, "t", false);
    told.invoice = 42;
    const auto m = response_of(told, asked("20", {ten_dollars, {"66", "A1001"}}), shop);
    ASSERT_TRUE(m);
    EXPECT_EQ(shown(*m),
              "00\n"
              "02=APPROVED                                \n"
              "16=12345678\n"
              "D1=123456789012345\n"
              "03=240704\n"
              "04=151425\n"
              "40=000000001000\n"
              "50=240704\n"
              "65=000042\n"
              "01=755542\n"
              "D2=VISA      \n"
              "D3=020093755542\n"
              "D4=01\n"
              "30=411111******1111   \n"
              "31=XXXX\n"
              "D5=                          \n"
              "66=A1001               \n")
        << "and the merchant's name, were the length not to hold a byte 03 then";
}

TEST(HypercomResponseTest, NothingThatWasNotPaidLooksApproved)
{
    auto o = order_of(order_state::declined);
    o.facts.card = "411111******1111";
    const auto m = response_of(outcome_of(o, "t", false), asked("20", {ten_dollars}), shop);
    EXPECT_EQ(m->status, "ND");
    for (const auto* type : {"01", "D3", "30", "31"})
        EXPECT_EQ(m->value(type), "") << type;
}

TEST(HypercomResponseTest, ARetrievalNamesTheWalletAndTheTillsNumber)
{
    auto o = order_of(order_state::paid);
    o.via = channel::wx;
    o.till_order = "A7";
    const auto m = response_of(outcome_of(o, "t", false), asked("72"), shop);
    EXPECT_EQ(m->value("A1"), "02");
    EXPECT_EQ(m->value("66"), "A7");
    EXPECT_EQ(m->value("D2"), "WX");
}

TEST(HypercomResponseTest, WithoutQfpaysTimeTheOrdersCounts)
{
    auto o = order_of(order_state::declined);
    o.facts.sysdtm = "yesterday";
    o.created_at = *ecr::parse_cloud_time("2026-01-31 23:59:58");
    const auto m = response_of(outcome_of(o, "t", false), asked("20"), shop);
    EXPECT_EQ(m->value("03"), "260131");
    EXPECT_EQ(m->value("04"), "235958");
}

TEST(HypercomResponseTest, AnOrderOfAnotherAmountAnswersNoQuestion)
{
    for (const auto state : {order_state::paid, order_state::declined}) {
        const auto m = response_of(outcome_of(order_of(state, 999), "t", false),
                                   asked("72", {ten_dollars}), shop);
        EXPECT_EQ(m->status, "TO");
        EXPECT_EQ(m->value("40"), "000000000999");
        EXPECT_EQ(m->value("01"), "");
    }
}

TEST(HypercomResponseTest, AnInvoiceOfSevenDigitsIsLeftOut)
{
    auto told = outcome_of(order_of(order_state::paid), "t", false);
    told.invoice = 1'000'000;
    EXPECT_EQ(response_of(told, asked("20"), shop)->value("65"), "");
    told.invoice = 999'999;
    EXPECT_EQ(response_of(told, asked("20"), shop)->value("65"), "999999");
}

// --- What a till is told may make it neither take money twice nor believe in money not there. ---

TEST(HypercomResponseCodeTest, OnlyPaidIsOkAndOnlySafeIsNotPaid)
{
    for (int s = 1; s <= static_cast<int>(order_state_count); ++s)
        for (const auto kind : {order_kind::payment, order_kind::refund})
            for (const auto needs : {attention::none, attention::late, attention::mismatch,
                                     attention::unresolved, attention::late | attention::mismatch})
                for (const bool earlier : {false, true})
                    for (const bool answered : {false, true}) {
                        auto o = order_of(static_cast<order_state>(s));
                        o.kind = kind;
                        o.needs = needs;
                        if (!answered) o.facts.respcd.clear();
                        const auto told = outcome_of(o, "t", earlier);
                        const auto said = answer_to(told);
                        EXPECT_EQ(said.status == "00", o.state == order_state::paid);
                        const bool open = !told.safe_to_retry && o.state != order_state::paid;
                        EXPECT_EQ(said.status == "TO", open) << name_of(o.state);
                        EXPECT_FALSE(said.text.empty());
                        const auto written =
                            short_response(said, message{.header = "600000000010"}, {});
                        EXPECT_EQ(written.fields.at(0).data.size(), text_size);
                    }
}

TEST(HypercomResponseCodeTest, AProblemIsNotPaidOnlyWhenItIsSafe)
{
    for (int c = 0; c <= 59; ++c)
        for (const bool safe : {false, true}) {
            problem p;
            p.code = static_cast<result_code>(c);
            p.safe_to_retry = safe;
            p.text = "This is a sentence for a cashier that is longer than forty characters";
            const auto said = answer_to(p);
            EXPECT_EQ(said.status == "TO", !safe) << c;
            EXPECT_NE(said.status, "00");
            const auto written = short_response(said, message{.header = "600000000010"}, {});
            EXPECT_EQ(written.fields.at(0).data.size(), text_size);
        }
}

TEST(HypercomResponseCodeTest, AnOutcomeThatContradictsItselfProvesNothing)
{
    auto told = outcome_of(order_of(order_state::on_terminal), "t", false);
    told.code = result_code::done;
    EXPECT_EQ(answer_to(told).status, "TO");
    told.safe_to_retry = true;
    EXPECT_EQ(answer_to(told).status, "TO");
}

struct state_case {
    order_state state;
    bool answered;
    const char* status;
};

TEST(HypercomResponseCodeTest, EachStateHasItsCode)
{
    for (const auto& c : std::initializer_list<state_case>{{order_state::paid, true, "00"},
                                                           {order_state::declined, true, "ND"},
                                                           {order_state::cancelled, true, "ND"},
                                                           {order_state::expired, true, "ND"},
                                                           {order_state::rejected, true, "EN"},
                                                           {order_state::rejected, false, "CE"},
                                                           {order_state::in_doubt, true, "TO"},
                                                           {order_state::on_terminal, true, "TO"},
                                                           {order_state::unresolved, true, "TO"}}) {
        auto o = order_of(c.state);
        if (!c.answered) o.facts.respcd.clear();
        EXPECT_EQ(answer_to(outcome_of(o, "t", false)).status, c.status) << name_of(c.state);
    }
}

TEST(HypercomResponseCodeTest, AnEarlierSaleIsCalledOne)
{
    const auto text_of = [](order_state state, order_kind kind) {
        auto o = order_of(state);
        o.kind = kind;
        return answer_to(outcome_of(o, "t", true)).text;
    };
    EXPECT_EQ(text_of(order_state::paid, order_kind::payment), "EARLIER SALE: APPROVED");
    EXPECT_EQ(text_of(order_state::declined, order_kind::payment), "EARLIER SALE: DECLINED");
    EXPECT_EQ(text_of(order_state::paid, order_kind::refund), "EARLIER REFUND: REFUNDED");
    EXPECT_EQ(text_of(order_state::in_doubt, order_kind::payment),
              "DO NOT RING AGAIN - ASK STATUS");
}

TEST(HypercomResponseCodeTest, TextsArePlain)
{
    EXPECT_EQ(plain("a\x03\x02z \xE4\xBB\x98\xE6\xAC\xBE!", 40), "a?z ?!");
    EXPECT_EQ(plain("abcdef", 3), "abc");
    EXPECT_EQ(plain("", 3), "");
}

// --- No byte 03 before the ETX, whatever is known of an order. ---------------------------------

TEST(HypercomLengthTest, NoResponseHoldsAFalseEtx)
{
    for (unsigned bits = 0; bits < 1U << 11U; ++bits) {
        const auto has_bit = [&](unsigned bit) { return (bits >> bit & 1U) != 0; };
        settings how{.order_number = reference_field::f66};
        if (has_bit(0)) how.merchant_name = std::string(100, 'x') + "\x03";
        if (has_bit(1)) how.merchant_id = "1\x03";
        if (has_bit(2)) how.terminal_id = "12345678";
        auto o = order_of(has_bit(3) ? order_state::paid : order_state::in_doubt);
        if (has_bit(4)) o.facts.card = "411111******1111";
        if (has_bit(5)) o.facts.syssn.clear();
        o.facts.card_scheme = "VI\x03SA";
        auto told = outcome_of(o, "t", false);
        told.invoice = has_bit(6) ? 3 : 0;
        std::vector<field> fields;
        if (has_bit(7))
            fields.push_back({"66",
                              "\x03"
                              "A"});
        if (has_bit(8)) fields.push_back({"R1", "B\x03"});
        if (has_bit(9)) fields.push_back({"R2", "C"});
        if (has_bit(10)) fields.push_back({"A1", "03"});
        for (const auto* code : {"20", "26", "70", "72"}) {
            const auto m = response_of(told, asked(code, fields), how);
            ASSERT_TRUE(m);
            const auto bytes = framed(to_bytes(*m));
            ASSERT_EQ(size_of(*m) + 5, bytes.size());
            ASSERT_EQ(bytes.find('\x03'), bytes.size() - 2) << bits << " " << code;
            ASSERT_NE(m->value("40"), "") << "what counts is never left out";
        }
        for (const auto& r : {reply{done{.what = "ping"}}, reply{done{.what = "summary"}},
                              reply{problem{.code = result_code::refused, .text = "\x03 no"}}}) {
            const auto bytes = framed(to_bytes(*response_of(r, asked("50", fields), how)));
            ASSERT_EQ(bytes.find('\x03'), bytes.size() - 2) << bits;
        }
    }
}

}  // namespace
