#include "protocol/order/direct_evidence.hpp"

#include "protocol/cloud/currency.hpp"
#include "protocol/cloud/response_code.hpp"
#include "protocol/order/evidence_text.hpp"
#include "protocol/redact.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace ecr::protocol {
namespace {

using cloud::pay_mode;
using cloud::response_class;
using cloud::trade_answer;
using cloud::trade_row;

template <class Codes>
bool one_of(std::string_view code, const Codes& codes)
{
    return std::ranges::find(codes, code) != codes.end();
}

transaction_facts facts_of(const trade_answer& answer)
{
    return {.syssn = answer.syssn,
            .respcd = answer.respcd,
            .sysdtm = answer.sysdtm,
            .busicd = answer.pay_type,
            .chnlsn = answer.chnlsn,
            .shown = answer.presented()};
}

transaction_facts facts_of(const trade_row& row)
{
    return {.syssn = row.syssn,
            .respcd = row.respcd,
            .sysdtm = row.sysdtm,
            .busicd = row.pay_type,
            .chnlsn = row.chnlsn};
}

/// Amount and currency. Rows of 2017 carry no currency, and then nothing contradicts ours.
template <class Record>
bool same_money(const order& of, const Record& record)
{
    return record.txamt == of.amount_minor_units &&
           (record.txcurrcd.empty() || cloud::same_currency(record.txcurrcd, of.currency));
}

/// Whether the answer to a call that moves money at once proves that it has.
bool proves_payment(const order& of, const trade_answer& answer)
{
    const bool ours = answer.out_trade_no == of.out_trade_no && !answer.syssn.empty();
    const bool of_payment = of.kind == order_kind::payment || answer.orig_syssn.empty() ||
                            answer.orig_syssn == of.of_syssn;
    return ours && of_payment && same_money(of, answer);
}

/// 0000, believed.
void judge_success(const order& of, const trade_answer& answer, push_verdict& verdict)
{
    verdict.event = order_event::push;
    const auto mode = cloud::mode_of(of.pay_type).value_or(pay_mode::web);
    const bool moves_money = of.kind == order_kind::refund || mode == pay_mode::customer_code;
    if (moves_money) {
        // Without a match it is left to the enquiry: that finds the truth, or the mismatch.
        if (proves_payment(of, answer)) verdict.event = order_event::pay;
        return;
    }
    if (answer.presented().empty()) {
        verdict.event = order_event::doubt;
        verdict.reason = "the cloud made the order and sent nothing to show to the customer";
    }
}

bool is_undecided(std::string_view code)
{
    constexpr auto codes = std::to_array<std::string_view>({"1143", "1145", "2999"});
    return one_of(code, codes);
}

/// A code that is neither success nor "still going on".
void judge_refusal(const order& of, std::string_view respcd, push_verdict& verdict)
{
    const auto& code = cloud::response_code_of(respcd);
    const bool check_first = of.kind == order_kind::refund && is_refund_refusal_to_check(respcd);
    if (code.confirm || check_first) return;  // stays in doubt, and the enquiry decides
    if (code.cls == response_class::config_error || code.cls == response_class::transient)
        verdict.event = order_event::refuse;
    if (code.cls != response_class::final_failure) return;
    const bool customer_said_no =
        of.kind == order_kind::payment && cloud::mode_of(of.pay_type) == pay_mode::customer_code;
    verdict.event = customer_said_no ? order_event::decline : order_event::refuse;
}

// --- Lists ------------------------------------------------------------------------------------

bool is_ours(const order& of, const trade_row& row)
{
    const bool refund = row.order_type == "refund";
    if (refund != (of.kind == order_kind::refund) || row.order_type == "close") return false;
    if (!of.facts.syssn.empty() && row.syssn == of.facts.syssn) return true;
    if (row.out_trade_no != of.out_trade_no) return false;
    return !refund || row.origssn.empty() || of.of_syssn.empty() || row.origssn == of.of_syssn;
}

bool went_back(const trade_row& row)
{
    // 5 is a part of it (contract 4.6): then what is left is still paid.
    return row.cancel.value_or(0) != 0 && row.cancel != 5;
}

/// Several payments under one number: the customer has paid twice.
void note_second_payment(const std::vector<const trade_row*>& succeeded, evidence& found)
{
    const auto& first = *succeeded.front();
    const auto another = std::ranges::find_if(succeeded, [&](const trade_row* row) {
        return row->syssn != first.syssn && !went_back(*row);
    });
    if (another == succeeded.end()) return;
    found.needs = attention::paid_twice;
    found.reason += ", and a second payment under this number: " + (*another)->syssn;
}

void judge_succeeded(const order& of, std::vector<const trade_row*> succeeded, evidence& found)
{
    const auto known = [&](const trade_row* row) { return row->syssn == of.facts.syssn; };
    const auto kept = [&](const trade_row* row) {
        return same_money(of, *row) && !went_back(*row);
    };
    // What the shop still has first, and of that what we know already.
    std::stable_partition(succeeded.begin(), succeeded.end(), known);
    std::stable_partition(succeeded.begin(), succeeded.end(), kept);
    const auto& row = *succeeded.front();
    found.facts = facts_of(row);
    found.respcd = row.respcd;
    found.reason = described(row.respcd, {});
    if (!same_money(of, row)) {
        found.what = finding::mismatch;
        found.reason = "the cloud reports success for another amount or currency: " +
                       (row.txamt ? std::to_string(*row.txamt) : "no amount") + " " +
                       without_card_numbers(row.txcurrcd);
        return;
    }
    if (of.kind == order_kind::payment && went_back(row)) {
        found.what = finding::returned;
        found.reason = went_back_reason;
        return;
    }
    const auto at = parse_cloud_time(row.sysdtm);
    const auto asked_at = parse_cloud_time(of.txdtm);
    if (number_was_used(of) && at && asked_at && *at < *asked_at - older_by) {
        found.what = finding::mismatch;
        found.reason = "an older payment has this number: " + row.syssn + " of " + row.sysdtm;
        return;
    }
    found.what = finding::paid;
    if (of.kind == order_kind::payment) note_second_payment(succeeded, found);
}

/// No row succeeded. One that is still open keeps the order open; else the newest failure counts.
void judge_others(const std::vector<const trade_row*>& ours, evidence& found)
{
    const trade_row* newest = ours.front();
    bool all_failed = true;
    for (const auto* row : ours) {
        const auto cls = cloud::class_of(row->respcd);
        const bool failed =
            cls == response_class::final_failure || cls == response_class::config_error;
        if (!failed) {
            newest = all_failed ? row : newest;
            all_failed = false;
        } else if (all_failed && row->sysdtm > newest->sysdtm) {
            newest = row;
        }
    }
    const auto& code = cloud::response_code_of(newest->respcd);
    found.facts = facts_of(*newest);
    found.respcd = newest->respcd;
    found.reason = described(newest->respcd, newest->errmsg);
    if (all_failed) {
        found.what = ended_unpaid(newest->respcd);
        found.confirm = found.confirm || code.confirm || code.cls == response_class::config_error;
        return;
    }
    found.what = newest->respcd == "1145" ? finding::processing : finding::pending;
}

}  // namespace

