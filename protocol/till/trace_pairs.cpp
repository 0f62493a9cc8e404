#include "protocol/till/trace_pairs.hpp"

#include "protocol/ascii.hpp"

#include <algorithm>

namespace ecr::protocol::till {
namespace {

bool is_name(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::size_t past(std::string_view text, std::size_t at, std::string_view skipped)
{
    return std::min(text.find_first_not_of(skipped, at), text.size());
}

}  // namespace

std::vector<text_pair> pairs_in(std::string_view text)
{
    std::vector<text_pair> all;
    for (std::size_t at = 0; at < text.size();) {
        if (!is_name(text[at])) {
            ++at;
            continue;
        }
        auto end = at;
        while (end < text.size() && is_name(text[end]))
            ++end;
        auto name = ascii_lower(text.substr(at, end - at));
        at = end;
        const auto sign = past(text, past(text, end, "\\\"'"), " \t");
        if (sign == text.size() || (text[sign] != '=' && text[sign] != ':')) continue;
        const auto open = past(text, sign + 1, " \t\\");
        const bool quoted = open < text.size() && (text[open] == '"' || text[open] == '\'');
        const auto begin = open + (quoted ? 1 : 0);
        const auto last = quoted ? text.find_first_of({"\\\"", 2}, begin)
                                 : text.find_first_of(" \t\r\n,}]\"'\\&", begin);
        const auto single = quoted && text[open] == '\'' ? text.find('\'', begin) : last;
        const auto stop = std::min(std::min(last, single), text.size());
        all.push_back({std::move(name), begin, stop - std::min(begin, stop)});
        at = sign + 1;
    }
    return all;
}

std::string value_in(std::string_view text, std::string_view name)
{
    for (const auto& pair : pairs_in(text))
        if (pair.name == name) return std::string{text.substr(pair.begin, pair.size)};
    return {};
}

std::vector<trace_number> numbers_under(std::string_view text,
                                        std::span<const std::string_view> names)
{
    std::vector<trace_number> found;
    for (const auto& pair : pairs_in(text)) {
        const bool wanted = std::ranges::find(names, pair.name) != names.end();
        const bool known = std::ranges::find(found, pair.name, &trace_number::name) != found.end();
        if (wanted && !known && pair.size > 0)
            found.push_back({pair.name, std::string{text.substr(pair.begin, pair.size)}});
    }
    return found;
}

std::string renumbered_pairs(std::string_view text, std::span<const std::string_view> names,
                             const std::map<std::string, std::string>& numbers)
{
    std::string out{text};
    const auto pairs = pairs_in(text);
    for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair) {  // places before it stay
        if (std::ranges::find(names, pair->name) == names.end()) continue;
        const auto found = numbers.find(std::string{text.substr(pair->begin, pair->size)});
        if (found != numbers.end()) out.replace(pair->begin, pair->size, found->second);
    }
    return out;
}

}  // namespace ecr::protocol::till
