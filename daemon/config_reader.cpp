#include "daemon/config_reader.hpp"

#include <algorithm>
#include <cmath>

namespace {

/// Found by a fuzzer: on "[" at the end of a line toml++ 3.3 fails an assertion of its own where it
/// ought to report an error. It throws on errors, so this passes through it as its own would.
struct confused_parser {};

// A function, because the compiler warns of a throw it can see where nothing may be thrown.
[[noreturn]] void give_up()
{
    throw confused_parser{};
}

}  // namespace

#define TOML_ASSERT(expr) ((expr) ? void() : give_up())
#include <toml++/toml.h>

namespace ecr::daemon {
namespace {

int line_of(const toml::source_region& where)
{
    return static_cast<int>(where.begin.line);
}

std::string_view type_name(const toml::node& value)
{
    switch (value.type()) {
        case toml::node_type::table: return "a table";
        case toml::node_type::array: return "a list";
        case toml::node_type::string: return "text";
        case toml::node_type::integer: return "a whole number";
        case toml::node_type::floating_point: return "a fraction";
        case toml::node_type::boolean: return "true or false";
        case toml::node_type::date: return "a date";
        case toml::node_type::time: return "a time of day";
        case toml::node_type::date_time: return "a date and time";
        case toml::node_type::none: break;
    }
    return "nothing";
}

/// Nothing: it also holds something else.
std::optional<std::vector<std::string>> texts_of(const toml::array& list)
{
    std::vector<std::string> made;
    for (const auto& element : list) {
        const auto* text = element.as_string();
        if (!text) return std::nullopt;
        made.push_back(text->get());
    }
    return made;
}

config_setting to_setting(std::string_view key, int line, const toml::node& value)
{
    config_setting made{.key = std::string{key}, .value = foreign_value{type_name(value)}};
    made.line = line;
    if (const auto* flag = value.as_boolean()) made.value = flag->get();
    if (const auto* number = value.as_integer()) made.value = number->get();
    if (const auto* fraction = value.as_floating_point()) made.value = fraction->get();
    if (const auto* text = value.as_string()) made.value = text->get();
    if (const auto* list = value.as_array())
        if (auto texts = texts_of(*list)) made.value = std::move(*texts);
    return made;
}

config_section to_section(std::string_view name, bool repeated, const toml::table& table)
{
    config_section made{.name = std::string{name}, .repeated = repeated};
    made.line = line_of(table.source());
    for (const auto& [key, value] : table)
        made.settings.push_back(to_setting(key.str(), line_of(key.source()), value));
    std::ranges::stable_sort(made.settings, {}, &config_setting::line);
    return made;
}

std::vector<config_section> to_sections(const toml::table& root)
{
    std::vector<config_section> made;
    config_section top{.line = 1};
    for (const auto& [key, value] : root) {
        if (const auto* table = value.as_table()) {
            made.push_back(to_section(key.str(), false, *table));
        } else if (const auto* list = value.as_array(); list && list->is_array_of_tables()) {
            for (const auto& element : *list)
                made.push_back(to_section(key.str(), true, *element.as_table()));
        } else {
            top.settings.push_back(to_setting(key.str(), line_of(key.source()), value));
        }
    }
    std::ranges::stable_sort(made, {}, &config_section::line);
    if (!top.settings.empty()) made.insert(made.begin(), std::move(top));
    return made;
}

std::string in_seconds(milliseconds value)
{
    const auto count = value.count();
    if (count % 1000 == 0) return std::to_string(count / 1000);
    auto text = std::to_string(static_cast<double>(count) / 1000);
    text.erase(text.find_last_not_of('0') + 1);
    return text;
}

bool has_control_characters(std::string_view text)
{
    return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool confuses_parser(std::string_view toml)
{
    try {
        (void)toml::parse(toml);
    } catch (const toml::parse_error&) {
        return false;
    } catch (const confused_parser&) {
        return true;
    }
    return false;
}

/// The first line that confuses the parser. It reads from front to back, so every longer piece of
/// the file confuses it, too.
int confusing_line(std::string_view toml)
{
    std::vector<std::size_t> ends;
    for (std::size_t at = 0; at < toml.size(); ++at)
        if (toml[at] == '\n') ends.push_back(at + 1);
    const auto found = std::ranges::partition_point(
        ends, [&](std::size_t end) { return !confuses_parser(toml.substr(0, end)); });
    return static_cast<int>(found - ends.begin()) + 1;
}

}  // namespace

const config_setting* config_section::find(std::string_view key) const noexcept
{
    const auto found = std::ranges::find(settings, key, &config_setting::key);
    return found == settings.end() ? nullptr : &*found;
}

int config_section::line_of(std::string_view key) const noexcept
{
    const auto* setting = find(key);
    return setting ? setting->line : line;
}

std::string config_section::title() const
{
    return repeated ? "[[" + name + "]]" : "[" + name + "]";
}

std::optional<std::vector<config_section>> read_sections(std::string_view toml,
                                                         config_report& report)
{
    // Debian's library is built with exceptions, and its parser gives up at the first error.
    try {
        return to_sections(toml::parse(toml));
    } catch (const toml::parse_error& failed) {
        report.problems.push_back({.line = line_of(failed.source()),
                                   .text = "not TOML: " + std::string{failed.description()}});
        return std::nullopt;
    } catch (const confused_parser&) {
        report.problems.push_back({.line = confusing_line(toml),
                                   .text = "not TOML: there is no name where one has to be"});
        return std::nullopt;
    }
}

void setting_reader::text(std::string& into, std::size_t size_max)
{
    const auto* got = std::get_if<std::string>(&setting_.value);
    if (!got) return refuse_type("text in quotes");
    if (got->size() > size_max)
        return refuse("must not be longer than " + std::to_string(size_max) + " bytes");
    if (has_control_characters(*got)) return refuse("must not contain control characters");
    into = *got;
}

void setting_reader::path(std::filesystem::path& into)
{
    std::string name = into.string();
    text(name, path_size_max);
    into = name;
}

void setting_reader::yes_or_no(bool& into)
{
    const auto* got = std::get_if<bool>(&setting_.value);
    if (!got) return refuse_type("true or false");
    into = *got;
}

void setting_reader::texts(std::vector<std::string>& into, std::size_t count_max)
{
    const auto* got = std::get_if<std::vector<std::string>>(&setting_.value);
    if (!got) return refuse_type("a list of texts in quotes");
    if (got->size() > count_max)
        return refuse("must not have more than " + std::to_string(count_max) + " entries");
    for (const auto& each : *got)
        if (each.size() > text_size_max || has_control_characters(each))
            return refuse("an entry is too long, or contains control characters");
    into = *got;
}

void setting_reader::address_and_port(std::string& address, std::uint16_t& port)
{
    std::string listen;
    text(listen);
    if (listen.empty()) return;
    const auto colon = listen.rfind(':');
    auto host = listen.substr(0, colon);
    const auto digits = colon == std::string::npos ? std::string{} : listen.substr(colon + 1);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);

