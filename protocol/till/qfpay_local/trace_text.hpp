#pragma once

#include "protocol/till/trace_cutter.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What a request or an answer looks like in a trace, and how it gets back on the link.
namespace ecr::protocol::till::qfpay_local {

struct traced_text {
    std::string text;  // plain, secrets masked
    std::string_view form;
};

/// `bytes`: Base64 of the ciphertext, the same as a JSON string, or plain text. A digest that is
/// right becomes zeros; one that is wrong becomes x's, so that it stays wrong.
///
/// Nothing: it is none of these, or not decrypted by this key.
[[nodiscard]] std::optional<traced_text> opened_for_trace(heading way, std::string_view bytes,
                                                          std::string_view pos_key);

/// The other way round: with a right digest where there are zeros, and encrypted as `form` says.
[[nodiscard]] std::string sealed_again(std::string_view text, std::string_view form,
                                       std::string_view pos_key);

/// An HTTP message, its head with the empty line.
struct http_parts {
    std::string head;
    std::string body;
};
[[nodiscard]] std::optional<http_parts> http_parts_of(std::string_view bytes);
/// The value of a header; empty: none.
[[nodiscard]] std::string header_in(std::string_view head, std::string_view name);
/// The same head for another body.
[[nodiscard]] std::string with_body(std::string_view head, std::string_view body);
/// Without what tells who is there: credentials, and all behind a '?'.
[[nodiscard]] std::string masked_head(std::string_view head);

/// All data of one message on a serial line, whose frames are `bytes`.
struct serial_message {
    std::uint8_t type = 0;
    std::uint8_t ref = 0;
    std::string data;
};
[[nodiscard]] std::optional<serial_message> serial_message_of(std::string_view bytes);

}  // namespace ecr::protocol::till::qfpay_local
