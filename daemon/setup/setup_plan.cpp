#include "daemon/setup/setup_plan.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace ecr::daemon {
namespace {

// Of the setting that is tried: no file has so many lines. All others have 0, which is no line.
constexpr int tried_line = 1'000'000;

bool is_repeated(std::string_view name)
{
    return name == "merchant" || name == "terminal" || name == "link";
}

/// A problem's words without what the person has just been asked for, and without lines of a file
/// that does not exist yet.
std::string bare(std::string text, const std::string& asked)
{
    if (text.starts_with(asked)) text.erase(0, asked.size());
    constexpr std::pair<std::string_view, std::string_view> lines[] = {
        {"is taken by line 0", "is taken already"},
        {"is the same as in line 0", "is taken by another link"},
    };
    for (const auto& [with, without] : lines)
        if (const auto at = text.find(with); at != std::string::npos)
            text.replace(at, with.size(), without);
    return text;
}

std::vector<std::string_view> cut(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    while (true) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

/// A setting's value as a command line has it: a whole number, true, false, or text.
config_value value_of(std::string_view text)
{
    if (text == "true" || text == "false") return text == "true";
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [last, failed] = std::from_chars(text.data(), end, number);
    if (failed == std::errc{} && last == end) return number;
    return std::string{text};
}

/// Puts what a command line says: as a number or yes-or-no where that is what the key takes, else
/// as text. There are texts of digits only.
void put_said(setup_plan& plan, std::string_view name, std::string_view key, std::string_view said,
              std::size_t index = 0)
{
    const auto value = value_of(said);
    if (plan.try_put(name, key, value, index).empty()) return;
    if (plan.try_put(name, key, std::string{said}, index).empty()) return;
    plan.put(name, key, value, index);  // wrong either way; the check of the whole says why
}

/// "KEY=VALUE" after "KEY=VALUE".
std::string put_pairs(setup_plan& plan, std::string_view name, std::size_t index,
                      std::span<const std::string_view> pairs)
{
    for (const auto pair : pairs) {
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || equals == 0)
            return "'" + std::string{pair} + "' is not KEY=VALUE";
        put_said(plan, name, pair.substr(0, equals), pair.substr(equals + 1), index);
    }
    return {};
}

}  // namespace

std::size_t setup_plan::count(std::string_view name) const noexcept
{
    return static_cast<std::size_t>(std::ranges::count(sections_, name, &config_section::name));
}

config_section* setup_plan::table(std::string_view name, std::size_t index) noexcept
{
    for (auto& section : sections_)
        if (section.name == name && index-- == 0) return &section;
    return nullptr;
}

const config_value* setup_plan::find(std::string_view name, std::string_view key,
                                     std::size_t index) const noexcept
{
    for (const auto& section : sections_) {
        if (section.name != name || index-- != 0) continue;
        const auto* setting = section.find(key);
        return setting ? &setting->value : nullptr;
    }
    return nullptr;
}

std::string setup_plan::text(std::string_view name, std::string_view key, std::size_t index) const
{
    const auto* value = find(name, key, index);
    const auto* text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? *text : std::string{};
}

void setup_plan::put(std::string_view name, std::string_view key, config_value value,
                     std::size_t index)
{
    auto* into = table(name, index);
    if (!into) {
        sections_.push_back({.name = std::string{name}, .repeated = is_repeated(name)});
        into = &sections_.back();
    }
    const auto there = std::ranges::find(into->settings, key, &config_setting::key);
    if (there != into->settings.end())
        there->value = std::move(value);
    else
        into->settings.push_back({.key = std::string{key}, .value = std::move(value), .line = 0});
}

std::string setup_plan::try_put(std::string_view name, std::string_view key, config_value value,
                                std::size_t index)
{
    auto tried = *this;
    for (auto& section : tried.sections_) {
        section.line = 0;
        for (auto& setting : section.settings)
            setting.line = 0;
    }
    tried.put(name, key, value, index);
    auto* section = tried.table(name, index);
    const auto setting = std::ranges::find(section->settings, key, &config_setting::key);
    setting->line = tried_line;

    config_report report;
    (void)config_of(tried.sections_, report);  // what is missing is asked for later
    for (const auto& [line, text] : report.problems)
        if (line == tried_line) return bare(text, section->title() + " " + setting->key + ": ");
    put(name, key, std::move(value), index);
    return {};
}

std::string put_link(setup_plan& plan, std::string_view shorthand)
{
    const auto parts = cut(shorthand, ',');
    constexpr std::pair<std::string_view, std::string_view> places[] = {
        {"tcp", "listen"}, {"serial", "device"}, {"pty", "symlink"}};
    const auto kind = parts.size() < 3 ? std::string_view{} : parts[1];
    const auto place =
        std::ranges::find(places, kind, &std::pair<std::string_view, std::string_view>::first);
    if (place == std::end(places))
        return "'" + std::string{shorthand} +
               "' is not NAME,KIND,WHERE with the kind tcp, serial or pty, such as "
               "shop,tcp,127.0.0.1:9100";
    const auto index = plan.count("link");
    plan.put("link", "name", std::string{parts[0]}, index);
    plan.put("link", "type", std::string{kind}, index);
    plan.put("link", place->second, std::string{parts[2]}, index);
    return put_pairs(plan, "link", index, std::span{parts}.subspan(3));
}

std::string put_terminal(setup_plan& plan, std::string_view shorthand)
{
    const auto parts = cut(shorthand, ',');
    const auto index = plan.count("terminal");
    plan.put("terminal", "id", std::string{parts[0]}, index);
    std::size_t named = 1;
    if (parts.size() > 1 && parts[1].find('=') == std::string_view::npos) {
        if (!parts[1].empty()) plan.put("terminal", "name", std::string{parts[1]}, index);
        ++named;
    }
    return put_pairs(plan, "terminal", index,
                     std::span{parts}.subspan(std::min(named, parts.size())));
}

std::string put_setting(setup_plan& plan, std::string_view shorthand)
{
    const auto equals = shorthand.find('=');
    const auto dot = shorthand.substr(0, equals).find('.');
    if (equals == std::string_view::npos || dot == std::string_view::npos || dot == 0)
        return "'" + std::string{shorthand} + "' is not SECTION.KEY=VALUE, such as log.level=debug";
    const auto name = shorthand.substr(0, dot);
    if (is_repeated(name))
        return "[[" + std::string{name} + "]] is there more than once: say it in an answers file" +
               (name == "merchant" ? "" : ", or with --" + std::string{name});
    put_said(plan, name, shorthand.substr(dot + 1, equals - dot - 1), shorthand.substr(equals + 1));
    return {};
}

void complete(setup_plan& plan, const std::string& client_key_file, const std::string& journal)
{
    if (!plan.find("bridge", "journal")) plan.put("bridge", "journal", journal);
    const bool has_key =
        plan.find("cloud", "client_key_file") || plan.find("cloud", "client_key_credential");
    if (!has_key && client_key_file.empty())
        plan.put("cloud", "client_key_credential", std::string{"client-key"});
    else if (!has_key)
        plan.put("cloud", "client_key_file", client_key_file);
    if (plan.count("link") != 0) return;
    plan.put("link", "name", std::string{"shop"});
    plan.put("link", "type", std::string{"tcp"});
    plan.put("link", "listen", std::string{"127.0.0.1:9100"});
}

}  // namespace ecr::daemon