push_verdict judge_direct(const order& of, const cloud_reply& reply)
{
    if (auto silent = judge_silence(reply)) return std::move(*silent);
    const auto answer = cloud::read_trade_answer(reply.body);
    if (!answer) return {.event = order_event::doubt, .reason = "unreadable answer from the cloud"};
    auto verdict = judge_code(reply, answer->respcd, answer->resperr);
    if (reply.bad_signature) return verdict;
    // Another order's answer tells nothing about this one.
    if (!answer->out_trade_no.empty() && answer->out_trade_no != of.out_trade_no) {
        verdict.reason = "the cloud's answer is about another order";
        verdict.respcd.clear();
        return verdict;
    }
    if (answer->respcd == "0000")
        judge_success(of, *answer, verdict);
    else if (is_undecided(answer->respcd))
        verdict.event = order_event::push;
    else
        judge_refusal(of, answer->respcd, verdict);
    // A repeated number is answered with the ids of whoever used it first.
    const bool about_us = verdict.event == order_event::push || verdict.event == order_event::pay;
    if (about_us || !answer->presented().empty()) verdict.facts = facts_of(*answer);
    return verdict;
}

evidence judge_direct_rows(const order& of, const cloud_reply& reply)
{
    evidence found;
    if (reply.how != transport::answered || reply.http_status != http_ok) {
        found.reason = transport_reason(reply);
        return found;
    }
    const auto list = cloud::read_trade_list(reply.body);
    if (!list) {
        found.reason = "unreadable answer from the cloud";
        return found;
    }
    found.reached = true;
    found.confirm = reply.bad_signature;
    found.respcd = list->respcd;
    found.reason = described(list->respcd, list->resperr);
    if (list->respcd != "0000") {
        // The code of the enquiry itself. It says nothing of how the transaction ended.
        if (list->respcd == "1143") found.what = finding::pending;
        if (list->respcd == "1145") found.what = finding::processing;
        return found;
    }
    std::vector<const trade_row*> ours;
    std::vector<const trade_row*> succeeded;
    for (const auto& row : list->rows) {
        if (!is_ours(of, row)) continue;
        ours.push_back(&row);
        if (row.respcd == "0000") succeeded.push_back(&row);
    }
    if (!succeeded.empty()) {
        judge_succeeded(of, std::move(succeeded), found);
    } else if (!ours.empty()) {
        judge_others(ours, found);
    } else if (list->has_data) {
        found.what = finding::not_found;
        found.reason = "the cloud's list does not have this order";
    }
    return found;
}

