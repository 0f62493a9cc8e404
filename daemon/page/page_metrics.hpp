#pragma once

#include "daemon/duration_counts.hpp"
#include "daemon/page/page_shop.hpp"

#include <map>
#include <string>
#include <utility>

namespace ecr::daemon {

/// What Prometheus is told. Amounts are no part of it: they would be floating point there.
class page_metrics {
public:
    explicit page_metrics(const page_shop& shop);

    /// Counts an end.
    void ended(const protocol::order& o);

    [[nodiscard]] asio::awaitable<http_reply> serve();

private:
    struct kind_of_end {
        protocol::order_kind kind{};
        protocol::order_state state{};
        auto operator<=>(const kind_of_end&) const = default;
    };

    const page_shop& shop_;
    timestamp started_;
    std::map<kind_of_end, duration_counts> ends_;
};

}  // namespace ecr::daemon
