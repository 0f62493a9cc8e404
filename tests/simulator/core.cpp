#include "tests/simulator/core.hpp"

#include "protocol/cloud/form.hpp"
#include "tests/simulator/notifier.hpp"
#include "tests/simulator/trade_desk.hpp"

#include <algorithm>
#include <utility>

namespace ecr::simulator {
namespace {

template <class Plans>
auto take_first(Plans& plans, const std::string& key)
{
    std::optional<typename Plans::mapped_type::value_type> first;
    const auto found = plans.find(key);
    if (found == plans.end() || found->second.empty()) return first;
    first = std::move(found->second.front());
    found->second.pop_front();
    return first;
}

bool is_money_call(std::string_view path)
{
    return path == "/ecr/v1/payment/async" || path == "/ecr/v1/refund/async" ||
           path == "/trade/v1/payment" || path == "/trade/v1/refund";
}

}  // namespace

core::core(asio::any_io_executor executor, daemon::clock& source, settings initial)
    : behaviour{initial},
      events{std::make_shared<agenda>(executor, source, &behaviour.clock_offset)},
      initial_{std::move(initial)},
      notices_{std::make_unique<notifier>(std::move(executor), events, behaviour, facts)}
{
    trade_ = std::make_unique<trade_desk>(*this);
    for (const auto& setup : behaviour.terminals)
        add_terminal(setup);
    events->start();
}

core::~core() = default;

merchant& core::merchant_of(std::string_view app_code)
{
    // Books stay what they are when the settings change the first merchant's app code.
    const bool further = std::ranges::any_of(
        behaviour.merchants, [&](const auto& each) { return each.app_code == app_code; });
    const std::string key{further ? app_code : std::string_view{}};
    const auto found = merchants_.find(key);
    if (found != merchants_.end()) return found->second;
    constexpr std::uint64_t serials_each = 100'000'000;
    return merchants_.try_emplace(key, 18'000 + serials_each * merchants_.size()).first->second;
}

void core::add_merchant(const merchant_setup& setup)
{
    for (auto& known : behaviour.merchants) {
        if (known.app_code != setup.app_code) continue;
        known.client_key = setup.client_key;
        return;
    }
    behaviour.merchants.push_back(setup);
}

terminal* core::find_terminal(std::string_view termid)
{
    const auto found = terminals_.find(termid);
    return found == terminals_.end() ? nullptr : found->second.get();
}

terminal& core::add_terminal(const terminal_setup& setup)
{
    auto& place = terminals_[setup.termid];
    const auto moved = [this](const transaction_ptr& entry) { notices_->money_moved(entry); };
    if (!place) place = std::make_unique<terminal>(setup.termid, *events, behaviour, facts, moved);
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

void core::plan_undo(const std::string& out_trade_no, undo_plan next)
{
    undo_plans_[out_trade_no].push_back(std::move(next));
}

void core::plan(notice_plan next)
{
    notices_->plan(next);
}

void core::clear_plans()
{
    undo_plans_.clear();
    notices_->clear_plans();
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
    for (auto& [app_code, each] : merchants_)
        each.clear();
    notices_->reset();
    clear_plans();
    for (const auto& setup : behaviour.terminals)
        add_terminal(setup).set_online(true);
}

void core::stop()
{
    notices_->reset();
    events->stop();
}

std::optional<fault> core::fault_of(const wire_request& request)
{
    if (auto planned = faults_.take(request.target)) return planned;
    if (!is_money_call(request.target) || !behaviour.magic_amounts) return std::nullopt;
    const auto parameters = protocol::cloud::decode_form(request.body);
    if (!parameters) return std::nullopt;
    for (const auto& [name, value] : *parameters) {
        if (name != "txamt") continue;
        const auto amount = number_within(value, 1, 2'147'483'647);
        if (!amount) return std::nullopt;
        auto what = magic_of(*amount, behaviour).what;
        // /trade/v1 has no terminal that could be unbound.
        if (what && what->respcd == "1106" && request.target.starts_with("/trade/"))
            what->respcd = "1104";
        return what;
    }
    return std::nullopt;
}

bool core::over_limit(std::string_view app_code)
{
    if (!merchant_of(app_code).limit.is_over(events->now(), behaviour)) {
        facts.note_within_limit();
        return false;
    }
    facts.note_rate_limited();
    return true;
}

shopper core::next_shopper(const std::string& termid, const std::string& number,
                           std::int64_t amount_minor_units)
{
    if (auto who = take_first(for_order_, number)) return *who;
    if (auto who = take_first(for_terminal_, termid)) return *who;
    if (!for_anyone_.empty()) {
        const auto who = for_anyone_.front();
        for_anyone_.pop_front();
        return who;
    }
    return magic_of(amount_minor_units, behaviour).who.value_or(shopper{});
}

std::optional<undo_plan> core::next_undo(const std::string& out_trade_no)
{
    if (auto planned = take_first(undo_plans_, out_trade_no)) return planned;
    return take_first(undo_plans_, "");
}

bool core::may_ask(std::string_view termid)
{
    if (behaviour.unbound_enquiry == unbound_enquiry::works) return true;
    const auto to = find_terminal(termid);
    return to && to->bound();
}

}  // namespace ecr::simulator
