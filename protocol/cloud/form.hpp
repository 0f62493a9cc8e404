#pragma once

#include "protocol/cloud/signature.hpp"
#include "protocol/errc.hpp"

#include <cstddef>

namespace ecr::protocol::cloud {

inline constexpr std::size_t form_pairs_max = 64;

/// application/x-www-form-urlencoded, UTF-8; blanks become '+'. Empty values are left out, as in
/// the signature.
[[nodiscard]] std::string encode_form(const form& parameters);

/// Errors: errc::bad_form  a broken percent escape, a pair without a name, a name that comes
///                         twice, more than form_pairs_max pairs
[[nodiscard]] result<form> decode_form(std::string_view body);

}  // namespace ecr::protocol::cloud
