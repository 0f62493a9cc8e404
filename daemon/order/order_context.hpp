#pragma once

#include "daemon/cloud/merchants.hpp"
#include "daemon/config.hpp"
#include "daemon/order/terminal_line.hpp"
#include "daemon/store_thread.hpp"
#include "protocol/cloud/query_window.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>

namespace ecr::daemon {

/// What every order's course works with. Owned by the order service.
struct order_context {
    asio::any_io_executor executor;
    clock& time;
    store_thread& journal;
    merchants& accounts;
    const order_config& settings;
    const std::vector<terminal_config>& terminals;
    std::function<void(const protocol::order&)> on_late = {};  // money moved after all
    std::function<void(const protocol::order&)> on_end = {};   // it has become final
    std::map<std::string, terminal_line> lines = {};
    bool refusing = false;    // no new orders, and no new pushes
    bool stopping = false;    // courses end where they are; the journal remembers
    bool broken = false;      // the journal failed: nothing is sent, nothing is told
    std::minstd_rand random;  // jitter and made numbers; no secrets

    [[nodiscard]] cloud_gateway& cloud_of(const protocol::order& o) const
    {
        return accounts.of(o.merchant).gateway;
    }
    /// When that was by the clock that never jumps, as far as the wall clock tells: of rows that an
    /// earlier start has written. A wall clock that was set back since makes it now, at most.
    [[nodiscard]] milliseconds since(timestamp at) const
    {
        return time.now() - std::max(time.wall() - at, milliseconds{0});
    }
    /// QFPay's clock, as far as we know it.
    [[nodiscard]] timestamp cloud_now(const protocol::order& of) const;
    /// The cloud's list of what it knows under a number in a month.
    [[nodiscard]] asio::awaitable<protocol::cloud_reply> list(std::string merchant,
                                                              std::string out_trade_no,
                                                              protocol::cloud::month_window within,
                                                              importance who);

    [[nodiscard]] double jitter() { return std::uniform_real_distribution{0.0, 1.0}(random); }
};

}  // namespace ecr::daemon
