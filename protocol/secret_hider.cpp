#include "protocol/secret_hider.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace ecr::protocol {
namespace {

constexpr std::string_view shown_instead = "(hidden)";
constexpr std::size_t backslashes_max = 8;  // JSON in JSON in JSON

using places = std::vector<std::size_t>;

/// The number that `digits` hexadecimal digits say.
std::optional<unsigned> hex_at(std::string_view text, std::size_t at, std::size_t digits)
{
    if (at + digits > text.size()) return std::nullopt;
    const auto* end = text.data() + at + digits;
    unsigned value = 0;
    const auto [last, failed] = std::from_chars(text.data() + at, end, value, 16);
    if (failed != std::errc{} || last != end) return std::nullopt;
    return value;
}

/// What an escape by one letter stands for.
std::optional<char> meaning_of(char letter)
{
    constexpr auto letters = std::to_array<std::pair<char, char>>({{'"', '"'},
                                                                   {'\'', '\''},
                                                                   {'/', '/'},
                                                                   {'\\', '\\'},
                                                                   {'b', '\b'},
                                                                   {'f', '\f'},
                                                                   {'n', '\n'},
                                                                   {'r', '\r'},
                                                                   {'t', '\t'}});
    for (const auto& [written, meant] : letters)
        if (written == letter) return meant;
    return std::nullopt;
}

/// Adds where a byte ends that begins at `at`: as it is, or in percent-encoding.
void end_byte(std::string_view text, std::size_t at, char byte, places& into)
{
    if (at >= text.size()) return;
    if (text[at] == byte || (text[at] == '+' && byte == ' ')) into.push_back(at + 1);
    if (text[at] != '%') return;
    const auto value = hex_at(text, at + 1, 2);
    if (value && *value == static_cast<unsigned char>(byte)) into.push_back(at + 3);
}

/// Adds where "uXXXX" ends, one half of a pair or both, that stands for `point`.
void end_unicode(std::string_view text, std::size_t at, char32_t point, places& into)
{
    const auto first = text[at] == 'u' ? hex_at(text, at + 1, 4) : std::nullopt;
    if (!first) return;
    if (*first == point) into.push_back(at + 5);
    if (point < 0x10000 || *first != 0xD800 + ((point - 0x10000) >> 10U)) return;
    auto next = at + 5;
    while (next < text.size() && text[next] == '\\')
        ++next;
    if (next == at + 5 || next == text.size() || text[next] != 'u') return;
    if (hex_at(text, next + 1, 4) == 0xDC00 + ((point - 0x10000) & 0x3FFU))
        into.push_back(next + 5);
}

/// Adds where a character ends that begins with one backslash or several.
void end_escape(std::string_view text, std::size_t at, char32_t point, places& into)
{
    auto next = at;
    while (next < text.size() && text[next] == '\\' && next - at < backslashes_max) {
        ++next;
        if (point == '\\') into.push_back(next);
        if (next == text.size()) return;
        end_unicode(text, next, point, into);
        const auto meant = meaning_of(text[next]);
        if (meant && point == static_cast<unsigned char>(*meant)) into.push_back(next + 1);
        if (text[next] == 'x' && point < 0x80 && hex_at(text, next + 1, 2) == point)
            into.push_back(next + 3);
    }
}

void each_once(places& all)
{
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
}

}  // namespace

secret_hider::characters secret_hider::characters_of(std::string_view secret)
{
    characters all;
    std::size_t lacking = 0;  // bytes of the last one that are still to come
    for (const char c : secret) {
        const unsigned byte = static_cast<unsigned char>(c);
        if (lacking > 0 && (byte & 0xC0U) == 0x80) {
            all.back().bytes += c;
            all.back().point = (all.back().point << 6U) | (byte & 0x3FU);
            --lacking;
            continue;
        }
        lacking = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
        const unsigned own = lacking == 0 ? 0xFFU : 0x3FU >> lacking;  // the others say the length
        all.push_back({.bytes = {c}, .point = byte & own});
    }
    return all;
}

std::optional<std::size_t> secret_hider::end_of(const characters& secret, std::string_view text,
                                                std::size_t at)
{
    places here{at};
    for (const auto& each : secret) {
        places next;
        for (const auto from : here) {
            places bytes{from};
            for (const char byte : each.bytes) {
                places further;
                for (const auto place : bytes)
                    end_byte(text, place, byte, further);
                bytes = std::move(further);
            }
            next.insert(next.end(), bytes.begin(), bytes.end());
            end_escape(text, from, each.point, next);
        }
        if (next.empty()) return std::nullopt;
        each_once(next);
        here = std::move(next);
    }
    return here.back();
}

bool secret_hider::learn(std::string_view secret)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = secret.find_first_not_of(blanks);
    if (first == std::string_view::npos) return true;  // nothing to hide
    secret = secret.substr(first, secret.find_last_not_of(blanks) - first + 1);
    if (secret.size() < size_min) return false;
    secrets_.push_back(characters_of(secret));
    return true;
}

std::string secret_hider::hidden(std::string_view text) const
{
    std::string made;
    made.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        for (const auto& secret : secrets_) {
            // Most places begin none: a look at one byte says so.
            const char c = text[at];
            if (c != secret.front().bytes.front() && c != '%' && c != '\\') continue;
            end = std::max(end, end_of(secret, text, at).value_or(at));
        }
        if (end == at) {
            made += text[at++];
            continue;
        }
        made += shown_instead;
        at = end;
    }
    return made;
}

}  // namespace ecr::protocol
