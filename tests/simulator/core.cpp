#include "tests/simulator/core.hpp"

#include "protocol/cloud/form.hpp"

#include <utility>

namespace ecr::simulator {
namespace {

std::optional<shopper> take_first(std::deque<shopper>& queue)
{
    if (queue.empty()) return std::nullopt;
    auto first = std::move(queue.front());
    queue.pop_front();
    return first;
}

}  // namespace

core::core(asio::any_io_executor executor, daemon::clock& source, settings initial)
    : behaviour{initial},
      events{std::make_shared<agenda>(std::move(executor), source)},
      initial_{std::move(initial)}
{
    for (const auto& setup : behaviour.terminals)
        add_terminal(setup);
    events->start();
}

terminal* core::find_terminal(std::string_view termid)
{
    const auto found = terminals_.find(termid);
    return found == terminals_.end() ? nullptr : found->second.get();
}

terminal& core::add_terminal(const terminal_setup& setup)
{
    auto& place = terminals_[setup.termid];
    if (!place) place = std::make_unique<terminal>(setup.termid, *events, behaviour, book_, facts);
    place->set_bound(setup.bound);
    return *place;
}

void core::plan(const std::string& termid, shopper next)
{
    for_terminal_[termid].push_back(std::move(next));
}

void core::plan_order(const std::string& out_trade_no, shopper next)
{
    for_order_[out_trade_no].push_back(std::move(next));
}

void core::clear_plans()
{
    faults_.clear();
    for_terminal_.clear();
    for_order_.clear();
    for_anyone_.clear();
}

void core::reset()
{
    events->clear();
    for (auto& [termid, each] : terminals_)
        each->reset();
    behaviour = initial_;
    facts = ledger{};
    book_.clear();
    limit_.clear();
    clear_plans();
    for (const auto& setup : behaviour.terminals)
        add_terminal(setup).set_online(true);
}

void core::stop()
{
    events->stop();
}

std::optional<fault> core::fault_of(const wire_request& request)
{
    if (auto planned = faults_.take(request.target)) return planned;
    const bool is_push =
        request.target == "/ecr/v1/payment/async" || request.target == "/ecr/v1/refund/async";
    if (!is_push || !behaviour.magic_amounts) return std::nullopt;
    const auto parameters = protocol::cloud::decode_form(request.body);
    if (!parameters) return std::nullopt;
    for (const auto& [name, value] : *parameters) {
        if (name != "txamt") continue;
        const auto amount = number_within(value, 1, 2'147'483'647);
        return amount ? magic_of(*amount, behaviour).what : std::nullopt;
    }
    return std::nullopt;
}

bool core::over_limit()
{
    if (!limit_.is_over(events->now(), behaviour)) return false;
    facts.note_rate_limited();
    return true;
}

shopper core::next_shopper(const std::string& termid, const std::string& number,
                           std::int64_t amount_minor_units)
{
    if (auto who = take_first(for_order_[number])) return *who;
    if (auto who = take_first(for_terminal_[termid])) return *who;
    if (auto who = take_first(for_anyone_)) return *who;
    return magic_of(amount_minor_units, behaviour).who.value_or(shopper{});
}

bool core::may_ask(std::string_view termid)
{
    if (behaviour.unbound_enquiry == unbound_enquiry::works) return true;
    const auto to = find_terminal(termid);
    return to && to->bound();
}

}  // namespace ecr::simulator
