#pragma once

#include "daemon/clock.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace ecr::simulator {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// What is to happen when, by the clock given from outside. Actions run on the executor, in the
/// order of their moments, and at one moment in the order in which they were noted.
class agenda : public std::enable_shared_from_this<agenda> {
public:
    using entry = std::pair<milliseconds, std::uint64_t>;

    /// `ahead`, when given, is how far wall() is ahead of the source's; it may change.
    agenda(asio::any_io_executor executor, daemon::clock& source,
           const milliseconds* ahead = nullptr);

    void start();
    /// Forgets everything and ends the task behind it.
    void stop();

    entry after(milliseconds delay, std::function<void()> action);
    entry at(milliseconds moment, std::function<void()> action);
    /// Forgets an entry. One that has happened is no error.
    void drop(const entry& which);
    void clear();

    [[nodiscard]] milliseconds now() const { return clock_.now(); }
    [[nodiscard]] timestamp wall() const
    {
        return clock_.wall() + (ahead_ == nullptr ? milliseconds{0} : *ahead_);
    }

private:
    asio::awaitable<void> run();
    void nudge();

    asio::any_io_executor executor_;
    daemon::clock& clock_;
    const milliseconds* ahead_;
    daemon::alarm alarm_;
    asio::steady_timer nothing_to_do_;
    std::map<entry, std::function<void()>> entries_;
    std::uint64_t next_id_ = 1;
    bool stopped_ = false;
};

/// Runs a task to its end. What it throws comes out of the executor's run(): a bug in the
/// simulator must not pass for a behaviour of the cloud.
void run_task(const asio::any_io_executor& executor, asio::awaitable<void> task);

}  // namespace ecr::simulator
