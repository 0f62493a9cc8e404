// What an error must not repeat.
#include "protocol/till/line/text.hpp"
#include "protocol/till/line/written_line.hpp"

#include <algorithm>

namespace ecr::protocol::till::line {
namespace {

constexpr int harmless_digits_max = 11;

bool is_secret_key(std::string_view name)
{
    const auto k = find_key(name);
    return k && secret_keys.contains(*k);
}

}  // namespace

bool names_a_secret(std::string_view key)
{
    if (find_key(key)) return is_secret_key(key);
    return key.find("pass") != std::string_view::npos ||
           key.find("code") != std::string_view::npos || is_secret_key(suggested_key(key));
}

bool looks_secret(std::string_view text) noexcept
{
    return std::ranges::count_if(text, is_digit) > harmless_digits_max;
}

std::string shown_word(std::string_view word)
{
    const auto equals = word.find_first_of("= ");  // what holds a blank is no key
    if (equals != word.npos && word[equals] == '=' && names_a_secret(word.substr(0, equals)))
        return shown(word.substr(0, equals + 1)) + "***";
    return looks_secret(word) ? "***" : shown(word);
}

}  // namespace ecr::protocol::till::line
