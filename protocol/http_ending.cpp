#include "protocol/http_ending.hpp"

#include "protocol/ascii.hpp"

#include <algorithm>

namespace ecr::protocol {

bool is_clear(const http_ending& head) noexcept
{
    if (head.transfer_encodings.empty()) return true;
    return head.version >= 11 && head.transfer_encodings.size() == 1 &&
           same_but_for_case(head.transfer_encodings.front(), "chunked");
}

bool is_clear_extension(std::string_view extension) noexcept
{
    return std::ranges::none_of(extension, [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
}

bool has_folded_line(std::string_view head) noexcept
{
    return head.find("\n ") != head.npos || head.find("\n\t") != head.npos;
}

}  // namespace ecr::protocol
