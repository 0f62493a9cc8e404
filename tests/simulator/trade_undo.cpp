// Close and reversal. Source: contract 4.2, 4.3, 13.18.
#include "tests/simulator/trade_desk.hpp"
#include "tests/simulator/trade_pay_type.hpp"
#include "tests/simulator/trade_rows.hpp"

namespace ecr::simulator {
namespace {

/// The reply's code and what happens behind it, by the settings.
undo_plan plan_of(const settings& behaviour)
{
    switch (behaviour.undo_reply) {
        case undo_reply::at_once: return {.respcd = "0000"};
        case undo_reply::pending_1143: return {.respcd = "1143", .after = behaviour.undo_delay};
        case undo_reply::pending_1145: return {.respcd = "1145", .after = behaviour.undo_delay};
    }
    return {};
}

}  // namespace

transaction_ptr trade_desk::payment_named(const signed_request& request)
{
    const auto& orders = inside_.merchant_of(request.app_code).orders;
    const auto syssn = request.at("syssn");
    const auto number = request.at("out_trade_no");
    auto found = syssn.empty() ? orders.by_number(number) : orders.by_syssn(syssn);
    if (!found || found->refund || found->syssn.empty()) return nullptr;
    // A terminal's order in hand belongs to the terminal.
    if (!found->by_trade && found->stage != stage::ended) return nullptr;
    if (!number.empty() && !syssn.empty() && found->out_trade_no != number) return nullptr;
    return found;
}

bool trade_desk::returns_money(const transaction& of, bool is_close) const
{
    const auto& behaviour = inside_.behaviour;
    if (is_close) return behaviour.close_on_paid == close_on_paid::returns_money;
    return behaviour.reversal_on_paid == reversal_on_paid::returns_money ||
           reversal_voids(of.pay_type, behaviour.undo_support);
}

std::optional<refusal> trade_desk::refuse_undo(const transaction& of, bool is_close) const
{
    if (of.stage != stage::ended) return std::nullopt;
    if (of.undone) {
        if (is_close) return refusal{"1142", "Order already closed"};
        return refusal{"1263", "Order already cancelled"};
    }
    if (of.outcome != truth::paid) {
        // Nobody was charged: a reversal has nothing to do and says so.
        if (of.outcome == truth::declined && !is_close) return std::nullopt;
        return refusal{"1142", "Order already closed"};
    }
    if (of.reserved_minor_units > 0)
        return refusal{inside_.behaviour.processing_refund_code,
                       "You still have processing requests"};
    if (of.refunded_minor_units > 0) return refusal{"1262", "Order already refunded"};
    if (!returns_money(of, is_close)) return refusal{"1260", "Order already paid"};
    return std::nullopt;
}

void trade_desk::carry_out(const transaction_ptr& of, bool is_close, const std::string& syssn)
{
    if (of->stage == stage::in_process) {
        of->undo_wanted = returns_money(*of, is_close);
        return;
    }
    if (of->stage == stage::shown) return wallet_.call_off(of);
    // It may have been paid, or undone by another call, since this one was answered.
    if (of->outcome == truth::paid && !refuse_undo(*of, is_close)) wallet_.give_back(of, syssn);
}

answer trade_desk::undo(const signed_request& request, bool is_close)
{
    const auto& behaviour = inside_.behaviour;
    const auto of = payment_named(request);
    if (!of) return refuse({"1136", "The order doesn't exist"}, request);
    if (request.at("txamt") != std::to_string(of->amount_minor_units))
        return refuse({"1266", "Amount mismatch"}, request);
    const auto now = inside_.events->wall();
    const auto pay_type = busicd_of(*of, behaviour);
    const bool supported = is_close ? supports_close(pay_type, behaviour.undo_support)
                                    : supports_reversal(pay_type, behaviour.undo_support);
    if (!supported) {
        if (behaviour.undo_unsupported == undo_unsupported::code_1297)
            return refuse({"1297", "Not supported"}, request);
        return {.body = undo_answer(*of, "", "0000", now), .signed_with = {}};
    }
    const auto plan = inside_.next_undo(of->out_trade_no).value_or(plan_of(behaviour));
    const bool overtaken = plan.payer_is_faster || of->who.does == act::cancel_loses;
    if (overtaken && of->stage == stage::shown) wallet_.pay(of);
    if (const auto refused = refuse_undo(*of, is_close)) return refuse(*refused, request);

    const auto syssn = of->home->next_syssn(now);
    const bool in_process = of->stage == stage::in_process;
    const auto respcd = in_process && plan.respcd == "0000" ? "1145" : plan.respcd;
    auto text = undo_answer(*of, syssn, respcd, now);
    if (!plan.happens) return {.body = std::move(text), .signed_with = {}};
    if (plan.respcd == "0000")
        carry_out(of, is_close, syssn);
    else
        inside_.events->after(plan.after,
                              [this, of, is_close, syssn] { carry_out(of, is_close, syssn); });
    return {.body = std::move(text), .signed_with = {}};
}

}  // namespace ecr::simulator
