#pragma once

#include "protocol/cloud/channel.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace ecr::protocol::cloud {

/// A six-digit pay type. Source: contract 6, pay_types.csv.
struct pay_type {
    std::string_view code;
    std::string_view meaning;
    std::string_view brand;
    std::string_view mode;  // "CPM", "MPM", "h5", …
    bool current;           // listed by today's documents
    std::optional<channel> via;
};

/// All of them, sorted by code.
[[nodiscard]] std::span<const pay_type> pay_types() noexcept;
[[nodiscard]] const pay_type* find_pay_type(std::string_view code) noexcept;

}  // namespace ecr::protocol::cloud