    const bool numeric = !digits.empty() && digits.size() <= 5 &&
                         std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    const int number = numeric ? std::stoi(digits) : -1;
    if (number < 0 || number > 65535 || host.empty() ||
        bracketed != (host.find(':') != std::string::npos))
        return refuse(
            "must be an address and a port from 0 (any free one) to 65535, such as "
            "\"127.0.0.1:9100\" or \"[::1]:9100\"");
    address = host;
    port = static_cast<std::uint16_t>(number);
}

std::optional<std::int64_t> setting_reader::whole_number(std::int64_t min, std::int64_t max)
{
    const auto wanted =
        min == max ? std::to_string(min)
                   : "a whole number from " + std::to_string(min) + " to " + std::to_string(max);
    const auto* got = std::get_if<std::int64_t>(&setting_.value);
    if (!got) {
        refuse_type(wanted);
        return std::nullopt;
    }
    if (*got < min || *got > max) {
        refuse("must be " + wanted + ", not " + std::to_string(*got));
        return std::nullopt;
    }
    return *got;
}

void setting_reader::seconds(milliseconds& into, milliseconds min, milliseconds max)
{
    double got = 0;
    if (const auto* number = std::get_if<std::int64_t>(&setting_.value))
        got = static_cast<double>(*number);
    else if (const auto* fraction = std::get_if<double>(&setting_.value))
        got = *fraction;
    else
        return refuse_type("a number of seconds");

    // Compared before it is converted: no integer holds an infinity.
    const double in_ms = std::round(got * 1000);
    const bool fits =
        in_ms >= static_cast<double>(min.count()) && in_ms <= static_cast<double>(max.count());
    if (!fits)
        return refuse("must be from " + in_seconds(min) + " to " + in_seconds(max) + " seconds");
    into = milliseconds{static_cast<std::int64_t>(in_ms)};
}

void setting_reader::refuse(std::string_view why)
{
    report_.problems.push_back(
        {.line = setting_.line,
         .text = section_.title() + " " + setting_.key + ": " + std::string{why}});
}

bool setting_reader::is_text(std::string_view wanted) const noexcept
{
    const auto* got = std::get_if<std::string>(&setting_.value);
    return got && *got == wanted;
}

void setting_reader::refuse_word(std::span<const std::string_view> allowed)
{
    std::string list;
    for (const auto word : allowed)
        list += (list.empty() ? "" : ", ") + std::string{word};
    const auto* got = std::get_if<std::string>(&setting_.value);
    if (!got) return refuse_type("one of " + list);
    refuse("'" + *got + "' is not one of " + list);
}

void setting_reader::refuse_type(std::string_view wanted)
{
    static constexpr std::string_view types[] = {"true or false", "a whole number", "a fraction",
                                                 "text", "a list"};
    const auto* foreign = std::get_if<foreign_value>(&setting_.value);
    const auto type = foreign ? foreign->type : types[setting_.value.index()];
    refuse("must be " + std::string{wanted} + ", not " + std::string{type});
}

}  // namespace ecr::daemon
