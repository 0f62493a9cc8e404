#pragma once

#include "daemon/clock.hpp"
#include "tests/support/socket_probe.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <thread>
#include <utility>

namespace ecr::test {

using std::chrono::milliseconds;

/// Runs `io` until `done()`, moving the clock to its next alarm whenever nothing else is left to
/// do. False: still not done when `limit` of virtual time had passed.
///
/// Real sockets are not under the virtual clock: before time may move, the kernel gets many chances
/// to hand over what is already on its way. Nor are other threads: time stands still while
/// `busy(t)`; t: since when nothing has happened.
template <class Done, class Busy>
bool run_until(boost::asio::io_context& io, daemon::virtual_clock& clock, Done done,
               milliseconds limit, Busy busy)
{
    constexpr milliseconds last_chance{30};
    const auto end = clock.now() + limit;
    int quiet = 0;
    auto quiet_since = std::chrono::steady_clock::now();
    const auto was_ready = [&] {
        quiet = 0;
        quiet_since = std::chrono::steady_clock::now();
    };
    const auto may_move = [&] {
        return quiet >= quiet_rounds && sockets_have_carried(quiet_since) && !busy(quiet_since);
    };
    while (!done()) {
        io.restart();
        if (io.poll() > 0) {
            was_ready();
        } else if (!may_move()) {
            ++quiet;
            std::this_thread::yield();
        } else if (clock.has_alarm_before(end)) {
            clock.advance_to_next(end);
            was_ready();
        } else if (std::chrono::steady_clock::now() - quiet_since >= last_chance) {
            // Nothing is planned at all: only what comes from outside could still happen.
            clock.advance_to_next(end);
            return done();
        }
    }
    return true;
}

template <class Done>
bool run_until(boost::asio::io_context& io, daemon::virtual_clock& clock, Done done,
               milliseconds limit)
{
    return run_until(io, clock, done, limit, [](auto) { return false; });
}

/// Runs `io` until nothing is left to do; time stands still.
template <class Busy>
void run_dry(boost::asio::io_context& io, Busy busy)
{
    auto quiet_since = std::chrono::steady_clock::now();
    const auto has_more = [&] { return !sockets_have_carried(quiet_since) || busy(quiet_since); };
    for (int quiet = 0; quiet < quiet_rounds || has_more(); ++quiet) {
        io.restart();
        if (io.poll() == 0) continue;
        quiet = 0;
        quiet_since = std::chrono::steady_clock::now();
    }
}

/// Runs for this much virtual time.
inline void run_for(boost::asio::io_context& io, daemon::virtual_clock& clock,
                    milliseconds duration)
{
    run_until(
        io, clock, [] { return false; }, duration);
}

/// Runs a task to its end and returns what it returned; nothing when `limit` passed first.
template <class Value>
std::optional<Value> run_task(boost::asio::io_context& io, daemon::virtual_clock& clock,
                              boost::asio::awaitable<Value> task, milliseconds limit)
{
    // Shared: the task may outlive this call when the limit passes first.
    struct outcome {
        std::optional<Value> value;
        std::exception_ptr failed;
    };
    const auto out = std::make_shared<outcome>();
    const auto keep = [out](std::exception_ptr failed, Value value) {
        out->failed = failed;
        if (!failed) out->value = std::move(value);
    };
    boost::asio::co_spawn(io, std::move(task), keep);
    run_until(
        io, clock, [&] { return out->value.has_value() || out->failed; }, limit);
    if (out->failed) std::rethrow_exception(out->failed);
    return std::move(out->value);
}

}  // namespace ecr::test
