#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <map>

namespace ecr::daemon {

namespace asio = boost::asio;

/// Coroutines waiting for their turn: by priority, lowest number first, then by arrival.
class waiting_line {
public:
    /// True when called, false when sent away.
    [[nodiscard]] asio::awaitable<bool> wait(int priority = 0)
    {
        waiter self{asio::steady_timer{co_await asio::this_coro::executor,
                                       asio::steady_timer::time_point::max()}};
        const auto place = line_.emplace(priority, &self);
        (void)co_await self.timer.async_wait(asio::as_tuple(asio::use_awaitable));
        if (!self.left) line_.erase(place);
        co_return self.called;
    }

    /// Calls the first. False: nobody waits.
    bool call_next()
    {
        if (line_.empty()) return false;
        release(*line_.begin()->second, true);
        line_.erase(line_.begin());
        return true;
    }

    void call_all()
    {
        while (call_next())
            continue;
    }

    void send_away_all()
    {
        for (const auto& entry : line_)
            release(*entry.second, false);
        line_.clear();
    }

    [[nodiscard]] std::size_t size() const noexcept { return line_.size(); }
    /// Of who would be called next. Not when nobody waits.
    [[nodiscard]] int first_priority() const { return line_.begin()->first; }

private:
    struct waiter {
        asio::steady_timer timer;
        bool called = false;
        bool left = false;
    };

    static void release(waiter& w, bool called)
    {
        w.called = called;
        w.left = true;
        w.timer.cancel();
    }

    std::multimap<int, waiter*> line_;
};

}  // namespace ecr::daemon
