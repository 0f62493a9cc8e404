#pragma once

#include "protocol/till/dialect.hpp"
#include "protocol/till/text_encoding.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The protocol of QFPay's own terminal app, with the bridge in the place of the terminal. See
/// README.md beside this file.
namespace ecr::protocol::till::qfpay_local {

/// The factory default, printed by QFPay: who has it can order payments. A bridge that still uses
/// it warns.
inline constexpr std::string_view published_pos_key = "f46b1f08bec1f39104792cc79ec9aacd";

enum class wrapping : std::uint8_t {
    http,    // HTTP/1.1, one request at a time
    tcp,     // Base64 without a delimiter
    serial,  // frames 2F 6E … 2F 6E
};

struct settings {
    wrapping wraps = wrapping::http;
    std::string pos_key{published_pos_key};
    bool encryption = true;  // false: plain text is accepted, too
    bool tls = false;        // the link is HTTPS
    // Unset: an encrypted request gets an encrypted answer, but plain JSON over TLS.
    std::optional<bool> encrypt_answers;
    // HTTP: browser tills served from there, "*": from anywhere. Empty: as "*", but none while the
    // key is the published one.
    std::vector<std::string> origins;
    // HTTP, while the key is the published one: names of the bridge beside its addresses and those
    // of the LAN. "*": any.
    std::vector<std::string> hosts = {};
    // Of the plain text, which is encrypted as these bytes. Unset: UTF-8, and nothing else.
    std::optional<text_encoding> encoding = {};
};

/// True for 32 hexadecimal digits. With another key nothing can be understood.
[[nodiscard]] bool is_pos_key(std::string_view text) noexcept;

/// In any case: half of what it protects does not mind.
[[nodiscard]] bool is_published(std::string_view key) noexcept;

[[nodiscard]] std::unique_ptr<dialect> make_qfpay_local_dialect(const settings& how);

}  // namespace ecr::protocol::till::qfpay_local
