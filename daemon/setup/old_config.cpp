#include "daemon/setup/old_config.hpp"

#include "protocol/cloud/region.hpp"

#include <algorithm>
#include <string>

namespace ecr::daemon {
namespace {

/// What is to be the same for an order to be found again.
struct account {
    std::string name;
    std::string url;
    std::string app_code;

    friend bool operator==(const account&, const account&) = default;
};

/// Nothing: not said, or no text.
std::optional<std::string> text_of(const config_section& section, std::string_view key)
{
    const auto* setting = section.find(key);
    const auto* text = setting ? std::get_if<std::string>(&setting->value) : nullptr;
    return text ? std::optional{*text} : std::nullopt;
}

std::string without_slash(std::string url)
{
    if (url.ends_with('/')) url.pop_back();
    return url;
}

account account_of(const cloud_config& settings)
{
    return {settings.name, without_slash(settings.url), settings.app_code};
}

/// What the section leaves out is as in `usual`.
account account_of(const config_section& section, const account& usual)
{
    auto url = text_of(section, "url");
    if (const auto region = text_of(section, "region"); region && !url)
        if (const auto base = protocol::cloud::base_url_of(*region)) url = std::string{*base};
    return {text_of(section, "name").value_or(usual.name), without_slash(url.value_or(usual.url)),
            text_of(section, "app_code").value_or("")};
}

/// Nothing: it is not TOML.
auto sections_of(std::string_view toml)
{
    config_report unused;
    return read_sections(toml, unused);
}

}  // namespace

old_config::old_config(std::string_view toml) : sections_{sections_of(toml)} {}

std::optional<std::filesystem::path> old_config::journal() const
{
    if (!sections_) return std::nullopt;
    const auto bridge = std::ranges::find(*sections_, "bridge", &config_section::name);
    if (bridge == sections_->end()) return std::nullopt;
    const auto named = text_of(*bridge, "journal");
    if (!named || named->empty()) return std::nullopt;
    return *named;
}

bool old_config::has_accounts_in(const config& settings) const
{
    if (!sections_) return false;
    std::vector<account> present{account_of(settings.cloud)};
    for (const auto& merchant : settings.merchants)
        present.push_back(account_of(merchant));
    const auto is_present = [&](const account& old) {
        return std::ranges::find(present, old) != present.end();
    };

    auto main = account_of(cloud_config{});
    const auto cloud = std::ranges::find(*sections_, "cloud", &config_section::name);
    if (cloud != sections_->end()) main = account_of(*cloud, main);
    return is_present(main) && std::ranges::all_of(*sections_, [&](const auto& section) {
               return section.name != "merchant" || is_present(account_of(section, main));
           });
}

}  // namespace ecr::daemon
