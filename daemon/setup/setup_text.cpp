#include "daemon/setup/setup_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <type_traits>
#include <vector>

namespace ecr::daemon {
namespace {

using lines = std::vector<std::string>;

lines lines_of(std::string_view text)
{
    lines all;
    while (!text.empty()) {
        const auto end = text.find('\n');
        all.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return all;
}

std::string in_quotes(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string made = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') made += '\\';
        if (byte >= 0x20 && byte != 0x7f)
            made += c;
        else
            made += std::string{"\\u00"} + digits[byte >> 4U] + digits[byte & 0xfU];
    }
    return made + '"';
}

std::string fraction(double number)
{
    char text[64];
    const auto [end, failed] = std::to_chars(std::begin(text), std::end(text), number);
    std::string made(static_cast<const char*>(text), static_cast<const char*>(end));
    if (made.find_first_of(".en") == std::string::npos) made += ".0";
    return made;
}

/// The name of "[name]" or "[[name]]" at the beginning of a line; nothing: the line is no header.
std::optional<std::string> header_of(const std::string& line)
{
    if (!line.starts_with('[')) return std::nullopt;
    const auto first = line.find_first_not_of('[');
    return line.substr(first, line.find(']') - first);
}

/// The key of "key = ", "#key = " or "# key = "; empty: the line is something else.
std::string_view key_of(std::string_view line)
{
    if (line.starts_with('#')) line.remove_prefix(1);
    if (line.starts_with(' ')) line.remove_prefix(1);
    const auto end = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_");
    if (end == 0 || end == std::string_view::npos) return {};
    return line.substr(end).starts_with(" = ") ? line.substr(0, end) : std::string_view{};
}

/// One table of the sample, its header first. Paragraphs with "# [[" are examples of further
/// tables.
class sample_table {
public:
    explicit sample_table(lines text) : text_{std::move(text)} {}

    [[nodiscard]] std::string name() const { return header_of(text_.front()).value_or(""); }

    /// With these settings in their places.
    [[nodiscard]] lines filled(const config_section& with) const
    {
        lines made;
        std::vector<std::string_view> placed;
        const auto examples = first_example();
        for (std::size_t i = 0; i < examples; ++i) {
            const auto key = key_of(text_[i]);
            const auto* setting = key.empty() ? nullptr : with.find(key);
            const bool first = std::ranges::find(placed, key) == placed.end();
            if (setting && first) {
                placed.push_back(key);
                made.push_back(setting->key + " = " + toml_of(setting->value));
            } else if (!key.empty() && !text_[i].starts_with('#')) {
                made.push_back("# " + text_[i]);  // the sample's choice, and not ours
            } else {
                made.push_back(text_[i]);
            }
        }
        while (!made.empty() && made.back().empty())
            made.pop_back();
        add_unplaced(with, placed, made);
        return made;
    }

    /// The paragraphs from the first example on.
    [[nodiscard]] lines examples() const
    {
        const auto from = static_cast<std::ptrdiff_t>(first_example());
        return {text_.begin() + from, text_.end()};
    }

private:
    /// The line at which the first paragraph with an example begins, or the end.
    [[nodiscard]] std::size_t first_example() const
    {
        std::size_t paragraph = 0;
        for (std::size_t i = 0; i < text_.size(); ++i) {
            if (text_[i].empty()) paragraph = i + 1;
            if (text_[i].starts_with("# [[")) return paragraph;
        }
        return text_.size();
    }

    /// Keys that the sample explains in its examples only: the wire of a serial port, a dialect's.
    static void add_unplaced(const config_section& with,
                             const std::vector<std::string_view>& placed, lines& made)
    {
        lines more;
        for (const auto& setting : with.settings)
            if (std::ranges::find(placed, setting.key) == placed.end())
                more.push_back(setting.key + " = " + toml_of(setting.value));
        // Behind the kind of the link, which they belong to.
        const auto is_kind = [](const std::string& line) { return line.starts_with("type = "); };
        const auto kind = std::ranges::find_if(made, is_kind);
        made.insert(kind == made.end() ? kind : kind + 1, more.begin(), more.end());
    }

    lines text_;
};

/// A table without explanations.
lines plain(const config_section& section)
{
    lines made{section.title()};
    for (const auto& setting : section.settings)
        made.push_back(setting.key + " = " + toml_of(setting.value));
    return made;
}

void append(lines& to, const lines& more)
{
    to.insert(to.end(), more.begin(), more.end());
}

/// A table of the sample as it becomes, with the others of its name behind it.
lines written(const sample_table& table, std::span<const config_section> sections)
{
    const auto name = table.name();
    const config_section none{.name = name};
    lines made;
    bool first = true;
    for (const auto& section : sections) {
        if (section.name != name) continue;
        if (!first) made.emplace_back();
        append(made, first ? table.filled(section) : plain(section));
        first = false;
    }
    if (first) made = table.filled(none);
    // Further merchants belong behind the first, whose table has another name.
    for (const auto& section : sections) {
        if (name != "cloud" || section.name != "merchant") continue;
        made.emplace_back();
        append(made, plain(section));
    }
    if (!table.examples().empty()) made.emplace_back();
    append(made, table.examples());
    return made;
}

/// Comments right above a header belong to it.
std::size_t begin_of_table(const lines& all, std::size_t header)
{
    while (header > 0 && all[header - 1].starts_with('#'))
        --header;
    return header;
}

}  // namespace

std::string toml_of(const decltype(config_setting::value)& value)
{
    const auto text = [](const auto& held) -> std::string {
        using held_type = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<held_type, bool>) {
            return held ? "true" : "false";
        } else if constexpr (std::is_same_v<held_type, std::int64_t>) {
            return std::to_string(held);
        } else if constexpr (std::is_same_v<held_type, double>) {
            return fraction(held);
        } else if constexpr (std::is_same_v<held_type, std::string>) {
            return in_quotes(held);
        } else if constexpr (std::is_same_v<held_type, std::vector<std::string>>) {
            std::string list;
            for (const auto& each : held)
                list += (list.empty() ? "" : ", ") + in_quotes(each);
            return "[" + list + "]";
        } else {
            return "\"\"";  // no key takes it, so that no checked plan has it
        }
    };
    return std::visit(text, value);
}

std::string setup_text(std::string_view sample, std::span<const config_section> sections)
{
    const auto all = lines_of(sample);
    std::vector<std::size_t> headers;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (header_of(all[i])) headers.push_back(i);

    const auto piece = [&](std::size_t from, std::size_t to) {
        return lines{all.begin() + static_cast<std::ptrdiff_t>(from),
                     all.begin() + static_cast<std::ptrdiff_t>(to)};
    };
    const auto end_of_preface = headers.empty() ? all.size() : begin_of_table(all, headers.front());
    lines made = piece(0, end_of_preface);
    for (std::size_t i = 0; i < headers.size(); ++i) {
        const bool last = i + 1 == headers.size();
        const auto end = last ? all.size() : begin_of_table(all, headers[i + 1]);
        append(made, piece(begin_of_table(all, headers[i]), headers[i]));
        append(made, written(sample_table{piece(headers[i], end)}, sections));
        while (!made.empty() && made.back().empty())
            made.pop_back();
        if (!last) made.emplace_back();
    }
    std::string text;
    for (const auto& line : made)
        text += line + "\n";
    return text;
}

}  // namespace ecr::daemon
