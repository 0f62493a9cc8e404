#include "tests/simulator/ledger.hpp"

#include <algorithm>
#include <numeric>

namespace ecr::simulator {
namespace {

template <class Wanted>
movements sum_of(const std::vector<money_fact>& facts, Wanted wanted)
{
    movements sum;
    for (const auto& fact : facts) {
        if (!wanted(fact)) continue;
        ++sum.count;
        sum.sum_minor_units += fact.amount_minor_units;
    }
    return sum;
}

}  // namespace

std::string_view name_of(truth value) noexcept
{
    switch (value) {
        case truth::none: return "none";
        case truth::paid: return "paid";
        case truth::declined: return "declined";
        case truth::cancelled: return "cancelled";
        case truth::expired: return "expired";
    }
    return "?";
}

std::optional<std::string> push_fact::sent(std::string_view name) const
{
    const auto found = std::ranges::find(parameters, name,
                                         [](const auto& p) -> std::string_view { return p.first; });
    return found == parameters.end() ? std::nullopt : std::optional{found->second};
}

int ledger::times_pushed(std::string_view out_trade_no) const
{
    return static_cast<int>(
        std::ranges::count(pushes_, out_trade_no,
                           [](const push_fact& p) -> std::string_view { return p.out_trade_no; }));
}

int ledger::times_replayed(std::string_view out_trade_no) const
{
    const auto found = replays_.find(out_trade_no);
    return found == replays_.end() ? 0 : found->second;
}

movements ledger::charged(std::string_view out_trade_no) const
{
    return sum_of(money_,
                  [&](const money_fact& f) { return !f.refund && f.out_trade_no == out_trade_no; });
}

movements ledger::charged_in_all() const
{
    return sum_of(money_, [](const money_fact& f) { return !f.refund; });
}

movements ledger::refunded(std::string_view out_trade_no) const
{
    return sum_of(money_,
                  [&](const money_fact& f) { return f.refund && f.out_trade_no == out_trade_no; });
}

movements ledger::reversed(std::string_view out_trade_no) const
{
    return sum_of(
        money_, [&](const money_fact& f) { return f.reversed && f.out_trade_no == out_trade_no; });
}

int ledger::notifications_answered() const
{
    return static_cast<int>(std::ranges::count(notifications_, true, &notification_fact::answered));
}

truth ledger::truth_of(std::string_view out_trade_no) const
{
    const auto found = ends_.find(out_trade_no);
    return found == ends_.end() ? truth::none : found->second;
}

std::vector<std::string> ledger::charged_twice() const
{
    std::map<std::string, int> counts;
    for (const auto& fact : money_)
        if (!fact.refund) ++counts[fact.out_trade_no];
    std::vector<std::string> twice;
    for (const auto& [number, count] : counts)
        if (count > 1) twice.push_back(number);
    return twice;
}

int ledger::pushed_to_busy_terminal() const
{
    return static_cast<int>(std::ranges::count(pushes_, true, &push_fact::terminal_was_busy));
}

int ledger::requests(std::string_view path) const
{
    const auto found = requests_.find(path);
    return found == requests_.end() ? 0 : found->second;
}

int ledger::requests_in_all() const
{
    return std::accumulate(requests_.begin(), requests_.end(), 0,
                           [](int sum, const auto& entry) { return sum + entry.second; });
}

void ledger::note(money_fact fact)
{
    money_.push_back(std::move(fact));
}

std::size_t ledger::note(cancel_fact fact)
{
    cancels_.push_back(std::move(fact));
    return cancels_.size() - 1;
}

void ledger::cancel_stopped(std::size_t which, const std::string& out_trade_no)
{
    if (which < cancels_.size()) cancels_[which].stopped = out_trade_no;
}

std::size_t ledger::note(notification_fact fact)
{
    notifications_.push_back(std::move(fact));
    return notifications_.size() - 1;
}

void ledger::notification_answered(std::size_t which, int http_status, bool answered)
{
    // A reset in between leaves an answer without its question.
    if (which >= notifications_.size()) return;
    notifications_[which].http_status = http_status;
    notifications_[which].answered = answered;
}

void ledger::note_end(const std::string& out_trade_no, truth end)
{
    if (!out_trade_no.empty()) ends_[out_trade_no] = end;
}

void ledger::note_request(std::string_view path)
{
    // Paths are the client's words: what is not ours is one bucket, or garbage would fill memory.
    // A query string is cut off: /settlement/v1/query has one.
    path = path.substr(0, path.find('?'));
    const bool ours = path.starts_with("/ecr/v1/") || path.starts_with("/trade/v1/") ||
                      path.starts_with("/settlement/v1/");
    const auto known = ours && path.size() < 64 && requests_.size() < 64;
    ++requests_[std::string{known ? path : "other"}];
}

int ledger::requests_of(std::string_view app_code) const
{
    const auto found = signed_.find(app_code);
    return found == signed_.end() ? 0 : found->second;
}

void ledger::note_rate_limited()
{
    ++rate_limited_;
    rate_limited_in_a_row_ = std::max(rate_limited_in_a_row_, ++refusals_in_a_row_);
}

void ledger::note_enquiry(std::string_view out_trade_no, milliseconds at)
{
    constexpr std::size_t kept_max = 1'000'000;
    if (out_trade_no.empty() || enquiries_kept_ == kept_max) return;
    ++enquiries_kept_;
    enquiries_[std::string{out_trade_no}].push_back(at);
}

}  // namespace ecr::simulator
