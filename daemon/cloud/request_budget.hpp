#pragma once

#include "daemon/clock.hpp"
#include "daemon/waiting_line.hpp"

#include <deque>

namespace ecr::daemon {

/// Who goes first when requests have to wait.
enum class importance : int {
    money = 0,    // pushes and cancels; may use the reserve
    waiting = 1,  // an enquiry for a shopper who waits
    doubt = 2,
    watch = 3,
};

/// QFPay's limits on one merchant's requests, over all tills and terminals: so many a second, so
/// many in a sliding minute. Source: design 3 "Asking"; contract 8.6, 13.19.
class request_budget {
public:
    request_budget(asio::any_io_executor executor, clock& time, int per_minute, int per_second);

    /// Waits for leave to send one request. False: stopped.
    [[nodiscard]] asio::awaitable<bool> turn(importance who);

    /// The cloud answered 429: nobody sends for a while, longer each time in a row.
    void refused();
    void answered() { refusals_ = 0; }

    void stop();

private:
    [[nodiscard]] milliseconds wait_needed(importance who);
    [[nodiscard]] asio::awaitable<void> serve();

    asio::any_io_executor executor_;
    clock& clock_;
    int per_minute_;
    int per_second_;
    std::deque<milliseconds> sent_;  // of the last minute
    milliseconds not_before_{};
    int refusals_ = 0;
    bool serving_ = false;
    bool stopped_ = false;
    waiting_line line_;
};

}  // namespace ecr::daemon
