#include "protocol/cloud/signature.hpp"

#include "protocol/errc.hpp"

#include <boost/system/system_error.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <utility>

namespace ecr::protocol::cloud {
namespace {

std::string hex(std::string_view bytes, std::string_view digits)
{
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        text += digits[value >> 4];
        text += digits[value & 0xF];
    }
    return text;
}

struct digest_deleter {
    void operator()(EVP_MD* fetched) const noexcept { EVP_MD_free(fetched); }
};

/// Looked up once: EVP_md5() looks it up again for each text, which takes longer than the text.
const EVP_MD* fetched(bool md5)
{
    using fetched_ptr = std::unique_ptr<EVP_MD, digest_deleter>;
    static const fetched_ptr md5_one{EVP_MD_fetch(nullptr, "MD5", nullptr)};
    static const fetched_ptr sha256_one{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    return md5 ? md5_one.get() : sha256_one.get();
}

std::string digest(std::string_view text, sign_algorithm algorithm)
{
    const bool md5 = algorithm == sign_algorithm::md5;
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    // Fails only where a policy (FIPS) forbids MD5. No request can be signed there at all.
    if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, fetched(md5), nullptr) != 1)
        throw boost::system::system_error{errc::bad_configuration, "OpenSSL refuses the digest"};

    const std::string_view view{reinterpret_cast<const char*>(bytes.data()), size};
    return hex(view, md5 ? "0123456789ABCDEF" : "0123456789abcdef");
}

// No branch on the value, so that the time does not tell how far two signatures agree.
constexpr unsigned lower(char c) noexcept
{
    const unsigned value = static_cast<unsigned char>(c);
    return value | (static_cast<unsigned>(value - 'A' < 26U) << 5U);
}

}  // namespace

std::string request_signature(const form& parameters, std::string_view client_key,
                              sign_algorithm algorithm)
{
    using parameter = form::value_type;
    std::vector<std::reference_wrapper<const parameter>> sorted;
    for (const auto& each : parameters) {
        const auto& [name, value] = each;
        if (!value.empty() && name != "sign" && name != "sign_type") sorted.emplace_back(each);
    }
    // By name alone: sorting the joined pairs puts "chnlsn2=" before "chnlsn=" ('2' < '=').
    std::ranges::sort(sorted, {}, [](const parameter& p) -> std::string_view { return p.first; });

    std::string text;
    for (const parameter& each : sorted) {
        if (!text.empty()) text += '&';
        text.append(each.first).append("=").append(each.second);
    }
    return digest(text.append(client_key), algorithm);
}

std::string body_signature(std::string_view body, std::string_view key, sign_algorithm algorithm)
{
    return digest(std::string{body}.append(key), algorithm);
}

bool same_signature(std::string_view a, std::string_view b) noexcept
{
    // Two missing signatures agree on nothing.
    if (a.empty() || a.size() != b.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference |= lower(a[i]) ^ lower(b[i]);
    return difference == 0;
}

}  // namespace ecr::protocol::cloud
