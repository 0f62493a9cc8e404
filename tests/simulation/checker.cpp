#include "tests/simulation/checker.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace ecr::simulation {
namespace {

using protocol::attention;
using protocol::order_kind;
using protocol::order_state;
using simulator::ledger;
using test::journal_content;
using test::kept_order;

/// Movements of one amount: what really became of a wish.
int moved(const ledger& truth, std::int64_t amount, bool refund)
{
    return static_cast<int>(std::ranges::count_if(truth.movements_of_money(), [&](const auto& m) {
        return m.refund == refund && !m.reversed && m.amount_minor_units == amount;
    }));
}

int given_back(const ledger& truth, std::int64_t amount)
{
    return static_cast<int>(std::ranges::count_if(truth.movements_of_money(), [&](const auto& m) {
        return m.reversed && m.amount_minor_units == amount;
    }));
}

std::string name_of(const protocol::order& o)
{
    return o.out_trade_no + " (" + std::string{protocol::name_of(o.state)} + ", " +
           std::to_string(o.amount_minor_units) + ")";
}

bool is_shown(const protocol::order& o)
{
    return o.needs != attention{} || o.state == order_state::unresolved;
}

void check_order(const kept_order& kept, const ledger& truth, problem_list& problems)
{
    const auto& o = kept.order;
    const bool refund = o.kind == order_kind::refund;
    const auto times = truth.times_pushed(o.out_trade_no) - truth.times_replayed(o.out_trade_no);
    if (times > 1) problems.push_back("pushed " + std::to_string(times) + " times: " + name_of(o));
    if (times > 0 && !kept.may_be_sent())
        problems.push_back("pushed before it was journalled: " + name_of(o));
    if (!protocol::is_final(o.state) && !is_shown(o))
        problems.push_back("neither final nor shown to the operator: " + name_of(o));
    auto before = order_state::accepted;
    for (const auto& step : kept.steps) {
        const auto decided = protocol::decide(step.from, step.on);
        if (step.from != before || !decided || decided->to != step.to)
            problems.push_back("illegal step in the history of " + name_of(o));
        before = step.to;
    }
    if (refund) return;
    const auto charged = truth.charged(o.out_trade_no);
    if (charged.count > 1) problems.push_back("charged twice: " + name_of(o));
    const bool right = charged.count == 1 && charged.sum_minor_units == o.amount_minor_units;
    if (o.state == order_state::paid && !right)
        problems.push_back("paid in the journal, and not in the ledger: " + name_of(o));
    const bool returned = truth.reversed(o.out_trade_no).count > 0;
    if (o.state != order_state::paid && charged.count > 0 && !returned && !is_shown(o))
        problems.push_back("the money moved and the journal does not know: " + name_of(o));
}

/// One customer pays once, however often it was rung; or the operator is shown.
void check_wish(std::int64_t amount, bool refund, const std::vector<const statement*>& said,
                const journal_content& kept, const ledger& truth, problem_list& problems)
{
    const auto times = moved(truth, amount, refund);
    std::vector<const kept_order*> orders;
    for (const auto& k : kept.orders)
        if (k.order.amount_minor_units == amount && (k.order.kind == order_kind::refund) == refund)
            orders.push_back(&k);
    const bool shown =
        std::ranges::any_of(orders, [](const auto* k) { return is_shown(k->order); });
    const auto back = given_back(truth, amount);
    if (times - back > 1 && !shown)
        problems.push_back("moved " + std::to_string(times) + " times, nobody was shown: amount " +
                           std::to_string(amount));
    const auto last = said.back()->what;
    if (last == says::not_paid && times - back > 0 && !shown)
        problems.push_back("told last \"" + said.back()->words + "\", and the money moved unseen");
    // "You may ring it again" is a promise that this order's money does not move.
    for (const auto* s : said) {
        if (s->number.empty()) continue;
        if (s->what != says::not_paid || !s->safe_to_retry) continue;
        const auto* order = kept.find(s->number);
        const bool moved_after_all =
            !refund && truth.charged(s->number).count > 0 && truth.reversed(s->number).count == 0;
        if (moved_after_all && (order == nullptr || !is_shown(order->order)) &&
            // The same number again, after a refusal that cost nothing, is a sale of its own.
            (order == nullptr || order->order.state != order_state::paid ||
             std::ranges::none_of(said, [&](const auto* t) {
                 return t->number == s->number && t->what == says::paid;
             })))
            problems.push_back("told \"" + s->words + "\", and the money moved unseen");
    }
}

}  // namespace

void check_statement(const statement& said, const ledger& truth, problem_list& problems)
{
    const auto times = moved(truth, said.amount_minor_units, said.refund);
    if (said.what == says::unknown && said.safe_to_retry)
        problems.push_back("told \"" + said.words + "\": nobody knows, and it may be rung again");
    if (said.what == says::paid && times == 0)
        problems.push_back("told \"" + said.words + "\", and no money has moved");
}

void check_end(const journal_content& kept, const ledger& truth, const std::vector<statement>& said,
               problem_list& problems)
{
    if (!kept.complaint.empty()) problems.push_back("the journal: " + kept.complaint);
    for (const auto& order : kept.orders)
        check_order(order, truth, problems);
    for (const auto& number : truth.charged_twice())
        problems.push_back("charged twice: " + number);
    for (const auto& push : truth.pushes())
        if (!push.out_trade_no.empty() && kept.find(push.out_trade_no) == nullptr)
            problems.push_back("pushed, and the journal does not know it: " + push.out_trade_no);
    std::map<std::pair<std::int64_t, bool>, std::vector<const statement*>> wishes;
    for (const auto& s : said)
        wishes[{s.amount_minor_units, s.refund}].push_back(&s);
    for (const auto& [wish, all] : wishes)
        check_wish(wish.first, wish.second, all, kept, truth, problems);
}

}  // namespace ecr::simulation
