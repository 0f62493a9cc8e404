#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace ecr::protocol {

/// Of the letters A to Z; every other byte is left as it is, whatever the locale says.
[[nodiscard]] constexpr char ascii_lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] inline std::string ascii_lower(std::string_view text)
{
    std::string out{text};
    for (char& c : out)
        c = ascii_lower(c);
    return out;
}

/// Equal but for capitals.
[[nodiscard]] constexpr bool same_but_for_case(std::string_view one,
                                               std::string_view other) noexcept
{
    return std::ranges::equal(one, other,
                              [](char a, char b) { return ascii_lower(a) == ascii_lower(b); });
}

}  // namespace ecr::protocol