evidence judge_untouched(const order& refund, const cloud_reply& reply)
{
    evidence found;
    if (reply.how != transport::answered || reply.http_status != http_ok) {
        found.reason = transport_reason(reply);
        return found;
    }
    const auto list = cloud::read_trade_list(reply.body);
    found.reached = static_cast<bool>(list);
    found.reason = "the cloud's list does not have the payment";
    if (!list || list->respcd != "0000" || reply.bad_signature) return found;
    const auto is_payment = [&](const trade_row& row) {
        return row.syssn == refund.of_syssn && row.respcd == "0000" && row.order_type != "refund" &&
               row.order_type != "close";
    };
    const auto payment = std::ranges::find_if(list->rows, is_payment);
    if (payment == list->rows.end()) return found;
    found.what = finding::not_found;
    found.confirm = true;
    found.untouched = payment->cancel == 0;
    found.reason = found.untouched ? "the cloud knows of no such refund, and nothing of the "
                                     "payment has been given back"
                                   : "something of the payment has been given back";
    return found;
}

undo_answer judge_undo(const cloud_reply& reply)
{
    if (reply.how != transport::answered || reply.http_status != http_ok || reply.bad_signature)
        return undo_answer::unknown;
    const auto answer = cloud::read_trade_answer(reply.body);
    if (!answer) return undo_answer::unknown;
    constexpr auto nothing_left = std::to_array<std::string_view>(
        {"1136", "1142", "1143", "1145", "1181", "1263", "1264", "1268"});
    constexpr auto not_for_this = std::to_array<std::string_view>({"1150", "1155", "1297"});
    constexpr auto too_late = std::to_array<std::string_view>({"1260", "1262"});
    if (one_of(answer->respcd, nothing_left)) return undo_answer::heard;
    if (one_of(answer->respcd, not_for_this)) return undo_answer::unsupported;
    if (one_of(answer->respcd, too_late)) return undo_answer::refused;
    if (answer->respcd != "0000") return undo_answer::unknown;
    // A reply without a number of its own means that the wallet knows no such call (contract 4.2).
    return answer->syssn.empty() ? undo_answer::unsupported : undo_answer::heard;
}

}  // namespace ecr::protocol
