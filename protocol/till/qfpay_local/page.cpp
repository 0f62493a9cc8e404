#include "protocol/till/qfpay_local/page.hpp"

#include "protocol/ascii.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol::till::qfpay_local {
namespace {

constexpr std::string_view any = "*";

bool ends_in(std::string_view name, std::string_view end) noexcept
{
    return name.size() > end.size() &&
           same_but_for_case(name.substr(name.size() - end.size()), end);
}

/// "https://shop.example" of "https://shop.example/a?b".
std::string_view origin_of(std::string_view address) noexcept
{
    const auto authority = address.find("://");
    if (authority == address.npos) return address;
    return address.substr(0, address.find_first_of("/?#\\", authority + 3));
}

std::string_view without_port(std::string_view host) noexcept
{
    const auto port = host.find(':', host.starts_with('[') ? host.find(']') : 0);
    return host.substr(0, port);
}

/// No stranger can make it lead here: an address, a word, or a name of a zone that is only valid
/// within a network. Source: RFC 6761, 6762, 8375; "lan" and "home" by custom.
bool is_of_the_lan(std::string_view name) noexcept
{
    constexpr auto zones = std::to_array<std::string_view>(
        {".localhost", ".local", ".lan", ".home", ".home.arpa", ".internal", ".localdomain"});
    const auto only_of = [&](std::string_view characters) {
        return name.find_first_not_of(characters) == name.npos;
    };
    if (name.empty() || only_of("0123456789.")) return true;
    if (name.starts_with('[') && name.ends_with(']') && only_of("[]0123456789abcdefABCDEF:."))
        return true;
    if (!only_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")) return false;
    return name.find('.') == name.npos ||
           std::ranges::any_of(zones, [&](auto zone) { return ends_in(name, zone); });
}

}  // namespace

welcome welcome_of(const asker& who, const settings& how) noexcept
{
    const bool key_proves = !is_published(how.pos_key);
    const auto page = who.origin.empty() ? origin_of(who.referer) : who.origin;
    if (!page.empty()) {
        const bool listed = std::ranges::any_of(
            how.origins, [&](const auto& each) { return each == any || each == page; });
        const bool served = listed || (key_proves && how.origins.empty());
        return served ? welcome::yes : welcome::foreign_page;
    }
    const auto name = without_port(who.host);
    const bool known =
        key_proves || is_of_the_lan(name) || std::ranges::any_of(how.hosts, [&](const auto& each) {
            return each == any || same_but_for_case(each, name);
        });
    return known ? welcome::yes : welcome::foreign_name;
}

}  // namespace ecr::protocol::till::qfpay_local
