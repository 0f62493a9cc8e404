#include "protocol/till/line/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace ecr::protocol::till::line {
namespace {

constexpr std::size_t shown_size_max = 48;
constexpr std::size_t nearest_word_max = 32;  // nobody mistypes "pay" as a longer one

struct code_point {
    char32_t value = 0;
    std::size_t size = 0;  // 0: not UTF-8
};

/// Source: Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
code_point first_code_point(std::string_view text) noexcept
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto lead = byte(0);
    if (lead < 0x80) return {lead, 1};

    const std::size_t size = lead < 0xC2   ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
    if (size == 0 || text.size() < size) return {};
    char32_t value = lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return {};
        value = value << 6U | (byte(i) & 0x3FU);
    }
    constexpr auto smallest = std::to_array<char32_t>({0, 0, 0x80, 0x800, 0x10000});
    if (value < smallest[size] || value > 0x10FFFF) return {};
    if (value >= 0xD800 && value <= 0xDFFF) return {};
    return {value, size};
}

/// C0, DEL, C1, and the two separators that some readers take for the end of a line.
constexpr bool is_control(char32_t c) noexcept
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
}

/// Levenshtein, plus swaps of neighbours (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        now[j] = j;

    for (std::size_t i = 1; i <= a.size(); ++i) {
        before_last.swap(last);
        last.swap(now);
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + change});
            const bool swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swap) now[j] = std::min(now[j], before_last[j - 2] + 1);
        }
    }
    return now[b.size()];
}

}  // namespace

text_fault fault_of(std::string_view text) noexcept
{
    while (!text.empty()) {
        const auto [value, size] = first_code_point(text);
        if (size == 0) return text_fault::not_utf8;
        if (is_control(value) && value != '\t') return text_fault::control;
        text.remove_prefix(size);
    }
    return text_fault::none;
}

std::string clean(std::string_view text, std::size_t size_max)
{
    std::string out;
    while (!text.empty()) {
        const auto [value, size] = first_code_point(text);
        const auto step = std::max<std::size_t>(size, 1);
        if (out.size() + step > size_max) return out + "...";
        if (size == 0)
            out += '?';
        else if (is_control(value))
            out += ' ';
        else
            out += text.substr(0, size);
        text.remove_prefix(step);
    }
    return out;
}

std::string quoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out += '"';
}

std::string shown(std::string_view text)
{
    // Not double quotes: within a text= they would be escaped, and a simple till stops at the
    // first.
    return "'" + clean(text, shown_size_max) + "'";
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> names)
{
    if (word.size() < 2 || word.size() > nearest_word_max) return {};
    std::string_view best;
    auto best_distance = std::size_t{word.size() <= 4 ? 2U : 3U};  // one more than allowed
    for (const auto name : names) {
        const auto d = distance(word, name);
        if (d >= best_distance || d >= name.size()) continue;
        best = name;
        best_distance = d;
    }
    return best;
}

}  // namespace ecr::protocol::till::line
