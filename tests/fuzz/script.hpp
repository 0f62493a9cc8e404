#pragma once

#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <utility>

namespace ecr::fuzz {

/// An input as a script: small numbers from its front decide how the rest is played.
class script {
public:
    explicit script(bytes input) : rest_{reinterpret_cast<const char*>(input.data()), input.size()}
    {}

    [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }

    /// The next byte; 0 at the end.
    [[nodiscard]] std::uint8_t number() noexcept
    {
        if (rest_.empty()) return 0;
        const auto byte = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return byte;
    }

    /// The next eight, the first the most significant.
    [[nodiscard]] std::int64_t long_number() noexcept
    {
        std::uint64_t value = 0;
        for (int i = 0; i < 8; ++i)
            value = value << 8U | number();
        return static_cast<std::int64_t>(value);
    }

    /// The next `size` bytes, or what is left.
    [[nodiscard]] std::string_view text(std::size_t size) noexcept
    {
        const auto piece = rest_.substr(0, size);
        rest_.remove_prefix(piece.size());
        return piece;
    }

    /// Up to the next byte 0, which goes with it.
    [[nodiscard]] std::string_view text() noexcept
    {
        const auto piece = rest_.substr(0, rest_.find('\0'));
        rest_.remove_prefix(std::min(piece.size() + 1, rest_.size()));
        return piece;
    }

    [[nodiscard]] std::string_view rest() noexcept { return std::exchange(rest_, {}); }

private:
    std::string_view rest_;
};

/// Cuts `stream` into pieces of 1 to 7 bytes, the same ones for the same `seed`, and calls
/// `give(piece)` for each.
template <class Give>
void in_pieces(std::string_view stream, std::uint32_t seed, Give give)
{
    while (!stream.empty()) {
        seed = seed * 1'664'525U + 1'013'904'223U;  // Numerical Recipes, 7.1
        const auto size = std::min<std::size_t>(1 + (seed >> 16U) % 7, stream.size());
        give(stream.substr(0, size));
        stream.remove_prefix(size);
    }
}

}  // namespace ecr::fuzz
