#include "tests/crash/truth.hpp"

#include "tests/crash/scenario.hpp"

#include <algorithm>

namespace ecr::crash {
namespace {

using protocol::order_kind;
using protocol::order_state;
using simulator::ledger;
using simulator::movements;

constexpr std::string_view payment_path = "/ecr/v1/payment/async";
constexpr std::string_view refund_path = "/ecr/v1/refund/async";
constexpr std::string_view direct_payment_path = "/trade/v1/payment";
constexpr std::string_view direct_refund_path = "/trade/v1/refund";

std::string text(const movements& m)
{
    return std::to_string(m.count) + " movements of " + std::to_string(m.sum_minor_units) +
           " in all";
}

movements moved_by(const protocol::order& o, const ledger& truth)
{
    return o.kind == order_kind::refund ? truth.refunded(o.of) : truth.charged(o.out_trade_no);
}

bool same_state(const told& last, const protocol::order& o)
{
    if (o.state == order_state::paid) return last.says_paid();
    return last.value("state") == name_of(o.state);
}

void judge_steps(const kept_order& kept, problem_list& problems)
{
    const auto& number = kept.order.out_trade_no;
    if (kept.steps.empty()) {
        problems.push_back(number + " has no history");
        return;
    }
    auto before = order_state::accepted;
    for (const auto& step : kept.steps) {
        const auto decided = protocol::decide(step.from, step.on);
        const bool legal = step.from == before && decided && decided->to == step.to;
        if (!legal)
            problems.push_back(number + ": illegal step " + std::string{name_of(step.from)} + " " +
                               std::string{name_of(step.on)} + " " + std::string{name_of(step.to)});
        before = step.to;
    }
    if (before != kept.order.state)
        problems.push_back(number + " stands elsewhere than its history says");
}

/// What one till heard, in its order: a final state stays, but for late money.
void judge_constancy(const sample_till& till, problem_list& problems)
{
    const told* end = nullptr;
    for (const auto& t : till.heard()) {
        if (t.word != "result" && t.word != "error") continue;
        const bool same = !end || t.value("state") == end->value("state") ||
                          (t.says_paid() && t.value("late") == "yes") || t.value("tag") == "wish";
        if (!same) problems.push_back("told \"" + end->line + "\" and then \"" + t.line + "\"");
        if (t.is_final()) end = &t;
    }
}

/// "You may ring it again" is a promise that the money will not move.
void judge_safety(const sample_till& till, const kept_order& kept, const ledger& truth,
                  problem_list& problems)
{
    const auto moved = moved_by(kept.order, truth);
    for (const auto& t : till.heard()) {
        if (t.word == "ok" || t.value("tag") == "wish") continue;
        const bool safe = t.value("safe_to_retry") == "yes";
        if (safe && moved.count > 0 && !kept.has_late_step())
            problems.push_back("told \"" + t.line + "\", but " + text(moved));
        if (t.says_paid() && moved.count != 1)
            problems.push_back("told \"" + t.line + "\", but " + text(moved));
    }
}

void judge_till(const sample_till& till, const journal_content& kept, const ledger& truth,
                problem_list& problems)
{
    const auto& heard = till.heard();
    judge_constancy(till, problems);
    const auto last = std::ranges::find_if(heard.rbegin(), heard.rend(), [](const told& t) {
        return (t.word == "result" || t.word == "error") && t.value("tag") != "wish";
    });
    const auto* order = kept.find(till.number());
    if (last == heard.rend() || order == nullptr) {
        problems.push_back(till.script().name + " was told no result of an order of the journal");
        return;
    }
    if (!same_state(*last, order->order))
        problems.push_back("told last \"" + last->line + "\", but the journal says " +
                           std::string{name_of(order->order.state)});
    judge_safety(till, *order, truth, problems);
}

}  // namespace

void judge_requests(const journal_content& kept, const ledger& truth, problem_list& problems)
{
    for (const auto& push : truth.pushes()) {
        const auto* order = kept.find(push.out_trade_no);
        if (order == nullptr || !order->may_be_sent())
            problems.push_back("pushed before the journal had it: " + push.out_trade_no);
        if (truth.times_pushed(push.out_trade_no) > 1)
            problems.push_back("pushed twice: " + push.out_trade_no);
    }
    // What a fault swallowed is in no list of pushes, but it arrived.
    const auto sent = std::ranges::count_if(kept.orders, &kept_order::may_be_sent);
    const auto arrived = truth.requests(payment_path) + truth.requests(refund_path) +
                         truth.requests(direct_payment_path) + truth.requests(direct_refund_path);
    if (arrived > sent)
        problems.push_back(std::to_string(arrived) + " requests for money arrived, of " +
                           std::to_string(sent) + " orders that were sent");
    for (const auto& number : truth.charged_twice())
        problems.push_back("charged twice: " + number);
    if (truth.pushed_to_busy_terminal() > 0) problems.emplace_back("pushed to a busy terminal");
    for (const auto& o : kept.orders)
        if (moved_by(o.order, truth).count > 1)
            problems.push_back("moved twice: " + o.order.out_trade_no);
}

void judge_histories(const journal_content& kept, problem_list& problems)
{
    if (!kept.complaint.empty()) problems.push_back("the journal: " + kept.complaint);
    for (const auto& order : kept.orders)
        judge_steps(order, problems);
}

void judge_promises(const journal_content& kept, const till_list& tills, problem_list& problems)
{
    for (const sample_till& till : tills)
        for (const auto& t : till.heard()) {
            const bool about_an_order = t.word == "accepted" || t.word == "result";
            const auto* order = about_an_order ? kept.find(t.value("order")) : nullptr;
            if (about_an_order && order == nullptr)
                problems.push_back("the journal does not know what was told: \"" + t.line + "\"");
            if (order != nullptr && t.is_final() && !same_state(t, order->order) &&
                !order->has_late_step())
                problems.push_back("told before it was durable: \"" + t.line + "\"");
        }
}

void judge_paid(const told& what, const std::string& number, const ledger& truth,
                problem_list& problems)
{
    if (!what.says_paid()) return;
    const bool refund = what.value("kind") == "refund";
    const auto moved = refund ? truth.refunded(what.value("of")) : truth.charged(number);
    const movements right{1, refund ? refund_minor_units : amount_minor_units};
    if (moved != right) problems.push_back("told \"" + what.line + "\" when " + text(moved));
}

void judge_ends(const journal_content& kept, const ledger& truth, const till_list& tills,
                problem_list& problems)
{
    for (const auto& [order, steps] : kept.orders) {
        if (!protocol::is_final(order.state))
            problems.push_back(order.out_trade_no + " was left in " +
                               std::string{name_of(order.state)});
        const auto moved = moved_by(order, truth);
        const bool paid = order.state == order_state::paid;
        const movements right{paid ? 1 : 0, paid ? order.amount_minor_units : 0};
        if (moved != right)
            problems.push_back(order.out_trade_no + " is " + std::string{name_of(order.state)} +
                               " in the journal, but " + text(moved));
    }
    for (const sample_till& till : tills)
        judge_till(till, kept, truth, problems);
}

void judge_doubts(const journal_content& kept, problem_list& problems)
{
    for (const auto& order : kept.orders) {
        const bool doubted = std::ranges::any_of(
            order.steps, [](const auto& s) { return s.to == order_state::in_doubt; });
        if (order.may_be_sent() && !doubted)
            problems.push_back(order.order.out_trade_no + " was never in doubt");
    }
}

}  // namespace ecr::crash
