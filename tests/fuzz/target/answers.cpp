// The cloud's answers, and what they may prove about an order.
#include "protocol/cloud/ecr_api.hpp"
#include "protocol/cloud/tolerant_json.hpp"
#include "protocol/cloud/trade_api.hpp"
#include "protocol/json.hpp"
#include "protocol/order/direct_evidence.hpp"
#include "protocol/order/evidence.hpp"
#include "protocol/order/reconciliation.hpp"
#include "tests/fuzz/script.hpp"

#include <array>

namespace ecr::fuzz {
namespace {

using namespace protocol;
using namespace protocol::cloud;

constexpr std::string_view number = "BR-20240704-000001";
constexpr std::string_view syssn = "20240704180500020000018000";
constexpr std::int64_t amount = 511;

order asked_about(order_kind kind, order_state state, order_route route)
{
    order o;
    o.kind = kind;
    o.out_trade_no = number;
    o.terminal = "235C503";
    o.amount_minor_units = amount;
    o.state = state;
    o.route = route;
    o.pay_type = route == order_route::direct ? "800208" : "";
    o.txdtm = "2024-07-04 15:10:30";
    o.created_at = parse_cloud_time(o.txdtm).value();
    o.sent_at = o.created_at;
    if (state == order_state::paid) o.facts.syssn = syssn;
    if (kind == order_kind::refund) {
        o.out_trade_no = "R-" + std::string{number};
        o.of = number;
        o.of_syssn = syssn;
        o.refundable_before = amount * 2;
    }
    return o;
}

bool mentions(std::string_view body, std::string_view what)
{
    // A name may be spelled with escapes.
    return body.find(what) != body.npos || body.find('\\') != body.npos;
}

/// Paid needs positive evidence, whatever the bytes are.
std::string fault_of_paid(const order& of, const cloud_reply& reply, bool by_question)
{
    if (reply.how != transport::answered || reply.http_status != 200)
        return "paid without an answer";
    if (!mentions(reply.body, std::to_string(of.amount_minor_units)))
        return "paid, and the amount stands nowhere";
    // A bare 0 is 0000 with its zeros lost.
    if (!mentions(reply.body, "0")) return "paid without a 0000";
    if (by_question) return {};
    if (!mentions(reply.body, of.out_trade_no) &&
        (of.facts.syssn.empty() || !mentions(reply.body, of.facts.syssn)))
        return "paid, and the order is not named";
    return {};
}

std::string fault_of_push(const push_verdict& verdict, const order& of, const cloud_reply& reply)
{
    switch (verdict.event) {
        case order_event::pay:
            if (of.route == order_route::terminal) return "a push that was paid at once";
            if (reply.bad_signature) return "paid by an answer that is not believed";
            return fault_of_paid(of, reply, false);
        case order_event::not_sent:
            return reply.how == transport::not_sent ? "" : "not sent, and something came back";
        case order_event::push:
        case order_event::refuse:
        case order_event::decline:
            if (reply.how != transport::answered) return "an end without an answer";
            return reply.bad_signature ? "an answer that is not believed decides" : "";
        case order_event::doubt: return {};
        default: return "a push cannot do that";
    }
}

std::string fault_of_enquiry(const evidence& found, const order& of, const cloud_reply& reply)
{
    if (found.what == finding::nothing) return {};
    if (reply.how != transport::answered || reply.http_status != 200)
        return "something was found in no answer";
    if (reply.bad_signature && !found.confirm && found.what != finding::mismatch)
        return "an answer that is not believed counts at once";
    if (found.what != finding::paid) return {};
    const bool by_question = found.facts && found.facts->matched_by_question;
    // The drop of the refundable amount, which names the payment.
    if (of.kind == order_kind::refund && found.confirm && !found.facts)
        return mentions(reply.body, of.of_syssn) ? "" : "refunded, and the payment is not named";
    return fault_of_paid(of, reply, by_question);
}

/// No piece of an answer is an answer.
template <class Read>
std::string fault_of_pieces(Read read, std::string_view body)
{
    const auto end = body.rfind('}');
    if (end == body.npos || !read(body)) return {};
    for (const auto size : {end, end / 2, end / 3})
        if (read(body.substr(0, size))) return "a piece of an answer is an answer";
    return {};
}

/// The first byte says how the answer came, the rest is its body.
cloud_reply reply_in(script& in)
{
    const auto how = in.number();
    constexpr auto statuses = std::to_array<unsigned>({200, 200, 200, 200, 429, 500, 302, 404});
    cloud_reply reply;
    reply.how = how < 240 ? transport::answered
                          : (how % 2 == 0 ? transport::no_answer : transport::not_sent);
    reply.http_status = statuses[how % statuses.size()];
    reply.bad_signature = (how & 0x20U) != 0;
    reply.body = in.rest();
    return reply;
}

constexpr auto states = std::to_array<order_state>(
    {order_state::sending, order_state::on_terminal, order_state::in_doubt, order_state::paid});

}  // namespace

std::string ecr_answer(bytes input)
{
    script in{input};
    const auto reply = reply_in(in);
    for (const auto kind : {order_kind::payment, order_kind::refund}) {
        const auto fresh = asked_about(kind, order_state::sending, order_route::terminal);
        if (auto fault = fault_of_push(judge_push(kind, reply), fresh, reply); !fault.empty())
            return fault;
        for (const auto state : states) {
            const auto of = asked_about(kind, state, order_route::terminal);
            const enquiry_context context{
                .age = std::chrono::minutes{4},
                .now = of.created_at + std::chrono::minutes{4},
                .syssn_owner = syssn_to_look_up(of, reply).empty() ? "" : "somebody-else"};
            if (auto fault = fault_of_enquiry(judge_enquiry(of, reply, context), of, reply);
                !fault.empty())
                return fault;
        }
        if (kind != order_kind::refund) continue;
        auto fault = fault_of_enquiry(judge_refund_by_payment(fresh, reply), fresh, reply);
        if (!fault.empty()) return fault;
    }
    (void)cancel_was_heard(reply);
    if (auto fault = fault_of_pieces(read_enquiry, reply.body); !fault.empty()) return fault;
    return fault_of_pieces(read_acknowledgement, reply.body);
}

std::string trade_answer(bytes input)
{
    script in{input};
    const auto reply = reply_in(in);
    for (const auto kind : {order_kind::payment, order_kind::refund})
        for (const auto state : states) {
            const auto of = asked_about(kind, state, order_route::direct);
            auto fault = fault_of_push(judge_direct(of, reply), of, reply);
            if (!fault.empty()) return fault;
            fault = fault_of_enquiry(judge_direct_rows(of, reply), of, reply);
            if (!fault.empty()) return fault;
            if (judge_untouched(of, reply).what == finding::paid) return "untouched is not paid";
        }
    (void)judge_undo(reply);
    if (const auto list = read_trade_list(reply.body)) {
        const std::array ours{
            asked_about(order_kind::payment, order_state::paid, order_route::direct),
            asked_about(order_kind::refund, order_state::paid, order_route::direct)};
        const record_period day{.from = ours[0].created_at - std::chrono::hours{24},
                                .before = ours[0].created_at + std::chrono::hours{24}};
        const auto compared = reconcile(ours, list->rows, day);
        if (compared.differences.size() > list->rows.size() * 2 + ours.size())
            return "more differences than there are rows";
    }
    if (auto fault = fault_of_pieces(read_trade_list, reply.body); !fault.empty()) return fault;
    return fault_of_pieces(read_trade_answer, reply.body);
}

std::string settlement(bytes input)
{
    script in{input};
    const auto body = in.rest();
    if (const auto answer = read_settlement(body)) {
        std::size_t size = 0;
        for (const auto& row : answer->rows)
            for (const auto& [name, value] : row)
                size += name.size() + value.size();
        // An escape of six bytes is at most three, and a byte becomes at most two when a nested
        // value is written as text; a bad one three.
        if (size > body.size() * 6 + 64) return "more than there was";
    }
    return fault_of_pieces(read_settlement, body);
}

std::string tolerant_json(bytes input)
{
    script in{input};
    const auto body = in.rest();
    const auto as_text = with_numbers_as_text(body);
    if (as_text.size() > 2 * body.size() + 2) return "more than there was";
    if (with_numbers_as_text(as_text) != as_text) return "quotes around quotes";
    const auto strict = parse_json(body);
    const auto tolerant = parse_tolerantly(body);
    if (strict && !tolerant) return "what is JSON cannot be read";
    if (!tolerant || !tolerant->is_object()) return {};
    for (const auto& [name, value] : tolerant->items()) {
        const auto text = text_in(*tolerant, name);
        const auto whole = integer_in(*tolerant, name);
        if (whole && *whole < 0) return "a negative amount";
        if (whole && text.find(std::to_string(*whole)) == text.npos) return "another number";
        if (value.is_string() && text != value.get_ref<const std::string&>()) return "another text";
        const auto code = code_in(*tolerant, name);
        if (code.size() < text.size()) return "a code that has lost something";
        if (strict && strict->is_object() && strict->contains(name) &&
            (*strict)[name].is_string() && (*strict)[name] != value)
            return "a text that has changed";
    }
    return {};
}

}  // namespace ecr::fuzz
