#include "protocol/till/trace_record.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace ecr::protocol::till {
namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr std::string_view none = "-";  // for what is empty
constexpr std::size_t words_max = 8;

std::string word_of(std::string_view text)
{
    if (text.empty()) return std::string{none};
    std::string word{text};
    std::ranges::replace_if(
        word, [](unsigned char c) { return c <= ' ' || c == 0x7f; }, '_');
    return word;
}

std::string text_of(std::string_view word)
{
    return word == none ? std::string{} : std::string{word};
}

template <class T>
bool take_number(std::string_view text, T& into)
{
    const auto* end = text.data() + text.size();
    const auto [past, failed] = std::from_chars(text.data(), end, into);
    return failed == std::errc{} && past == end && !text.empty();
}

/// "2026-11-22T06:10:00.123Z"
std::optional<timestamp> time_of(std::string_view text)
{
    constexpr std::string_view shape = "0000-00-00T00:00:00.000Z";
    if (text.size() != shape.size()) return std::nullopt;
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (shape[i] != '0' && text[i] != shape[i]) return std::nullopt;
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int ms = 0;
    const bool numbers =
        take_number(text.substr(0, 4), year) && take_number(text.substr(5, 2), month) &&
        take_number(text.substr(8, 2), day) && take_number(text.substr(11, 2), hour) &&
        take_number(text.substr(14, 2), minute) && take_number(text.substr(17, 2), second) &&
        take_number(text.substr(20, 3), ms);
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    if (!numbers || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return timestamp{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
           std::chrono::minutes{minute} + std::chrono::seconds{second} +
           std::chrono::milliseconds{ms};
}

std::vector<std::string_view> words_of(std::string_view line)
{
    std::vector<std::string_view> words;
    while (!line.empty() && words.size() <= words_max) {
        const auto end = std::min(line.find(' '), line.size());
        if (end > 0) words.push_back(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return words;
}

int value_of(char digit)
{
    const auto at =
        digits.find(digit >= 'A' && digit <= 'F' ? static_cast<char>(digit + 32) : digit);
    return at == digits.npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::string hex_of(std::string_view bytes)
{
    std::string out;
    out.reserve(2 * bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4U];
        out += digits[byte & 0x0FU];
    }
    return out;
}

std::optional<std::string> bytes_of_hex(std::string_view hex)
{
    if (hex.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = value_of(hex[i]);
        const int low = value_of(hex[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

std::string to_trace_line(const trace_record& record)
{
    return to_iso8601(record.at) + ' ' + word_of(record.link) + ' ' +
           std::to_string(record.connection) + ' ' + word_of(record.till) + ' ' +
           word_of(record.language) + ' ' + static_cast<char>(record.what) + ' ' +
           word_of(record.form) + ' ' + word_of(hex_of(record.bytes));
}

std::optional<trace_record> parse_trace_line(std::string_view line)
{
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with('#')) return std::nullopt;
    const auto words = words_of(line);
    if (words.size() != words_max) return std::nullopt;
    const auto at = time_of(words[0]);
    const auto bytes = bytes_of_hex(words[7] == none ? std::string_view{} : words[7]);
    constexpr std::string_view events = "+-><";
    trace_record record{.at = at.value_or(timestamp{}),
                        .link = text_of(words[1]),
                        .connection = 0,
                        .till = text_of(words[3]),
                        .language = text_of(words[4]),
                        .what = static_cast<trace_event>(words[5].front()),
                        .form = text_of(words[6]),
                        .bytes = bytes.value_or(std::string{})};
    const bool good = at && bytes && words[5].size() == 1 &&
                      events.find(words[5].front()) != events.npos &&
                      take_number(words[2], record.connection);
    if (!good) return std::nullopt;
    return record;
}

}  // namespace ecr::protocol::till
