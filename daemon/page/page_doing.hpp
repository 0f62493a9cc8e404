#pragma once

#include "daemon/page/page_client.hpp"
#include "daemon/page/page_shop.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ecr::daemon {

/// What somebody can do about an order on the page: ask the cloud now, cancel, refund, resolve.
/// Each is a command at the tills' desk.
class page_doing {
public:
    /// `done` is called after each.
    page_doing(asio::any_io_executor executor, const page_shop& shop, std::function<void()> done);

    /// `what`: "ask", "cancel", "refund" or "resolve"; others are answered 404.
    [[nodiscard]] asio::awaitable<http_reply> serve(std::string what, std::string number,
                                                    std::string body);

private:
    [[nodiscard]] asio::awaitable<std::optional<http_reply>> refusal_of_refund(
        const protocol::till::command& wanted, const nlohmann::json& body,
        const protocol::order& payment);
    [[nodiscard]] asio::awaitable<http_reply> carry_out(protocol::till::command wanted,
                                                        std::string number);

    asio::any_io_executor executor_;
    const page_shop& shop_;
    std::function<void()> done_;
    link_config link_;  // whose settings complete the page's commands
};

}  // namespace ecr::daemon
