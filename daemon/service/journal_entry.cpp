#include "daemon/service/journal_entry.hpp"

#include <cstdint>

namespace ecr::daemon {
namespace {

/// 64 bits, little endian, whatever the machine is.
std::string length_of(std::string_view value)
{
    std::string bytes;
    auto rest = static_cast<std::uint64_t>(value.size());
    for (int i = 0; i < 8; ++i, rest >>= 8)
        bytes += static_cast<char>(rest & 0xff);
    return bytes;
}

}  // namespace

std::string journal_entry(journal_fields fields)
{
    std::string entry;
    for (const auto& [name, value] : fields) {
        entry += name;
        // Only a value without a line break may stand behind an equals sign.
        if (value.find('\n') == std::string::npos)
            entry += "=" + value;
        else
            entry += "\n" + length_of(value) + value;
        entry += '\n';
    }
    return entry;
}

std::string journal_name(std::string_view key)
{
    std::string name = "ECR_";
    for (const char c : key) {
        const bool small = c >= 'a' && c <= 'z';
        const bool kept = small || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        name += small ? static_cast<char>(c - 'a' + 'A') : kept ? c : '_';
    }
    return name;
}

}  // namespace ecr::daemon
