#include "tests/simulator/core.hpp"
#include "tests/simulator/trade_desk.hpp"

#include <algorithm>
#include <utility>

namespace ecr::simulator {
namespace {

constexpr std::int64_t txamt_max = 2'147'483'647;
constexpr std::string_view no_order = "The order doesn't exist";
constexpr std::string_view no_refundable =
    "Transaction doesn't exist or now isn't in operation time";

answer acknowledge(std::string_view respcd, std::string_view text)
{
    answer reply;
    reply.body = acknowledgement(respcd, text);
    return reply;
}

answer answer_of(const refusal& why)
{
    return acknowledge(why.respcd, why.text);
}

refusal unbound(std::string_view termid)
{
    return {"1106",
            "Termid " + std::string{termid} + " is unbounded, please login MchntApp to bind it!"};
}

/// 23:30 to 00:30 in QFPay's time, both ends in it. Source: contract 8.4, 13.10.
bool in_blackout(timestamp at)
{
    constexpr int from_minute = 23 * 60 + 30;
    constexpr int to_minute = 30;
    const auto minute = cloud_minute_of_day(at);
    return minute >= from_minute || minute <= to_minute;
}

/// "202407": months since year 0, for the reach of an enquiry by out_trade_no.
int month_of(timestamp at)
{
    const auto day = cloud_day(at);
    return std::stoi(day.substr(0, 4)) * 12 + std::stoi(day.substr(4, 2)) - 1;
}

refusal already_refunded(const settings& behaviour)
{
    switch (behaviour.refund_already) {
        case refund_already::code_1264: return {"1264", "wrong cancel"};
        case refund_already::code_1262: return {"1262", "Order already refunded"};
        case refund_already::code_1125: return {"1125", "Already refunded"};
        case refund_already::code_1272: return {"1272", "Refund exceeds refundable amount"};
    }
    return {};
}

}  // namespace

answer core::refuse_target(const wire_request& request, std::string_view path) const
{
    constexpr std::string_view apis[]{"/ecr/v1/", "/trade/v1/", "/settlement/v1/"};
    const bool known =
        std::ranges::any_of(apis, [&](std::string_view each) { return path.starts_with(each); });
    answer reply;
    if (!known) {
        reply = acknowledge("1103", "Not found");
        reply.http_status = 404;
    } else if (path.starts_with("/settlement/")) {
        if (request.method == "GET") return reply;
        reply = acknowledge("1103", "Malformed request: only GET");
        reply.http_status = 405;
    } else if (request.method != "POST") {
        reply = acknowledge("1103", "Malformed request: only POST");
        reply.http_status = 405;
    }
    return reply;
}

answer core::serve(const wire_request& request, const distortion& change)
{
    const auto path = std::string_view{request.target}.substr(0, request.target.find('?'));
    if (auto refused = refuse_target(request, path); refused.http_status != 200) return refused;
    signed_request checked;
    if (const auto refused = check_signature(request, behaviour, checked)) {
        if (refused->respcd == "1108") facts.note_signature_failure();
        return answer_of(*refused);
    }
    facts.note_signed(checked.app_code);
    auto reply = [&] {
        if (!path.starts_with("/ecr/")) return trade_->serve(path, checked, change);
        if (const auto refused = check_parameters(path, checked, behaviour))
            return answer_of(*refused);
        return call(path, checked, change);
    }();
    if (!change.respcd.empty()) {
        reply.body = acknowledgement(change.respcd, "Simulated answer");
        reply.body_then = nullptr;
    }
    reply.key = key_of(behaviour, checked.app_code);
    if (behaviour.signs_responses) {
        const bool sha = checked.algorithm == protocol::cloud::sign_algorithm::sha256 &&
                         behaviour.sha256_response == sha256_response::sha256;
        reply.signed_with =
            sha ? protocol::cloud::sign_algorithm::sha256 : protocol::cloud::sign_algorithm::md5;
    }
    return reply;
}

answer core::call(std::string_view path, const signed_request& request, const distortion& change)
{
    if (path == "/ecr/v1/payment/async") return payment(request);
    if (path == "/ecr/v1/refund/async") return refund(request);
    if (path == "/ecr/v1/cancel/async") return cancel(request);
    if (path == "/ecr/v1/print_receipt/async") return receipt(request);
    if (path == "/ecr/v1/print_summary/async") return summary(request);
    return enquiry(request, change);
}

refusal core::place(const transaction_ptr& entry, std::string_view success)
{
    const auto to = find_terminal(entry->termid);
    push_fact fact{.at = events->wall(),
                   .refund = entry->refund,
                   .out_trade_no = entry->out_trade_no,
                   .termid = entry->termid,
                   .amount_minor_units = entry->amount_minor_units,
                   .origssn = entry->original ? entry->original->syssn : "",
                   .terminal_was_busy = to && to->busy()};
    const auto outcome = [&]() -> refusal {
        auto& orders = merchant_of(entry->app_code).orders;
        const bool used = orders.is_used(entry->out_trade_no);
        const bool bound = to && to->bound();
        if (bound && used && behaviour.repeated_number == repeated_number::refuse_1102)
            return {"1102", "Duplicate request"};
        const bool lost = !bound && entry->refund && may_ask(entry->termid);
        const bool busy = bound && to->busy() && behaviour.busy_push == busy_push::refuse_1145;
        if (busy || (!bound && !lost)) {
            if (behaviour.refused_number == refused_number::used_up)
                orders.use_number(entry->out_trade_no);
            return busy ? refusal{"1145", "Terminal is processing, wait"} : unbound(entry->termid);
        }
        orders.use_number(entry->out_trade_no);
        entry->who = next_shopper(entry->termid, entry->out_trade_no, entry->amount_minor_units);
        orders.add(entry);
        // A terminal that nobody is logged in to takes no push; the cloud acknowledges all the
        // same.
        if (lost) return {"0000", std::string{success}};
        if (entry->original) entry->original->reserved_minor_units = entry->amount_minor_units;
        to->push(entry);
        return {"0000", std::string{success}};
    }();
    fact.respcd = outcome.respcd;
    facts.note(std::move(fact));
    return outcome;
}

answer core::payment(const signed_request& request)
{
    auto entry = std::make_shared<transaction>();
    entry->out_trade_no = request.at("out_trade_no");
    entry->termid = request.at("termid");
    entry->app_code = request.app_code;
    entry->via = *protocol::channel_of(request.at("channel"));
    entry->scan = *protocol::scan_type_of(request.at("scan_type"));
    entry->amount_minor_units = *number_within(request.at("txamt"), 1, txamt_max);
    const auto timeout_s = number_within(request.at("payment_timeout"), 1, 86'400);
    if (timeout_s) entry->timeout = std::chrono::seconds{*timeout_s};
    return answer_of(place(entry, "Order push success"));
}

std::optional<refusal> core::refuse_refund(std::int64_t wanted_minor_units,
                                           const transaction_ptr& of) const
{
    if (!of || of->refund) return refusal{"1136", std::string{no_refundable}};
    if (of->via == protocol::channel::octopus)
        return refusal{behaviour.octopus_refund_code, "Octopus does not support refund"};
    if (of->via == protocol::channel::fps && behaviour.fps_refund == fps_refund::refused_1155)
        return refusal{"1155", "Refund refused"};
    if (in_blackout(events->wall())) {
        if (behaviour.refund_blackout == refund_blackout::code_1136)
            return refusal{"1136", std::string{no_refundable}};
        return refusal{"1265", "Refund not allowed now (23:30-00:30)"};
    }
    if (of->outcome != truth::paid) return refusal{"1261", "Order not paid"};
    if (of->reserved_minor_units > 0)
        return refusal{behaviour.processing_refund_code, "You still have processing requests"};
    const auto left = of->amount_minor_units - of->refunded_minor_units;
    if (left <= 0) return already_refunded(behaviour);
    if (wanted_minor_units > left) return refusal{"1272", "Refund exceeds refundable amount"};
    const bool same_day = cloud_day(of->sysdtm) == cloud_day(events->wall());
    if (protocol::is_card(of->via) && same_day && wanted_minor_units != of->amount_minor_units)
        return refusal{"1124", "Same-day card refund must be the full amount"};
    return std::nullopt;
}

answer core::refund(const signed_request& request)
{
    const auto of = by_syssn(request);
    const auto termid = request.at("termid");
    const auto left = of ? of->amount_minor_units - of->refunded_minor_units : 0;
    const auto wanted = number_within(request.at("txamt"), 1, txamt_max).value_or(left);
    auto refused = refuse_refund(wanted, of);
    if (!may_ask(termid)) refused = unbound(termid);
    if (refused) {
        facts.note(push_fact{.at = events->wall(),
                             .refund = true,
                             .out_trade_no = std::string{request.at("out_trade_no")},
                             .termid = std::string{termid},
                             .amount_minor_units = wanted,
                             .origssn = std::string{request.at("syssn")},
                             .respcd = refused->respcd});
        return answer_of(*refused);
    }
    auto entry = std::make_shared<transaction>();
    entry->refund = true;
    entry->app_code = request.app_code;
    entry->original = of;
    entry->out_trade_no = request.at("out_trade_no");
    entry->termid = termid;
    entry->via = of->via;
    entry->scan = of->scan;
    entry->may_modify = request.at("allow_modify_flag") == "1";
    entry->amount_minor_units = wanted;
    return answer_of(place(entry, "Refund push success"));
}

answer core::cancel(const signed_request& request)
{
    const auto termid = request.at("termid");
    const auto to = find_terminal(termid);
    if (!to || !to->bound()) return answer_of(unbound(termid));
    const auto fact = facts.note(cancel_fact{.at = events->wall(), .termid = to->termid()});
    const bool idle = !to->busy();
    if (idle && behaviour.idle_cancel == idle_cancel::code_1136)
        return acknowledge("1136", no_order);
    to->cancel(fact);
    return acknowledge("0000", "Cancel push success");
}

answer core::receipt(const signed_request& request)
{
    if (!may_ask(request.at("termid"))) return answer_of(unbound(request.at("termid")));
    const auto entry = by_syssn(request);
    const bool known = entry && entry->out_trade_no == request.at("out_trade_no");
    if (!known || entry->outcome != truth::paid) return acknowledge("1136", no_order);
    return acknowledge("0000", "Print receipt push success");
}

answer core::summary(const signed_request& request)
{
    const auto to = find_terminal(request.at("termid"));
    if (!to || !to->bound()) return answer_of(unbound(request.at("termid")));
    return acknowledge("0000", "Print Summary push success");
}

answer core::enquiry(const signed_request& request, const distortion& change)
{
    facts.note_enquiry(request.at("out_trade_no"), events->now());
    if (!may_ask(request.at("termid"))) return answer_of(unbound(request.at("termid")));
    const auto entry = find(request);
    if (!entry) return acknowledge("1136", no_order);
    return row_of(*entry, change);
}

transaction_ptr core::by_syssn(const signed_request& request)
{
    auto entry = merchant_of(request.app_code).orders.by_syssn(request.at("syssn"));
    const bool hidden = entry && entry->by_trade && !behaviour.trade_in_ecr;
    return hidden ? nullptr : entry;
}

transaction_ptr core::find(const signed_request& request)
{
    if (!request.at("syssn").empty()) return by_syssn(request);
    auto entry = merchant_of(request.app_code).orders.by_number(request.at("out_trade_no"));
    if (entry && entry->by_trade && !behaviour.trade_in_ecr) return nullptr;
    if (!entry || entry->syssn.empty()) return entry;
    // By out_trade_no the cloud looks into this month and the last, by its own calendar.
    const auto age_in_months = month_of(events->wall()) - month_of(entry->sysdtm);
    return age_in_months <= 1 ? entry : nullptr;
}

answer core::row_of(const transaction& entry, const distortion& change) const
{
    const auto row = [&](const transaction& of, std::string_view respcd) {
        answer reply;
        reply.body = enquiry_with_row(of, respcd, behaviour, events->wall(), change);
        return reply;
    };
    // A terminal that has not shown it: the order does not exist yet, under every setting.
    if (entry.syssn.empty()) return acknowledge("1136", no_order);
    if (entry.stage == stage::shown || change.stale) {
        auto before = entry;
        before.stage = stage::shown;
        before.outcome = truth::none;
        switch (behaviour.busy_enquiry) {
            case busy_enquiry::not_found: return acknowledge("1136", no_order);
            case busy_enquiry::row_1143: return row(before, "1143");
            case busy_enquiry::row_1145: return row(before, "1145");
        }
    }
    if (entry.stage == stage::in_process) return row(entry, "1143");
    const bool unpaid = entry.outcome != truth::paid;
    if (unpaid && behaviour.ended_unpaid == ended_unpaid::no_row)
        return acknowledge("1136", no_order);
    return row(entry, entry.respcd);
}

}  // namespace ecr::simulator
