#include "protocol/order/evidence.hpp"

#include "protocol/cloud/response_code.hpp"
#include "protocol/order/evidence_text.hpp"
#include "protocol/redact.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol {
namespace {

using cloud::response_class;

// The clocks of QFPay's machines among each other, not ours against theirs.
constexpr std::chrono::minutes row_time_slack{2};

evidence no_information(std::string reason)
{
    evidence found;
    found.reason = std::move(reason);
    return found;
}

/// Reads the envelope of an enquiry, or says in `found` why there is none worth reading.
std::optional<cloud::enquiry_answer> open_envelope(const cloud_reply& reply, evidence& found)
{
    if (reply.how != transport::answered || reply.http_status != http_ok) {
        found = no_information(transport_reason(reply));
        return std::nullopt;
    }
    auto answer = cloud::read_enquiry(reply.body);
    if (!answer) {
        found = no_information("unreadable answer from the cloud");
        return std::nullopt;
    }
    found.reached = true;
    found.confirm = reply.bad_signature;
    found.respcd = answer->respcd;
    found.reason = described(answer->respcd, answer->resperr);
    if (answer->respcd == "0000") return std::move(*answer);

    // The code of the enquiry itself. It says nothing of how the transaction ended.
    if (answer->respcd == "1136" || answer->respcd == "1268") found.what = finding::not_found;
    if (answer->respcd == "1143") found.what = finding::pending;
    if (answer->respcd == "1145") found.what = finding::processing;
    if (answer->respcd == "1106") found.other_terminal = true;
    return std::nullopt;
}

transaction_facts facts_of(const cloud::transaction_row& row, bool matched_by_question)
{
    return {.syssn = row.syssn,
            .respcd = row.respcd,
            .sysdtm = row.sysdtm,
            .busicd = row.busicd,
            .chnlsn = row.chnlsn,
            .card = masked_card(row.cardno),
            .card_scheme = row.cardscheme,
            .matched_by_question = matched_by_question};
}

bool same_money(const order& of, const cloud::transaction_row& row)
{
    return row.txamt == of.amount_minor_units && cloud::same_currency(row.txcurrcd, of.currency);
}

enum class ownership { ours, ours_by_question, not_ours, twice };

/// Whether a row that does not carry our number may still be ours. Source: contract 13.1.
bool ours_by_question(const order& of, const cloud::transaction_row& row,
                      const enquiry_context& context)
{
    if (row.syssn.empty() || !same_money(of, row)) return false;
    // A paid order has its transaction; this one is a later sale of the same price.
    if (of.state == order_state::paid && !of.facts.syssn.empty()) return false;
    if (!context.syssn_owner.empty() && context.syssn_owner != of.out_trade_no) return false;
    const auto at = parse_cloud_time(row.sysdtm);
    if (!at) return false;
    // Both times are QFPay's where possible: our own clock may be wrong by hours.
    const auto server = parse_cloud_time(row.server_time);
    const auto asked_at = server ? *server : context.now;
    return *at >= asked_at - context.age - row_time_slack && *at <= asked_at + row_time_slack;
}

ownership owner_of(const order& of, const cloud::transaction_row& row,
                   const enquiry_context& context)
{
    const bool known = !of.facts.syssn.empty() && row.syssn == of.facts.syssn;
    if (row.out_trade_no == of.out_trade_no) {
        const bool other_transaction =
            of.state == order_state::paid && !of.facts.syssn.empty() && !known;
        return other_transaction ? ownership::twice : ownership::ours;
    }
    if (known) return ownership::ours;
    if (row.out_trade_no.empty() && ours_by_question(of, row, context))
        return ownership::ours_by_question;
    return ownership::not_ours;
}

/// What the transaction's own code says, for a row that is ours.
void judge_row(const order& of, const cloud::transaction_row& row, evidence& found)
{
    found.respcd = row.respcd;
    const auto& code = cloud::response_code_of(row.respcd);
    found.reason = described(row.respcd, {});
    switch (code.cls) {
        case response_class::final_success:
            found.what = same_money(of, row) ? finding::paid : finding::mismatch;
            if (found.what == finding::mismatch)
                found.reason = "the cloud reports success for another amount or currency: " +
                               (row.txamt ? std::to_string(*row.txamt) : "no amount") + " " +
                               without_card_numbers(row.txcurrcd);
            return;
        case response_class::final_failure:
            found.what = ended_unpaid(row.respcd);
            found.confirm = found.confirm || code.confirm;
            return;
        case response_class::config_error:
            // Not executed, says the table; as a transaction's code it is rare enough to be asked
            // for twice.
            found.what = finding::declined;
            found.confirm = true;
            return;
        case response_class::pending_query:
        case response_class::transient:
            found.what = row.respcd == "1145" ? finding::processing : finding::pending;
            return;
    }
}

}  // namespace

