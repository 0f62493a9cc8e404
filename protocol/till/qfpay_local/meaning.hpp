#pragma once

#include "protocol/till/command.hpp"
#include "protocol/till/qfpay_local/content.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// From the content of a request to a command. Source: dialects.md 1.2.
namespace ecr::protocol::till::qfpay_local {

/// func_type.
enum class function : std::uint16_t {
    payment = 1001,
    refund = 1002,
    receipt = 3001,
    summary = 3002,
    enquiry = 4001,
    cancel = 5001,
};

/// The function of an HTTP path such as "/api/pos/trade"; nothing: no such path.
[[nodiscard]] std::optional<function> function_of_path(std::string_view path) noexcept;

struct asked {
    function what{};
    command means;
};

/// Why a content is no command: a sentence for respcd 4006.
struct refusal {
    std::string text;
};

/// `by_path`: what the path of the request says, if it says anything; it must not contradict.
[[nodiscard]] std::variant<asked, refusal> meaning_of(const std::vector<pair>& content,
                                                      std::optional<function> by_path);

}  // namespace ecr::protocol::till::qfpay_local
