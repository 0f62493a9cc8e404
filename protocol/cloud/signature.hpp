#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ecr::protocol::cloud {

/// Body parameters in the order they are sent; names are unique.
using form = std::vector<std::pair<std::string, std::string>>;

enum class sign_algorithm : std::uint8_t { md5, sha256 };

/// The signature of a request: parameters sorted by name, joined raw as name=value with '&', the
/// client key appended, hashed. Empty values are left out. Upper-case hex for MD5, lower-case for
/// SHA256.
///
/// Source: contract 2.2; shared vectors R01 to R33.
[[nodiscard]] std::string request_signature(const form& parameters, std::string_view client_key,
                                            sign_algorithm algorithm);

/// The signature of a body as received (responses, notifications): hash of body + key, upper-case
/// hex MD5 or lower-case hex SHA256.
///
/// Source: contract 2.4, 7.1; vectors B01 to B17.
[[nodiscard]] std::string body_signature(std::string_view body, std::string_view key,
                                         sign_algorithm algorithm);

/// Compares two hex signatures, ignoring case, in time that depends only on their lengths.
[[nodiscard]] bool same_signature(std::string_view a, std::string_view b) noexcept;

}  // namespace ecr::protocol::cloud