push_verdict judge_push(order_kind kind, const cloud_reply& reply)
{
    if (auto silent = judge_silence(reply)) return std::move(*silent);
    const auto answer = cloud::read_acknowledgement(reply.body);
    if (!answer) return {.event = order_event::doubt, .reason = "unreadable answer from the cloud"};
    auto verdict = judge_code(reply, answer->respcd, answer->resperr);
    if (reply.bad_signature) return verdict;
    if (answer->respcd == "0000") {
        verdict.event = order_event::push;
        return verdict;
    }
    const auto& code = cloud::response_code_of(answer->respcd);
    const bool executed_nothing = code.cls == response_class::config_error ||
                                  code.cls == response_class::transient ||
                                  code.cls == response_class::final_failure;
    const bool check_first =
        kind == order_kind::refund && is_refund_refusal_to_check(answer->respcd);
    if (executed_nothing && !code.confirm && !check_first) verdict.event = order_event::refuse;
    verdict.number_unwanted =
        kind == order_kind::refund && verdict.event == order_event::refuse &&
        (answer->respcd == "1103" || answer->respcd == "1104" || answer->respcd == "1108") &&
        answer->resperr.find("out_trade_no") != std::string::npos;
    return verdict;
}

bool is_refund_refusal_to_check(std::string_view code) noexcept
{
    constexpr auto codes =
        std::to_array<std::string_view>({"1136", "1268", "1264", "1262", "1125", "1272"});
    return std::ranges::find(codes, code) != codes.end();
}

bool cancel_was_heard(const cloud_reply& reply)
{
    if (reply.how != transport::answered || reply.http_status != http_ok) return false;
    const auto answer = cloud::read_acknowledgement(reply.body);
    return answer && (answer->respcd == "0000" || answer->respcd == "1136");
}

std::string syssn_to_look_up(const order& of, const cloud_reply& reply)
{
    evidence ignored;
    const auto answer = open_envelope(reply, ignored);
    if (!answer || !answer->row) return {};
    if (answer->row->out_trade_no == of.out_trade_no || answer->row->syssn == of.facts.syssn)
        return {};
    return answer->row->syssn;
}

evidence judge_enquiry(const order& of, const cloud_reply& reply, const enquiry_context& context)
{
    evidence found;
    const auto answer = open_envelope(reply, found);
    if (!answer) return found;
    if (!answer->row) {
        found.reason = "the cloud's answer is empty";
        return found;
    }
    const auto& row = *answer->row;
    const bool refund_row = row.tradetp == "refund";
    if (refund_row != (of.kind == order_kind::refund)) {
        found.reason = "the cloud's answer is about another kind of transaction";
        return found;
    }
    if (of.kind == order_kind::refund && !row.origssn.empty() && row.origssn != of.of_syssn) {
        found.reason = "the cloud's answer is about the refund of another payment";
        return found;
    }
    switch (owner_of(of, row, context)) {
        case ownership::not_ours:
            found.reason = "the cloud's answer is about another order";
            return found;
        case ownership::twice:
            found.what = finding::mismatch;
            found.reason = "a second transaction under this number: " + row.syssn;
            return found;
        case ownership::ours: found.facts = facts_of(row, false); break;
        case ownership::ours_by_question: found.facts = facts_of(row, true); break;
    }
    if (of.kind == order_kind::payment) found.refundable = row.allow_refund_amt;
    judge_row(of, row, found);
    const auto at = parse_cloud_time(row.sysdtm);
    const auto server = parse_cloud_time(row.server_time);
    const auto asked_at = server ? *server : context.now;
    if (found.what == finding::paid && number_was_used(of) && at &&
        *at < asked_at - context.age - older_by) {
        found.what = finding::mismatch;
        found.reason = "an older payment has this number: " + row.syssn + " of " + row.sysdtm;
    }
    return found;
}

refundable_reading read_refundable(const order& refund, const cloud_reply& reply)
{
    evidence found;
    const auto answer = open_envelope(reply, found);
    refundable_reading reading{.reached = found.reached,
                               .other_terminal = found.other_terminal,
                               .respcd = found.respcd,
                               .reason = found.reason};
    if (!answer || !answer->row) return reading;
    const auto& row = *answer->row;
    if (row.syssn != refund.of_syssn || row.tradetp == "refund" || row.respcd != "0000") {
        reading.reason = "the cloud's answer is not about the payment";
        return reading;
    }
    if (row.allow_refund_amt && *row.allow_refund_amt >= 0) reading.amount = row.allow_refund_amt;
    return reading;
}

evidence judge_refund_by_payment(const order& refund, const cloud_reply& reply)
{
    const auto reading = read_refundable(refund, reply);
    evidence found{.reached = reading.reached,
                   .other_terminal = reading.other_terminal,
                   .respcd = reading.respcd,
                   .reason = reading.reason};
    if (!reading.amount || !refund.refundable_before) return found;

    found.confirm = reply.bad_signature;
    found.refundable = reading.amount;
    const auto fall = *refund.refundable_before - *reading.amount;
    if (fall == refund.amount_minor_units) {
        found.what = finding::paid;
        // One fall may be taken back; two enquiries apart must agree. Source: contract 13.8.
        found.confirm = true;
        found.reason = "the refundable amount fell by the refund";
    } else if (fall == 0) {
        found.what = finding::not_found;
        found.untouched = true;
        found.reason = "the refundable amount has not changed";
    } else {
        found.what = finding::mismatch;
        found.confirm = true;
        found.reason =
            "the refundable amount changed by " + std::to_string(fall) + ", not by the refund";
    }
    return found;
}

}  // namespace ecr::protocol
