#include "protocol/till/qfpay_local/cipher.hpp"

#include "protocol/errc.hpp"
#include "protocol/till/qfpay_local/qfpay_local_dialect.hpp"

#include <boost/system/system_error.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>

namespace ecr::protocol::till::qfpay_local {
namespace {

constexpr std::string_view initial_vector = "qfpay202306_hjsh";
constexpr std::size_t block_size = 16;
static_assert(initial_vector.size() == block_size);

struct context_deleter {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using context_ptr = std::unique_ptr<EVP_CIPHER_CTX, context_deleter>;

const unsigned char* bytes_of(std::string_view text) noexcept
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) noexcept
{
    return reinterpret_cast<unsigned char*>(text.data());
}

constexpr int value_of(char digit) noexcept
{
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

std::string key_bytes(cipher how, std::string_view pos_key)
{
    if (how == cipher::aes256) return std::string{pos_key};
    std::string key;
    for (std::size_t i = 0; i + 1 < pos_key.size(); i += 2)
        key += static_cast<char>(value_of(pos_key[i]) * 16 + value_of(pos_key[i + 1]));
    return key;
}

/// One pass of AES; nothing when the last block does not end in the padding.
std::optional<std::string> converted(std::string_view in, cipher how, std::string_view pos_key,
                                     bool encrypt)
{
    const auto key = key_bytes(how, pos_key);
    const auto* const algorithm = how == cipher::aes256 ? EVP_aes_256_cbc() : EVP_aes_128_cbc();
    const context_ptr context{EVP_CIPHER_CTX_new()};
    std::string out(in.size() + block_size, '\0');
    int size = 0;
    int rest = 0;
    // Sizes are bounded by text_size_max, far below what an int holds.
    if (!context ||
        EVP_CipherInit_ex(context.get(), algorithm, nullptr, bytes_of(key),
                          bytes_of(initial_vector), encrypt ? 1 : 0) != 1 ||
        EVP_CipherUpdate(context.get(), bytes_of(out), &size, bytes_of(in),
                         static_cast<int>(in.size())) != 1 ||
        EVP_CipherFinal_ex(context.get(), bytes_of(out) + size, &rest) != 1)
        return std::nullopt;
    out.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(rest));
    return out;
}

std::size_t padding_of(std::string_view base64) noexcept
{
    return base64.ends_with("==") ? 2U : base64.ends_with('=') ? 1U : 0U;
}

std::optional<std::string> from_base64(std::string_view text)
{
    const auto padding = padding_of(text);
    const auto digits = text.substr(0, text.size() - padding);
    if (text.empty() || text.size() % 4 != 0 || !std::ranges::all_of(digits, is_base64))
        return std::nullopt;
    std::string out(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(bytes_of(out), bytes_of(text), static_cast<int>(text.size()));
    if (size < 0 || static_cast<std::size_t>(size) < padding) return std::nullopt;
    out.resize(static_cast<std::size_t>(size) - padding);  // the library counts it as zeros
    return out;
}

std::string to_base64(std::string_view data)
{
    std::string out(4 * ((data.size() + 2) / 3) + 1, '\0');  // the library ends it with a zero
    const int size = EVP_EncodeBlock(bytes_of(out), bytes_of(data), static_cast<int>(data.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

}  // namespace

bool is_pos_key(std::string_view text) noexcept
{
    constexpr std::size_t digits = 32;
    return text.size() == digits &&
           std::ranges::all_of(text, [](char c) { return value_of(c) >= 0; });
}

bool may_be_whole(std::string_view base64) noexcept
{
    if (base64.empty() || base64.size() % 4 != 0) return false;
    return (base64.size() / 4 * 3 - padding_of(base64)) % block_size == 0;
}

std::optional<std::string> decrypted(std::string_view base64, cipher how, std::string_view pos_key)
{
    if (!is_pos_key(pos_key) || !may_be_whole(base64)) return std::nullopt;
    const auto data = from_base64(base64);
    return data ? converted(*data, how, pos_key, false) : std::nullopt;
}

std::string encrypted(std::string_view text, cipher how, std::string_view pos_key)
{
    const auto data = converted(text, how, pos_key, true);
    // Fails only for want of memory, or where a policy forbids AES.
    if (!data) throw boost::system::system_error{errc::bad_configuration, "OpenSSL refuses AES"};
    return to_base64(*data);
}

}  // namespace ecr::protocol::till::qfpay_local
