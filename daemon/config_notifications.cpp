#include "daemon/config_notifications.hpp"

#include "daemon/http/address_list.hpp"

#include <algorithm>
#include <array>

namespace ecr::daemon {
namespace {

using reader = setting_reader;
using conf = notification_config;

constexpr std::size_t allow_max = 64;

void read_rule(reader& s, conf& into)
{
    using enum protocol::cloud::notify_rule;
    using known_word = std::pair<std::string_view, protocol::cloud::notify_rule>;
    static constexpr known_word words[] = {{"raw", raw_body}, {"sorted-2016", sorted_fields_2016}};
    s.word(into.rule, std::span<const known_word>{words});
}

struct known_key {
    std::string_view name;
    void (*read)(reader&, conf&);
};

// clang-format off
constexpr auto keys = std::to_array<known_key>({
    {"listen",               [](reader& s, conf& c) { s.address_and_port(c.address, c.port); }},
    {"path",                 [](reader& s, conf& c) { s.text(c.path); }},
    {"return_path",          [](reader& s, conf& c) { s.text(c.return_path); }},
    {"allow",                [](reader& s, conf& c) { s.texts(c.allow, allow_max); }},
    {"trust_forwarded",      [](reader& s, conf& c) { s.text(c.trust_forwarded); }},
    {"rule",                 read_rule},
    {"certificate_file",     [](reader& s, conf& c) { s.path(c.certificate_file); }},
    {"certificate_key_file", [](reader& s, conf& c) { s.path(c.certificate_key_file); }},
});
// clang-format on

bool is_address(const std::string& text)
{
    boost::system::error_code failed;
    (void)asio::ip::make_address(text, failed);
    return !failed;
}

/// As it is in a request line, without what would need an escape.
bool is_path(std::string_view text)
{
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./~";
    return text.starts_with('/') && text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

bool read_notification_key(std::string_view key, setting_reader& reader, notification_config& into)
{
    const auto known = std::ranges::find(keys, key, &known_key::name);
    if (known == keys.end()) return false;
    known->read(reader, into);
    return true;
}

std::vector<std::string_view> notification_keys()
{
    std::vector<std::string_view> all;
    all.reserve(std::size(keys));
    for (const auto& key : keys)
        all.push_back(key.name);
    return all;
}

void check_notifications(const config& settings, const config_section& where, config_report& report)
{
    const auto& conf = settings.notifications;
    const auto at = [&](std::string_view key, const std::string& why) {
        report.problems.push_back({.line = where.line_of(key),
                                   .text = where.title() + ' ' + std::string{key} + ": " + why});
    };
    if (!conf.address.empty() && !is_address(conf.address))
        at("listen", "'" + conf.address + "' is not an address: a name may mean several");
    for (const auto& link : settings.links)
        if (link.kind == link_kind::tcp && conf.port != 0 && link.port == conf.port &&
            link.address == conf.address)
            at("listen", "is the same as that of the link '" + link.name + "'");
    if (!is_path(conf.path))
        at("path", "must begin with \"/\" and hold A-Z a-z 0-9 _ - . / ~ only");
    if (!conf.return_path.empty() && !is_path(conf.return_path))
        at("return_path", "must begin with \"/\" and hold A-Z a-z 0-9 _ - . / ~ only");
    if (conf.return_path == conf.path) at("return_path", "must not be the same as path");
    for (const auto& each : conf.allow)
        if (address_list known; !known.add(each))
            at("allow", "'" + each + "' is neither an address nor a network such as 10.0.0.0/8");
    if (conf.allow.empty()) at("allow", "is empty: nobody could notify the bridge");
    if (!conf.trust_forwarded.empty() && !is_address(conf.trust_forwarded))
        at("trust_forwarded", "'" + conf.trust_forwarded + "' is not an address");
    if (conf.certificate_file.empty() != conf.certificate_key_file.empty())
        at(conf.certificate_file.empty() ? "certificate_key_file" : "certificate_file",
           "certificate_file and certificate_key_file go together");
}

}  // namespace ecr::daemon
