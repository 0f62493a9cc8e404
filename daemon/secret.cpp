#include "daemon/secret.hpp"

#include "daemon/limits.hpp"

#include <openssl/crypto.h>

#include <fstream>
#include <iterator>

namespace ecr::daemon {

secret_reading read_secret_text(const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    std::string text(limits::secret_size_max + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || (in.gcount() == 0 && !in.eof()))
        return {.problem = "cannot read " + file.string()};
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > limits::secret_size_max) return {.problem = file.string() + " is too long"};

    constexpr auto blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string::npos) return {.problem = file.string() + " is empty"};
    return {.secret = text.substr(first, text.find_last_not_of(blanks) - first + 1)};
}

bool same_secret(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace ecr::daemon
