#pragma once

#include "daemon/order/order_service.hpp"
#include "protocol/cloud/trade_api.hpp"

#include <functional>
#include <string>
#include <vector>

namespace ecr::daemon {

/// Why a list could not be had, for the till that asked.
struct record_problem {
    protocol::till::result_code code = protocol::till::result_code::done;
    std::string text;  // empty: there is none

    explicit operator bool() const noexcept { return !text.empty(); }
};

struct record_reading {
    std::vector<protocol::cloud::trade_row> rows;
    record_problem problem;  // then there are no rows: half a list would pass for a whole one
};

/// Asks again, later each time, until the answer is `usable` or the tries are used up: then the
/// last answer. A cloud that is too busy (429) is asked more often: the governor spaces the tries.
[[nodiscard]] asio::awaitable<protocol::cloud_reply> ask_until(
    order_service& orders, std::function<asio::awaitable<protocol::cloud_reply>()> ask,
    std::function<bool(const protocol::cloud_reply&)> usable);

/// What to tell when ask_until() gave up on `what`.
[[nodiscard]] record_problem problem_of(const order_service& orders,
                                        const protocol::cloud_reply& reply, std::string_view what);

/// Everything QFPay has of a merchant between two moments, both of them inside: every page of every
/// month, or a problem. Shoppers' enquiries go first. Source: contract 4.5, 8.3, 13.26.
[[nodiscard]] asio::awaitable<record_reading> read_records(order_service& orders,
                                                           cloud_account& account, timestamp from,
                                                           timestamp to);

}  // namespace ecr::daemon
