#pragma once

#include <string>
#include <string_view>

/// What a trace hides, and how: in place, with the same length, so that what is left can be played
/// again. Digits become 0 and everything else x.
namespace ecr::protocol::till {

/// All of it but for the first `shown` bytes.
[[nodiscard]] std::string blotted(std::string_view text, std::size_t shown = 0);

/// Digits that a till's scanner may have typed: the first two, which tell the wallet, stay.
inline constexpr std::size_t code_digits_shown = 2;

struct mask_rules {
    /// Whether what stands under this name is a secret. Names come in lower case.
    bool (*is_secret)(std::string_view name);
    /// Whether a long number under this name is harmless. Elsewhere 12 digits and more are hidden.
    bool (*keeps_numbers)(std::string_view name);
};

/// A text of names and values, whatever its syntax: `name=value`, JSON, or what a person typed.
/// Rather too much is masked than too little. Card numbers are masked under every name.
[[nodiscard]] std::string masked_pairs(std::string_view text, const mask_rules& rules);

/// Bytes without a known form: letters and digits are hidden, so that the others can be seen.
[[nodiscard]] std::string masked_noise(std::string_view bytes);

/// Binary bytes without a known form: of the runs of more than six digits, all but the first two.
[[nodiscard]] std::string masked_digits(std::string_view bytes);

}  // namespace ecr::protocol::till
