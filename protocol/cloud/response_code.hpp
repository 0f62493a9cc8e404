#pragma once

#include <cstdint>
#include <string_view>

namespace ecr::protocol::cloud {

/// What a code proves. Source: contract 5, status_codes.csv.
enum class response_class : std::uint8_t {
    final_success,  // 0000, and only at transaction level
    final_failure,  // no money moved by this attempt
    pending_query,  // unknown: ask, never send again. Every unlisted code is of this class
    config_error,   // not executed; somebody must repair something
    transient,      // not executed; may be tried later
};

struct response_code {
    std::string_view code;
    response_class cls;
    bool confirm;              // believe a failure only after a second enquiry agrees
    std::string_view meaning;  // for people and logs, never for decisions
};

/// The entry of a code; for an unlisted code the one that says "unknown", class pending_query.
[[nodiscard]] const response_code& response_code_of(std::string_view code) noexcept;

[[nodiscard]] inline response_class class_of(std::string_view code) noexcept
{
    return response_code_of(code).cls;
}

}  // namespace ecr::protocol::cloud
