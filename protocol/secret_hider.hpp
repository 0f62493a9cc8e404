#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::protocol {

/// Hides secrets in texts, in whatever form they stand there: as they are, in percent-encoding, in
/// JSON's or another language's escapes, also one within the other.
class secret_hider {
public:
    /// Shorter ones would be found in words and numbers that are none.
    static constexpr std::size_t size_min = 6;

    /// Blanks and ends of lines at both ends do not count. False: it is too short, and not hidden.
    bool learn(std::string_view secret);

    /// The text, "(hidden)" in the place of each secret.
    [[nodiscard]] std::string hidden(std::string_view text) const;

private:
    /// A character, as it is and by its number.
    struct character {
        std::string bytes;
        char32_t point = 0;
    };
    using characters = std::vector<character>;

    [[nodiscard]] static characters characters_of(std::string_view secret);
    /// Where characters end that begin at `at` in the text; nothing: others stand there.
    [[nodiscard]] static std::optional<std::size_t> end_of(const characters& secret,
                                                           std::string_view text, std::size_t at);

    std::vector<characters> secrets_;
};

}  // namespace ecr::protocol
