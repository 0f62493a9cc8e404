#include "daemon/config.hpp"

#include "daemon/config_keys.hpp"
#include "daemon/limits.hpp"
#include "protocol/till/line/text.hpp"

#include <algorithm>
#include <array>

namespace ecr::daemon {
namespace {

using protocol::till::line::nearest;

struct known_section {
    std::string_view name;
    bool repeated;
};
constexpr auto known_sections = std::to_array<known_section>({
    {"bridge", false},
    {"cloud", false},
    {"merchant", true},
    {"terminal", true},
    {"link", true},
    {"orders", false},
    {"enquiry", false},
    {"notifications", false},
    {"page", false},
    {"log", false},
});

std::vector<std::string_view> section_names()
{
    std::vector<std::string_view> all;
    all.reserve(std::size(known_sections));
    for (const auto& section : known_sections)
        all.push_back(section.name);
    return all;
}

bool is_secret(std::string_view key)
{
    static constexpr std::string_view secrets[] = {"client_key", "key",           "secret",
                                                   "token",      "client_secret", "password"};
    return std::ranges::find(secrets, key) != std::end(secrets);
}

constexpr std::string_view secrets_elsewhere =
    "a secret does not belong in this file: put it into a file of its own with mode 0600 and name "
    "that in client_key_file, client_key_credential or token_file";

/// What a [[merchant]] leaves out about the network is as in [cloud]. So is the host: an account
/// beside one of a test system is hardly one of production.
void inherit_network(config& into, std::span<const config_section> sections)
{
    auto next = into.merchants.begin();
    for (const auto& section : sections) {
        if (section.name != "merchant" || next == into.merchants.end()) continue;
        auto& account = *next++;
        const auto left_out = [&](std::string_view key) { return section.find(key) == nullptr; };
        if (left_out("url") && left_out("region")) account.url = into.cloud.url;
        if (left_out("ca_file")) account.ca_file = into.cloud.ca_file;
        if (left_out("connect_timeout_s")) account.connect_timeout = into.cloud.connect_timeout;
        if (left_out("answer_timeout_s")) account.answer_timeout = into.cloud.answer_timeout;
        if (!left_out("proxy")) continue;
        account.proxy = into.cloud.proxy;
        if (left_out("proxy_password_file"))
            account.proxy_password_file = into.cloud.proxy_password_file;
    }
}

/// A link that names a terminal and no merchant belongs to the terminal's.
void settle_merchants(config& into)
{
    for (auto& terminal : into.terminals)
        if (terminal.merchant.empty()) terminal.merchant = into.cloud.name;
    for (auto& link : into.links) {
        if (!link.merchant.empty()) continue;
        link.merchant = into.cloud.name;
        for (const auto& terminal : into.terminals)
            if (!link.terminal.empty() &&
                (terminal.id == link.terminal || terminal.name == link.terminal))
                link.merchant = terminal.merchant;
    }
}

/// What QFPay's documents call our keys. Only ever a suggestion.
struct other_name {
    std::string_view written;
    std::string_view meant;
};
constexpr auto documented_names = std::to_array<other_name>({
    {"expired_time", "qr_minutes"},
    {"callback_url", "notify_url"},
    {"notification_url", "notify_url"},
    {"redirect_url", "return_url"},
    {"termid", "id"},
    {"txcurrcd", "currency"},
    {"payment_timeout", "payment_timeout_s"},
});

/// What to say about a key nobody knows.
std::string about_unknown(const config_section& section, const config_setting& setting)
{
    auto text = "unknown key '" + setting.key + "'";
    if (!section.name.empty()) text += " in " + section.title();
    const auto here = known_keys(section.name);
    const auto documented = std::ranges::find(documented_names, setting.key, &other_name::written);
    if (documented != documented_names.end() && std::ranges::count(here, documented->meant) != 0)
        return text + ", did you mean '" + std::string{documented->meant} + "'?";
    if (const auto meant = nearest(setting.key, here); !meant.empty())
        return text + ", did you mean '" + std::string{meant} + "'?";
    for (const auto& [name, repeated] : known_sections) {
        if (std::ranges::count(known_keys(name), setting.key) == 0) continue;
        const config_section home{.name = std::string{name}, .repeated = repeated};
        return text + ", it belongs in " + home.title();
    }
    return text;
}

void refuse_section(const config_section& section, config_report& report)
{
    auto text = "unknown table " + section.title();
    if (const auto meant = nearest(section.name, section_names()); !meant.empty())
        text += ", did you mean '" + std::string{meant} + "'?";
    report.problems.push_back({.line = section.line, .text = std::move(text)});
}

void read_loose_settings(const config_section& top, config_report& report)
{
    for (const auto& setting : top.settings) {
        const auto known = std::ranges::find(known_sections, setting.key, &known_section::name);
        auto text = is_secret(setting.key) ? setting.key + ": " + std::string{secrets_elsewhere}
                    : known != known_sections.end() ? "'" + setting.key + "' must be a table"
                                                    : about_unknown(top, setting);
        report.problems.push_back({.line = setting.line, .text = std::move(text)});
    }
}

void read_section(const config_section& section, config& into, config_report& report)
{
    if (section.name == "merchant") into.merchants.emplace_back();
    if (section.name == "terminal") into.terminals.emplace_back();
    if (section.name == "link") into.links.emplace_back();
    if (section.name == "page") into.page.on = true;
    for (const auto& setting : section.settings) {
        if (read_setting(section, setting, into, report)) continue;
        if (is_secret(setting.key))
            setting_reader{section, setting, report}.refuse(secrets_elsewhere);
        else
            report.problems.push_back(
                {.line = setting.line, .text = about_unknown(section, setting)});
    }
}

void read_any_section(const config_section& section, config& into, config_report& report)
{
    if (section.name.empty()) return read_loose_settings(section, report);
    const auto known = std::ranges::find(known_sections, section.name, &known_section::name);
    if (known == known_sections.end()) return refuse_section(section, report);
    if (known->repeated != section.repeated) {
        const config_section right{.name = section.name, .repeated = known->repeated};
        report.problems.push_back(
            {.line = section.line, .text = "write " + right.title() + ", not " + section.title()});
    }
    read_section(section, into, report);
}

}  // namespace

std::string config_report::to_text(std::string_view file) const
{
    std::string text;
    for (const auto& [line, problem] : problems) {
        text += file;
        if (line > 0) text += ":" + std::to_string(line);
        text += ": " + problem + "\n";
    }
    return text;
}

std::optional<config> parse_config(std::string_view toml, config_report& report)
{
    report.problems.clear();
    if (toml.size() > limits::config_size_max) {
        report.problems.push_back(
            {.text = "longer than " + std::to_string(limits::config_size_max) + " bytes"});
        return std::nullopt;
    }
    const auto sections = read_sections(toml, report);
    if (!sections) return std::nullopt;
    return config_of(*sections, report);
}

std::optional<config> config_of(std::span<const config_section> sections, config_report& report)
{
    config settings;
    for (const auto& section : sections)
        read_any_section(section, settings, report);
    inherit_network(settings, sections);
    check_config(settings, sections, report);
    settle_merchants(settings);
    std::ranges::stable_sort(report.problems, {}, &config_problem::line);
    if (!report.problems.empty()) return std::nullopt;
    return settings;
}

}  // namespace ecr::daemon
