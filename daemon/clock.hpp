#pragma once

#include "protocol/timestamp.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <map>
#include <memory>

namespace ecr::daemon {

namespace asio = boost::asio;
using std::chrono::milliseconds;

class alarm;

/// Where time comes from. Injected, so that a simulated day runs in milliseconds.
class clock {
public:
    virtual ~clock() = default;

    /// Since some fixed moment; never goes back. For ages and deadlines.
    [[nodiscard]] virtual milliseconds now() const = 0;
    /// The wall clock. For the journal and for QFPay's days.
    [[nodiscard]] virtual timestamp wall() const = 0;

protected:
    friend class alarm;
    /// Makes `a` ring at `at`: real clocks set its timer, virtual ones remember it.
    virtual void arm(alarm& a, milliseconds at) = 0;
    virtual void disarm(alarm& a) = 0;

    static asio::steady_timer& timer_of(alarm& a);
    static void ring(alarm& a);
};

/// A timer of a clock. One waiter at a time. Belongs to the thread of its executor.
class alarm {
public:
    alarm(asio::any_io_executor executor, clock& source);
    ~alarm();
    alarm(const alarm&) = delete;
    alarm& operator=(const alarm&) = delete;

    /// Sets the moment, and wakes a waiter that waited for an earlier one (it gets false).
    void set(milliseconds after);
    void set_at(milliseconds at);
    /// Wakes the waiter now (it gets false).
    void cancel();

    /// True when the moment has come, false when woken before it. Cancellable.
    [[nodiscard]] asio::awaitable<bool> wait();

    /// Calls `then()` when the moment has come; not when cancelled, set anew or destroyed first.
    template <class F>
    void on_ring(F then)
    {
        timer_.async_wait([m = moment_, then = std::move(then)](boost::system::error_code ec) {
            // A timer that went off may still be cancelled before its handler runs.
            if (!ec && m->state == moment::ahead) m->state = moment::come;
            if (m->state == moment::come) then();
        });
    }

private:
    friend class clock;
    clock& clock_;
    asio::steady_timer timer_;

    /// Shared with handlers that may run after the alarm was set anew or destroyed.
    struct moment {
        enum { ahead, come, off } state = ahead;
    };
    std::shared_ptr<moment> moment_ = std::make_shared<moment>();
};

class real_clock final : public clock {
public:
    [[nodiscard]] milliseconds now() const override;
    [[nodiscard]] timestamp wall() const override;

protected:
    void arm(alarm& a, milliseconds at) override;
    void disarm(alarm& a) override;
};

/// Stands still until told to move. Alarms ring in the order of their moments.
class virtual_clock final : public clock {
public:
    explicit virtual_clock(timestamp start) : start_{start} {}

    [[nodiscard]] milliseconds now() const override { return now_; }
    [[nodiscard]] timestamp wall() const override { return start_ + now_; }

    /// Moves to the next alarm and rings it, and every other of the same moment. False: there is
    /// none before `limit`; then the time is `limit`.
    bool advance_to_next(milliseconds limit);
    [[nodiscard]] bool has_alarm_before(milliseconds limit) const
    {
        return !armed_.empty() && armed_.begin()->first <= limit;
    }
    /// Moves the wall clock alone, as a correction of the system's time does.
    void shift_wall(milliseconds by) { start_ += by; }

protected:
    void arm(alarm& a, milliseconds at) override;
    void disarm(alarm& a) override;

private:
    timestamp start_;
    milliseconds now_{};
    std::multimap<milliseconds, alarm*> armed_;
};

/// Waits on a clock. Returns false when cancelled.
[[nodiscard]] asio::awaitable<bool> sleep_for(clock& source, milliseconds duration);

}  // namespace ecr::daemon
