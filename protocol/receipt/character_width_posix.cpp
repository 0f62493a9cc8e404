#include "protocol/receipt/character_width.hpp"

#include <algorithm>
#include <utf8proc.h>

namespace ecr::protocol {

leading_character leading_character_of(std::string_view text) noexcept
{
    utf8proc_int32_t point = 0;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const auto read = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &point);
    if (read <= 0) return {};
    return {.size = static_cast<std::size_t>(read),
            .columns = static_cast<std::size_t>(std::max(0, utf8proc_charwidth(point)))};
}

}  // namespace ecr::protocol
