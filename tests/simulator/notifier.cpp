#include "tests/simulator/notifier.hpp"

#include <array>
#include <utility>

namespace ecr::simulator {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr milliseconds answer_patience{10'000};
constexpr milliseconds behind{1'000};  // of a reordered one, after the one that overtook it

// Source: contract 7.1. Between two attempts each.
constexpr std::array<milliseconds, 7> ladder{minutes{2}, minutes{10}, minutes{10}, minutes{60},
                                             hours{2},   hours{6},    hours{15}};

}  // namespace

struct notifier::delivery {
    loopback_url to;
    std::string url;
    std::string syssn;
    notification content;
    std::size_t attempts = 0;
    bool once_more = false;
};

notifier::notifier(asio::any_io_executor executor, std::shared_ptr<agenda> events,
                   const settings& behaviour, ledger& facts)
    : executor_{std::move(executor)},
      events_{std::move(events)},
      behaviour_{behaviour},
      facts_{facts},
      era_{std::make_shared<int>(0)}
{}

void notifier::reset()
{
    held_.reset();
    era_ = std::make_shared<int>(0);
}

void notifier::money_moved(const transaction_ptr& entry)
{
    const bool of_request =
        !entry->notify_url.empty() && behaviour_.notify_url_wins == notify_url_wins::of_request;
    const auto& url = of_request ? entry->notify_url : behaviour_.notify_url;
    const auto to = loopback_url_of(url);
    if (!to) return;
    notice_plan special;
    if (!plans_.empty()) {
        special = plans_.front();
        plans_.pop_front();
    }
    if (special.kind == notice::lost) return;
    const auto what = std::make_shared<delivery>(
        delivery{.to = *to,
                 .url = url,
                 .syssn = entry->syssn,
                 .content = notification_of(*entry, behaviour_, special.kind),
                 .once_more = special.kind == notice::twice});
    auto delay = behaviour_.notify_delay;
    if (special.kind == notice::late) delay += special.delay;
    if (special.kind == notice::reordered) {
        release_held(delay);
        held_ = what;
        // Without one behind it, it is merely late.
        const auto era = std::weak_ptr<int>{era_};
        events_->after(delay + special.delay, [this, what, era] {
            if (!era.expired() && held_ == what) release_held(milliseconds{0});
        });
        return;
    }
    send_after(delay, what);
    release_held(delay + behind);
}

void notifier::release_held(milliseconds delay)
{
    if (held_) send_after(delay, std::exchange(held_, nullptr));
}

void notifier::send_after(milliseconds delay, const delivery_ptr& what)
{
    const auto era = std::weak_ptr<int>{era_};
    events_->after(delay, [this, what, era] {
        if (!era.expired()) attempt(what);
    });
}

void notifier::attempt(const delivery_ptr& what)
{
    ++what->attempts;
    const auto fact = facts_.note(notification_fact{.at = events_->wall(),
                                                    .url = what->url,
                                                    .notify_type = what->content.notify_type,
                                                    .syssn = what->syssn,
                                                    .out_trade_no = what->content.out_trade_no,
                                                    .attempt = static_cast<int>(what->attempts),
                                                    .body = what->content.body,
                                                    .sign = what->content.sign});
    const auto era = std::weak_ptr<int>{era_};
    const auto then = [this, what, fact, era](int http_status, const std::string& body) {
        if (!era.expired()) answered(what, fact, http_status, body);
    };
    if (courier_) return courier_(what->content.body, what->content.sign, then);
    post_json(executor_, events_, what->to, what->content.body, what->content.sign, answer_patience,
              then);
}

void notifier::answered(const delivery_ptr& what, std::size_t fact, int http_status,
                        const std::string& body)
{
    const bool success = http_status == 200 && body == "SUCCESS";
    facts_.notification_answered(fact, http_status, success);
    if (success) {
        if (std::exchange(what->once_more, false)) attempt(what);
        return;
    }
    if (what->attempts <= ladder.size()) send_after(ladder[what->attempts - 1], what);
}

}  // namespace ecr::simulator
