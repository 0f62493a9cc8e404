#pragma once

#include "daemon/clock.hpp"

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
/// `busy()`.
template <class Done, class Busy>
bool run_until(boost::asio::io_context& io, daemon::virtual_clock& clock, Done done,
               milliseconds limit, Busy busy)
{
    constexpr int quiet_rounds = 50;
    const auto end = clock.now() + limit;
    int quiet = 0;
    while (!done()) {
        io.restart();
        if (io.poll() > 0) {
            quiet = 0;
        } else if (quiet < quiet_rounds || busy()) {
            ++quiet;
            std::this_thread::yield();
        } else {
            if (!clock.advance_to_next(end)) return done();
            quiet = 0;
        }
    }
    return true;
}

template <class Done>
bool run_until(boost::asio::io_context& io, daemon::virtual_clock& clock, Done done,
               milliseconds limit)
{
    return run_until(io, clock, done, limit, [] { return false; });
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
