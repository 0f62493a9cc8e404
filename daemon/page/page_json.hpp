#pragma once

#include "daemon/order/running_order.hpp"
#include "daemon/trace/trace_book.hpp"
#include "store/journal.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string_view>
#include <vector>

/// How the API says what the bridge knows. packaging/openapi.yaml describes it.
namespace ecr::daemon {

/// What somebody may do about an order on the page.
struct order_acts {
    bool ask = false;
    bool resolve = false;
    bool refund = false;
    bool cancel = false;
};

/// `r`: the order in hand, or nothing. All are false for a page that only shows.
[[nodiscard]] order_acts acts_for(const protocol::order& o, const running_order* r, bool any);

/// The order as the journal has it: a step that is decided and not durable yet is nothing to show.
/// Nothing: it is not in the journal yet. Source: design 3.1.
[[nodiscard]] std::optional<protocol::order> durable_row(const running_order& r);

[[nodiscard]] nlohmann::json to_json(const protocol::order& o, const running_order* r,
                                     bool may_act);
[[nodiscard]] nlohmann::json to_json(const protocol::order_step& step);
[[nodiscard]] nlohmann::json to_json(const store::notification_record& hint);
[[nodiscard]] nlohmann::json to_json(const trace_book::kept& each);

/// What moved in a business day: all of it, and by channel, till and hour.
[[nodiscard]] nlohmann::json to_json(const std::vector<store::moved_total>& totals, timestamp since,
                                     std::string_view day, std::string_view currency);

}  // namespace ecr::daemon
