#pragma once

#include "protocol/cloud/signature.hpp"
#include "protocol/errc.hpp"

namespace ecr::protocol::cloud {

/// application/x-www-form-urlencoded, UTF-8; blanks become '+'. Empty values are left out, as in
/// the signature.
[[nodiscard]] std::string encode_form(const form& parameters);

/// Errors: errc::bad_form  a broken percent escape, a pair without a name, more than 64 pairs
[[nodiscard]] result<form> decode_form(std::string_view body);

}  // namespace ecr::protocol::cloud
