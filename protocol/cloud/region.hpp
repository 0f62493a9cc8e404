#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ecr::protocol::cloud {

/// A host of the API. Accounts are per region: credentials of one are refused by every other.
/// Source: contract 1.
struct region {
    std::string_view name;  // "hk", "hk-test"
    std::string_view base_url;
    bool settles;  // money reaches the merchant; elsewhere it is simulated, or to be refunded
};

/// All of them, sorted by name.
[[nodiscard]] std::span<const region> regions() noexcept;

/// "https://openapi-hk.qfapi.com" of "hk". Nothing: no such region.
[[nodiscard]] std::optional<std::string_view> base_url_of(std::string_view name) noexcept;

/// "ca, ca-test, cn, …" for messages.
[[nodiscard]] std::string region_names();

}  // namespace ecr::protocol::cloud
