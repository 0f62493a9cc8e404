#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// AES-CBC with the POS-KEY, the published IV and PKCS7 padding, as Base64 text.
/// Source: dialects.md 1.1.
namespace ecr::protocol::till::qfpay_local {

enum class cipher : std::uint8_t {
    aes256,  // the key is the 32 ASCII bytes of the POS-KEY, as clients in the field do
    aes128,  // the key is the 16 bytes it spells in hexadecimal, as the documents say
};

/// Nothing when the text is not Base64, or does not decrypt under this key.
[[nodiscard]] std::optional<std::string> decrypted(std::string_view base64, cipher how,
                                                   std::string_view pos_key);

/// `pos_key` has to be one: see is_pos_key().
[[nodiscard]] std::string encrypted(std::string_view text, cipher how, std::string_view pos_key);

[[nodiscard]] constexpr bool is_base64(char c) noexcept
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

/// True when Base64 of so many characters, padding included, can be whole blocks of AES.
[[nodiscard]] bool may_be_whole(std::string_view base64) noexcept;

}  // namespace ecr::protocol::till::qfpay_local
