#pragma once

#include "protocol/till/qfpay_local/meaning.hpp"
#include "protocol/till/reply.hpp"

#include <string>
#include <string_view>

/// What a till hears. Source: dialects.md 1.3, 1.5; the decisions are in README.md.
namespace ecr::protocol::till::qfpay_local {

namespace respcd {
inline constexpr std::string_view wrong_key = "4003";
inline constexpr std::string_view not_post = "4004";
inline constexpr std::string_view other = "4005";
inline constexpr std::string_view bad_parameter = "4006";
inline constexpr std::string_view not_logged_in = "4007";
inline constexpr std::string_view not_decrypted = "5001";
inline constexpr std::string_view ok = "6000";
inline constexpr std::string_view cancelled = "6001";
inline constexpr std::string_view failed = "6002";
}  // namespace respcd

struct answer {
    std::string_view code;
    std::string text;
    std::string data;  // JSON as text; empty: none
};

/// `end` is a reply that ends a command. About money 6000 is said only when it moved.
[[nodiscard]] answer answer_to(function asked_for, const reply& end);

/// {"respcd":…,"respmsg":…,"resperr":…,"data":…}
[[nodiscard]] std::string to_json(const answer& what);

}  // namespace ecr::protocol::till::qfpay_local
