#pragma once

#include "tests/simulator/agenda.hpp"
#include "tests/simulator/book.hpp"
#include "tests/simulator/settings.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>

namespace ecr::simulator {

/// A payment terminal with whoever stands before it. One request at a time.
class terminal {
public:
    /// Called when money has moved, after the ledger knows.
    using money_listener = std::function<void(const transaction_ptr&)>;

    terminal(std::string termid, agenda& events, const settings& behaviour, ledger& facts,
             money_listener moved);

    [[nodiscard]] const std::string& termid() const { return termid_; }
    [[nodiscard]] bool bound() const { return bound_; }
    void set_bound(bool bound) { bound_ = bound; }
    [[nodiscard]] bool online() const { return online_; }
    /// Offline, pushes are acknowledged by the cloud and wait; see settings::offline_push.
    void set_online(bool online);
    /// True from the push until its end.
    [[nodiscard]] bool busy() const { return current_ != nullptr; }
    [[nodiscard]] transaction_ptr current() const { return current_; }

    /// Starts a request, or queues it behind the present one.
    void push(const transaction_ptr& request);
    /// A cancel on its way to the terminal: ends whatever is shown when it arrives. `fact` is its
    /// entry in the ledger.
    void cancel(std::size_t fact);
    /// Forgets what it was doing.
    void reset();

private:
    void begin(const transaction_ptr& request);
    void arrive(const transaction_ptr& request);
    void show(const transaction_ptr& request);
    void schedule(const transaction_ptr& request);
    void act_on(const transaction_ptr& request);
    void confirm(const transaction_ptr& request);
    void expire(const transaction_ptr& request);
    void drop_unshown(const transaction_ptr& request);
    void arrive_cancel(std::size_t fact);
    void end(const transaction_ptr& request, truth outcome, std::string respcd);
    void move_money(const transaction_ptr& request, bool late);
    void go_on(const transaction_ptr& request);
    [[nodiscard]] bool waits_for(const transaction_ptr& request) const;
    [[nodiscard]] milliseconds delivery_moment();

    std::string termid_;
    agenda& events_;
    const settings& behaviour_;
    ledger& facts_;
    money_listener moved_;
    bool bound_ = true;
    bool online_ = true;
    transaction_ptr current_;
    std::deque<transaction_ptr> queue_;
    milliseconds last_delivery_{};
};

}  // namespace ecr::simulator
