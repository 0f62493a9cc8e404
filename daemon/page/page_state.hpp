#pragma once

#include "daemon/page/page_shop.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>

namespace ecr::daemon {

/// How cloud, terminals and links are doing: each with a light, a word for it and a sentence.
[[nodiscard]] nlohmann::json lights_of(const page_shop& shop);

/// The orders that run, oldest first, as far as they are durable.
[[nodiscard]] nlohmann::json running_orders(const page_shop& shop);

/// Changes when something has happened that the page shows, orders in hand above all. Costs no look
/// into the journal.
[[nodiscard]] std::uint64_t appearance_of(const page_shop& shop);

}  // namespace ecr::daemon
