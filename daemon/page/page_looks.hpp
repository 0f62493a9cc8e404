#pragma once

#include "daemon/page/page_shop.hpp"

#include <string>
#include <string_view>

namespace ecr::daemon {

/// What can be looked at on the page, as JSON.
class page_looks {
public:
    explicit page_looks(const page_shop& shop) : shop_{shop} {}

    /// All that is on the page at first sight: lights, running orders, the operator's list.
    [[nodiscard]] asio::awaitable<http_reply> overview();
    /// What has moved in this business day.
    [[nodiscard]] asio::awaitable<http_reply> today();
    /// A list: by number, by amount, or by time and state; newest first.
    [[nodiscard]] asio::awaitable<http_reply> orders(std::string query);
    /// An order with all that has happened to it.
    [[nodiscard]] asio::awaitable<http_reply> order(std::string number);

private:
    const page_shop& shop_;
};

}  // namespace ecr::daemon
