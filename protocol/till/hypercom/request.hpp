#pragma once

#include "protocol/till/command.hpp"
#include "protocol/till/hypercom/hypercom_dialect.hpp"
#include "protocol/till/hypercom/message.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace ecr::protocol::till::hypercom {

/// What the dialect answers by itself: nobody else hears of the command, so nothing was done.
struct refusal {
    std::string_view status;  // response code
    std::string_view text;
};

/// What a till wants, without a tag.
[[nodiscard]] std::variant<command, refusal> read_request(const message& m, const settings& how);

/// Sales, voids and refunds.
[[nodiscard]] bool moves_money(const message& m) noexcept;

/// Voids and refunds.
[[nodiscard]] bool is_refund(const message& m) noexcept;

/// Questions about an earlier order.
[[nodiscard]] bool is_retrieval(const message& m) noexcept;

/// The two characters of a reference field; empty for none.
[[nodiscard]] std::string_view type_of(reference_field which) noexcept;

}  // namespace ecr::protocol::till::hypercom
