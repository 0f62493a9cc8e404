// "Paid" needs positive evidence: every combination of what a row may say about an order.
#include "tests/protocol/order/evidence_sample.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace ecr::protocol {
namespace {

struct field {
    const char* json;  // "": the field is missing
    bool right;
};

const auto numbers = std::to_array<field>({{R"("BR-20240704-000001")", true},
                                           {R"("BR-20240704-000002")", false},
                                           {R"("")", false},
                                           {"", false}});
const auto syssns = std::to_array<field>({{R"("20240704180500020000018000")", true},
                                          {R"("20240704180500020000018001")", false},
                                          {R"("")", false}});
const auto codes = std::to_array<field>({{R"("0000")", true},
                                         {R"("0")", false},
                                         {R"("1143")", false},
                                         {R"("1201")", false},
                                         {R"("9999")", false},
                                         {"", false}});
const auto amounts = std::to_array<field>({{"511", true}, {"51100", false}, {"", false}});
const auto currencies = std::to_array<field>(
    {{R"("344")", true}, {R"("HKD")", true}, {R"("840")", false}, {"", false}});
const auto times =
    std::to_array<field>({{R"("2024-07-04 15:10:35")", true}, {R"("2024-07-03 15:10:35")", false}});
const auto kinds = std::to_array<field>({{R"("payment")", true}, {R"("refund")", false}});

struct claim {
    field number, syssn, code, amount, currency, time, kind;
    bool syssn_known;
    bool others_syssn;  // the row's syssn belongs to another order of ours
};

bool has_text(const field& f)
{
    return *f.json != '\0' && std::string_view{f.json} != R"("")";
}

/// The rule, said once more: the code, the money, and a reason to believe that it is our order.
bool is_proof_of_payment(const claim& c)
{
    const bool by_number = c.number.right;
    const bool by_syssn = c.syssn_known && c.syssn.right;
    const bool by_question =
        !has_text(c.number) && has_text(c.syssn) && c.time.right && !c.others_syssn;
    return c.code.right && c.amount.right && c.currency.right && c.kind.right &&
           (by_number || by_syssn || by_question);
}

template <class Check>
void for_every_claim(Check check)
{
    for (const auto& number : numbers)
        for (const auto& syssn : syssns)
            for (const auto& code : codes)
                for (const auto& amount : amounts)
                    for (const auto& currency : currencies)
                        for (const auto& time : times)
                            for (const auto& kind : kinds)
                                for (const int flags : {0, 1, 2, 3})
                                    check(claim{number, syssn, code, amount, currency, time, kind,
                                                (flags & 1) != 0, (flags & 2) != 0});
}

evidence judged(const claim& c, order_state state)
{
    auto payment = sample_payment();
    payment.state = state;
    if (c.syssn_known) payment.facts.syssn = sample_syssn;
    auto context = sample_context();
    if (c.others_syssn) context.syssn_owner = "another";
    const auto body = row_body({{"out_trade_no", c.number.json},
                                {"syssn", c.syssn.json},
                                {"respcd", c.code.json},
                                {"txamt", c.amount.json},
                                {"txcurrcd", c.currency.json},
                                {"sysdtm", c.time.json},
                                {"tradetp", c.kind.json}});
    return judge_enquiry(payment, answered(body), context);
}

std::string text_of(const claim& c)
{
    std::string out;
    for (const auto* f : {&c.number, &c.syssn, &c.code, &c.amount, &c.currency, &c.time, &c.kind})
        out.append(f->json).append(" ");
    return out + (c.syssn_known ? "known " : "") + (c.others_syssn ? "another's" : "");
}

TEST(EvidencePaidTest, NeedsCodeIdentityAmountCurrencyTogether)
{
    int paid = 0;
    for_every_claim([&](const claim& c) {
        const auto found = judged(c, order_state::on_terminal);
        ASSERT_EQ(found.what == finding::paid, is_proof_of_payment(c)) << text_of(c);
        paid += found.what == finding::paid ? 1 : 0;
    });
    EXPECT_GT(paid, 50);
}

TEST(EvidencePaidTest, SuccessForOtherMoneyIsNeverCalledFailure)
{
    for_every_claim([&](const claim& c) {
        if (!c.code.right) return;
        const auto what = judged(c, order_state::in_doubt).what;
        ASSERT_TRUE(what == finding::paid || what == finding::mismatch || what == finding::nothing)
            << text_of(c);
    });
}

// Only a listed failure of a row that is ours ends an order unpaid.
TEST(EvidencePaidTest, UnknownIsNotFailed)
{
    for_every_claim([&](const claim& c) {
        const auto what = judged(c, order_state::in_doubt).what;
        if (what != finding::declined && what != finding::closed && what != finding::expired)
            return;
        ASSERT_EQ(std::string_view{c.code.json}, R"("1201")") << text_of(c);
        ASSERT_TRUE(c.number.right || !has_text(c.number) || (c.syssn_known && c.syssn.right))
            << text_of(c);
    });
}

}  // namespace
}  // namespace ecr::protocol
