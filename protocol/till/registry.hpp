#pragma once

#include "protocol/till/dialect.hpp"
#include "protocol/till/hypercom/hypercom_dialect.hpp"
#include "protocol/till/line/line_dialect.hpp"
#include "protocol/till/qfpay_local/qfpay_local_dialect.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// The closed set of dialects. A new one is a folder, and a line in registry.cpp.
namespace ecr::protocol::till {

enum class dialect_kind : std::uint8_t {
    line,
    hypercom,
    qfpay_local,
};

/// What a link's configuration says about its dialect. Each dialect reads its own part.
struct dialect_settings {
    line::settings line;
    hypercom::settings hypercom;
    qfpay_local::settings qfpay_local;
};

/// The name in the configuration: "line", "hypercom", "qfpay-local".
[[nodiscard]] std::string_view name_of(dialect_kind kind) noexcept;
[[nodiscard]] std::optional<dialect_kind> dialect_kind_of(std::string_view name) noexcept;

/// Every name, for a message: "line, …".
[[nodiscard]] std::string dialect_names();

[[nodiscard]] std::unique_ptr<dialect> make_dialect(dialect_kind kind, const dialect_settings& how);

}  // namespace ecr::protocol::till
