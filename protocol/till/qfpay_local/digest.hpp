#pragma once

#include "protocol/till/qfpay_local/content.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The digest that proves that a request comes from someone who has the POS-KEY.
/// Source: dialects.md 1.1.
namespace ecr::protocol::till::qfpay_local {

/// "{k=v,k='v'}": sorted by name, texts in single quotes, numbers as received, null as ''.
[[nodiscard]] std::string format_content(std::vector<pair> pairs);

/// MD5 of format_content and POS-KEY, 32 upper-case hexadecimal digits.
[[nodiscard]] std::string digest_of(const std::vector<pair>& content, std::string_view pos_key);

/// The same of a content that has been written down already, in whatever bytes.
[[nodiscard]] std::string digest_of_text(std::string_view format_content, std::string_view pos_key);

/// Whether two digests are equal but for the case, in a time that depends on their sizes only.
[[nodiscard]] bool same_digest(std::string_view a, std::string_view b) noexcept;

}  // namespace ecr::protocol::till::qfpay_local
