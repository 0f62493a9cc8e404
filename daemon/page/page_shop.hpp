#pragma once

#include "daemon/link/links.hpp"
#include "daemon/notify/notification_desk.hpp"
#include "daemon/till_desk.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ecr::daemon {

/// A link as it is at this moment.
struct link_standing {
    const link_config& config;
    std::string where;
    link_state state;
};

/// What the page looks at, and through whom it does something. All of it outlives the page.
struct page_shop {
    till_desk& desk;
    const config& settings;
    std::string version;
    std::function<std::vector<link_standing>()> links;
    /// Nothing: no notifications are listened for.
    std::function<std::optional<notification_counts>()> notifications;

    [[nodiscard]] order_service& orders() const { return desk.orders(); }
    [[nodiscard]] clock& time() const { return desk.time(); }
};

}  // namespace ecr::daemon
