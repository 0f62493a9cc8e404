#pragma once

#include "daemon/till_client.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace ecr::daemon {

/// The page as a till at the desk: what somebody does there goes by the very way that a till's
/// command goes, and under the same rules.
class page_client final : public till_client {
public:
    /// `link` outlives it.
    page_client(asio::any_io_executor executor, clock& time, const link_config& link);

    void tell(const protocol::till::reply& what) override;
    void keep(std::shared_ptr<order_observer> observer) override;
    void drop(const order_observer* observer) override;
    [[nodiscard]] const link_config& link() const override { return link_; }
    [[nodiscard]] bool is_local() const override { return true; }

    /// What it was told first: that an order was made, or how the command ended. Nothing: not
    /// within `limit`; what it wanted goes on.
    [[nodiscard]] asio::awaitable<std::optional<protocol::till::reply>> answer(milliseconds limit);

private:
    const link_config& link_;
    alarm patience_;
    std::optional<protocol::till::reply> told_;
    std::vector<std::shared_ptr<order_observer>> observers_;
};

}  // namespace ecr::daemon
