#include "daemon/access_windows.hpp"
#include "daemon/link/handle_windows.hpp"
#include "daemon/secret.hpp"

#include <boost/system/system_error.hpp>
#include <openssl/evp.h>

#include <windows.h>

#include <dpapi.h>
#include <memory>
#include <string_view>
#include <vector>

namespace ecr::daemon {
namespace {

/// What a file begins with whose secret Windows has encrypted; Base64 follows.
constexpr std::string_view dpapi_mark = "dpapi:";

// Another program of this machine that calls DPAPI must guess this, too; it is no secret.
constexpr std::string_view purpose = "ecrbridge client key";

struct local_free {
    void operator()(void* memory) const noexcept { ::LocalFree(memory); }
};

DATA_BLOB blob_of(std::string_view bytes)
{
    return {.cbData = static_cast<DWORD>(bytes.size()),
            .pbData = reinterpret_cast<BYTE*>(const_cast<char*>(bytes.data()))};
}

/// What Windows has made, and must be given back to.
std::string taken(const DATA_BLOB& made)
{
    const std::unique_ptr<void, local_free> owned{made.pbData};
    return {reinterpret_cast<const char*>(made.pbData), made.cbData};
}

std::string base64(std::string_view bytes)
{
    std::vector<unsigned char> text((bytes.size() + 2) / 3 * 4 + 1);
    const int size =
        ::EVP_EncodeBlock(text.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                          static_cast<int>(bytes.size()));
    return {text.begin(), text.begin() + size};
}

/// Empty: it is none.
std::string from_base64(std::string_view text)
{
    std::vector<unsigned char> bytes(text.size() / 4 * 3 + 3);
    const int size =
        ::EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                          static_cast<int>(text.size()));
    if (size < 0) return {};
    // It counts what fills up the last four letters.
    const auto fill = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    return {bytes.begin(), bytes.begin() + (size - fill)};
}

secret_reading decrypted(const std::filesystem::path& file, std::string_view text)
{
    const auto bytes = from_base64(text);
    auto in = blob_of(bytes);
    auto extra = blob_of(purpose);
    DATA_BLOB out{};
    if (bytes.empty() || !::CryptUnprotectData(&in, nullptr, &extra, nullptr, nullptr,
                                               CRYPTPROTECT_UI_FORBIDDEN, &out))
        return {.secret = {},
                .problem = file.string() +
                           " cannot be decrypted: was it made on another machine? Say \"ecrbridge "
                           "setup\" again, or write the key itself into it"};
    return {.secret = taken(out), .problem = {}};
}

}  // namespace

secret_reading read_secret_file(const std::filesystem::path& file)
{
    std::error_code unknown;
    if (!std::filesystem::exists(file, unknown))
        return {.secret = {}, .problem = "cannot find " + file.string()};
    const auto others = others_who_may_read(file);
    if (!others)
        return {.secret = {},
                .problem =
                    "cannot see who may read " + file.string() + ": " + others.error().message()};
    if (!others->empty())
        return {.secret = {},
                .problem = file.string() + " can be read by others (" + *others +
                           "): leave only SYSTEM, Administrators and the bridge's service"};
    auto reading = read_secret_text(file);
    if (reading.problem.empty() && reading.secret.starts_with(dpapi_mark))
        return decrypted(file, std::string_view{reading.secret}.substr(dpapi_mark.size()));
    return reading;
}

secret_reading read_credential(const std::string& name)
{
    return {.secret = {},
            .problem =
                "Windows has no credentials for services: name a file in "
                "client_key_file instead of the credential " +
                name};
}

std::string kept_form(const std::string& secret)
{
    auto in = blob_of(secret);
    auto extra = blob_of(purpose);
    DATA_BLOB out{};
    // Of the machine: whoever sets it up is not who runs the service. The file keeps others out.
    if (!::CryptProtectData(&in, L"ecrbridge", &extra, nullptr, nullptr,
                            CRYPTPROTECT_LOCAL_MACHINE | CRYPTPROTECT_UI_FORBIDDEN, &out))
        throw boost::system::system_error{last_windows_error(), "encrypting the client key"};
    return std::string{dpapi_mark} + base64(taken(out));
}

bool only_the_service_sees(const std::filesystem::path&)
{
    return false;
}

}  // namespace ecr::daemon
