#include "protocol/till/hypercom/response_code.hpp"

#include "protocol/till/hypercom/hypercom_dialect.hpp"

#include <algorithm>
#include <optional>

namespace ecr::protocol::till::hypercom {
namespace {

constexpr std::string_view ask = "DO NOT RING AGAIN - ASK STATUS";
constexpr std::string_view ask_refund = "DO NOT REFUND AGAIN - ASK STATUS";
constexpr std::string_view call = "DO NOT RING AGAIN - CALL MANAGER";

std::string_view text_of_paid(const outcome& o)
{
    const bool refund = o.order.kind == order_kind::refund;
    if (o.late) return refund ? "REFUNDED LATE" : "APPROVED LATE";
    return refund ? "REFUNDED" : "APPROVED";
}

/// The next customer may be buying the same: the cashier has to see whose result this is.
answer settled(std::string_view status, std::string_view text, const outcome& o)
{
    const bool refund = o.order.kind == order_kind::refund;
    std::string_view whose = refund ? "EARLIER REFUND: " : "EARLIER SALE: ";
    if (!o.earlier) whose = {};
    return {status, std::string{whose}.append(text)};
}

answer unsettled(const outcome& o)
{
    const bool refund = o.order.kind == order_kind::refund;
    if (o.code == result_code::mismatch || o.code == result_code::unresolved)
        return {code::unknown, std::string{call}};
    if (o.code == result_code::pending) return {code::unknown, "STILL RUNNING - ASK STATUS AGAIN"};
    return {code::unknown, std::string{refund ? ask_refund : ask}};
}

/// The sum of minor units with a decimal point: people read it, no till does.
std::string decimal(std::int64_t minor_units)
{
    const auto cents = minor_units % 100;
    return std::to_string(minor_units / 100) + (cents < 10 ? ".0" : ".") + std::to_string(cents);
}

}  // namespace

std::string plain(std::string_view text, std::size_t size_max)
{
    std::string out;
    bool in_run = false;
    for (const char c : text) {
        if (out.size() == size_max) break;
        const bool fits = c >= 0x20 && c <= 0x7E;
        if (fits || !in_run) out += fits ? c : '?';
        in_run = !fits;
    }
    return out;
}

answer answer_to(const outcome& o)
{
    const bool refund = o.order.kind == order_kind::refund;
    if (o.code == result_code::done && o.order.state == order_state::paid)
        return settled(code::ok, text_of_paid(o), o);
    if (!o.safe_to_retry) return unsettled(o);
    switch (o.order.state) {
        case order_state::declined: return settled(code::declined, "DECLINED", o);
        case order_state::cancelled: return settled(code::declined, "CANCELLED", o);
        case order_state::expired:
            return settled(code::declined, refund ? "NOT REFUNDED IN TIME" : "NOT PAID IN TIME", o);
        case order_state::rejected:
            if (o.code == result_code::not_sent)
                return settled(code::not_connected, "OFFLINE - NO MONEY MOVED", o);
            return settled(code::refused, "REFUSED - NO MONEY MOVED", o);
        case order_state::resolved:
            return settled(code::declined, "ENDED BY MANAGER - NOT PAID", o);
        case order_state::accepted:
        case order_state::sending:
        case order_state::on_terminal:
        case order_state::in_doubt:
        case order_state::paid:
        case order_state::unresolved: break;
    }
    return unsettled(o);  // whatever it calls itself: no evidence that nothing was paid
}

answer answer_to(const problem& p)
{
    if (!p.safe_to_retry) {
        if (p.code == result_code::number_in_use)
            return {code::unknown, "NUMBER IN USE - DO NOT RING AGAIN"};
        if (p.code == result_code::unknown_order)
            return {code::unknown, "NO SUCH TRANSACTION - CHECK NUMBER"};
        return {code::unknown, std::string{ask}};
    }
    switch (p.code) {
        case result_code::bad_command:
        case result_code::unknown_terminal:
        case result_code::too_long: return {code::bad_data, p.text};
        case result_code::unknown_order: return {code::not_available, "NO SUCH TRANSACTION"};
        case result_code::busy: return {code::not_available, "TERMINAL BUSY - TRY AGAIN"};
        case result_code::not_allowed: return {code::not_available, "NOT ALLOWED ON THIS LINK"};
        case result_code::journal_failed:
        case result_code::stopping: return {code::not_available, "BRIDGE NOT READY - TRY LATER"};
        case result_code::done:
        case result_code::pending:
        case result_code::declined:
        case result_code::cancelled:
        case result_code::expired:
        case result_code::rejected:
        case result_code::not_sent:
        case result_code::in_doubt:
        case result_code::unresolved:
        case result_code::mismatch:
        case result_code::resolved:
        case result_code::returned:
        case result_code::number_in_use:
        case result_code::refused:
        case result_code::internal: break;
    }
    return {code::refused, p.text};
}

answer answer_to(const done& d)
{
    if (d.what == "ping") return {code::ok, "LINK OK"};
    const auto total = [&](std::string_view name) -> std::optional<std::int64_t> {
        for (const auto& [key, value] : d.fields)
            if (key == name)
                if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
        return std::nullopt;
    };
    const auto payments = total("payments");
    const auto refunds = total("refunds");
    if (!payments || !refunds) return {code::ok, "DONE"};
    return {code::ok,
            plain("SALES " + std::to_string(*payments) + " " +
                      decimal(total("payments_amount").value_or(0)) + " REFUNDS " +
                      std::to_string(*refunds) + " " + decimal(total("refunds_amount").value_or(0)),
                  text_size)};
}

}  // namespace ecr::protocol::till::hypercom
