#include "tests/simulator/trade_desk.hpp"

#include "tests/simulator/trade_check.hpp"
#include "tests/simulator/trade_pay_type.hpp"
#include "tests/simulator/trade_rows.hpp"

namespace ecr::simulator {
namespace {

constexpr std::int64_t txamt_max = 2'147'483'647;
constexpr std::int64_t expired_time_default_min = 30;

answer with_body(std::string body)
{
    return {.body = std::move(body), .signed_with = {}};
}

milliseconds window_of(const signed_request& request, const trade_pay_type& type,
                       const settings& behaviour)
{
    if (type.mode == pay_mode::customer_code) return behaviour.cpm_window;
    if (const auto seconds = number_within(request.at("valid_time"), 1, 86'400))
        return std::chrono::seconds{*seconds};
    const auto minutes = number_within(request.at("expired_time"), 1, 1'440);
    return std::chrono::minutes{minutes.value_or(expired_time_default_min)};
}

transaction_ptr payment_of(const signed_request& request, const settings& behaviour)
{
    const auto& type = *trade_pay_type_of(request.at("pay_type"));
    auto entry = std::make_shared<transaction>();
    entry->by_trade = true;
    entry->app_code = request.app_code;
    entry->out_trade_no = request.at("out_trade_no");
    entry->pay_type = type.code;
    entry->via = type.via;
    entry->scan = type.mode == pay_mode::customer_code ? protocol::scan_type::scan_pay
                                                       : protocol::scan_type::qrcode_pay;
    entry->amount_minor_units = *number_within(request.at("txamt"), 1, txamt_max);
    if (!request.at("txcurrcd").empty()) entry->txcurrcd = request.at("txcurrcd");
    entry->txdtm = request.at("txdtm");
    entry->goods_name = request.at("goods_name");
    if (entry->goods_name.empty()) entry->goods_name = request.at("product_name");
    entry->mchid = request.at("mchid");
    entry->udid = request.at("udid");
    entry->auth_code = request.at("auth_code");
    entry->notify_url = request.at("notify_url");
    entry->timeout = window_of(request, type, behaviour);
    return entry;
}

/// Whether a shopper ends it by himself, so that a reply can wait for it.
bool acts_soon(act does)
{
    return does == act::pays || does == act::cancel_loses || does == act::declines ||
           does == act::cancels_at_terminal;
}

}  // namespace

answer trade_desk::serve(std::string_view path, const signed_request& request,
                         const distortion& change)
{
    if (const auto refused = check_trade_parameters(path, request, inside_.behaviour))
        return refuse(*refused, request);
    if (path == "/trade/v1/payment") return payment(request);
    if (path == "/trade/v1/refund") return refund(request);
    if (path == "/trade/v1/close") return undo(request, true);
    if (path == "/trade/v1/reversal") return undo(request, false);
    if (path == "/trade/v1/query") return query(request, change);
    return settlement(request);
}

answer trade_desk::refuse(const refusal& why, const signed_request& request) const
{
    return with_body(trade_refusal(why, request, inside_.events->wall()));
}

refusal trade_desk::repeated_number() const
{
    if (inside_.behaviour.trade_repeated_number == trade_repeated_number::code_2011)
        return {"2011", "Transaction serial number repeated"};
    return {"1251", "Do not use duplicate out_trade_no for request"};
}

void trade_desk::note_push(const transaction& entry, const signed_request& request,
                           std::string_view respcd)
{
    inside_.facts.note(push_fact{.at = inside_.events->wall(),
                                 .refund = entry.refund,
                                 .out_trade_no = entry.out_trade_no,
                                 .termid = "",
                                 .amount_minor_units = entry.amount_minor_units,
                                 .origssn = entry.original ? entry.original->syssn : "",
                                 .respcd = std::string{respcd},
                                 .parameters = request.parameters});
}

answer trade_desk::payment(const signed_request& request)
{
    auto& merchant = inside_.merchant_of(request.app_code);
    const auto entry = payment_of(request, inside_.behaviour);
    if (merchant.orders.is_used(entry->out_trade_no)) {
        const auto why = repeated_number();
        note_push(*entry, request, why.respcd);
        return refuse(why, request);
    }
    merchant.orders.use_number(entry->out_trade_no);
    entry->who = inside_.next_shopper("", entry->out_trade_no, entry->amount_minor_units);
    merchant.orders.add(entry);
    const bool by_code = entry->scan == protocol::scan_type::scan_pay;
    if (by_code && !merchant.used_codes.insert(entry->auth_code).second)
        entry->who = {.does = act::declines, .after = milliseconds{0}, .respcd = "1202"};
    if (by_code) return customer_code_reply(entry, request);
    wallet_.begin(entry, false);
    note_push(*entry, request, "0000");
    return with_body(payment_reply(*entry, inside_.behaviour));
}

answer trade_desk::customer_code_reply(const transaction_ptr& entry, const signed_request& request)
{
    const auto& behaviour = inside_.behaviour;
    const bool used_code = entry->who.after == milliseconds{0};
    const bool soon = acts_soon(entry->who.does);
    const bool at_once =
        used_code || (soon && behaviour.cpm_reply == cpm_reply::at_once && !entry->who.after);
    const bool waits = soon && !at_once && behaviour.cpm_reply == cpm_reply::waits_for_shopper;
    wallet_.begin(entry, at_once);
    note_push(*entry, request, entry->stage == stage::ended ? entry->respcd : "1143");
    auto reply = with_body(payment_reply(*entry, behaviour));
    if (!waits) return reply;
    // A moment after the shopper: the two clocks' entries have no order among themselves.
    reply.hold = wallet_.delay_of(*entry) + milliseconds{1};
    reply.body_then = [this, entry] { return payment_reply(*entry, inside_.behaviour); };
    return reply;
}

answer trade_desk::refund(const signed_request& request)
{
    auto& orders = inside_.merchant_of(request.app_code).orders;
    const auto& behaviour = inside_.behaviour;
    auto entry = std::make_shared<transaction>();
    entry->by_trade = true;
    entry->refund = true;
    entry->app_code = request.app_code;
    entry->original = orders.by_syssn(request.at("syssn"));
    entry->out_trade_no = request.at("out_trade_no");
    entry->amount_minor_units = *number_within(request.at("txamt"), 1, txamt_max);
    entry->txdtm = request.at("txdtm");
    entry->udid = request.at("udid");

    const bool repeated = orders.is_used(entry->out_trade_no);
    auto refused = inside_.refuse_refund(entry->amount_minor_units, entry->original);
    if (repeated) refused = repeated_number();
    if (refused) {
        note_push(*entry, request, refused->respcd);
        if (!repeated && behaviour.refused_number == refused_number::used_up)
            orders.use_number(entry->out_trade_no);
        return refuse(*refused, request);
    }
    entry->via = entry->original->via;
    entry->scan = entry->original->scan;
    entry->pay_type = busicd_of(*entry->original, behaviour);
    entry->txcurrcd = entry->original->txcurrcd;
    entry->mchid = entry->original->mchid;
    entry->notify_url = entry->original->notify_url;
    orders.use_number(entry->out_trade_no);
    entry->who = inside_.next_shopper("", entry->out_trade_no, entry->amount_minor_units);
    orders.add(entry);
    entry->original->reserved_minor_units = entry->amount_minor_units;
    const bool no_later = behaviour.trade_refund_reply == trade_refund_reply::code_0000;
    const bool declines = entry->who.does == act::declines;
    wallet_.begin(entry, acts_soon(entry->who.does) && !entry->who.after && (no_later || declines));
    auto reply = with_body(refund_reply(*entry, behaviour));
    note_push(*entry, request, entry->stage == stage::ended ? entry->respcd : "1143");
    return reply;
}

}  // namespace ecr::simulator
