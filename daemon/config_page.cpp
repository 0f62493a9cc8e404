#include "daemon/config_page.hpp"

#include "daemon/http/address_list.hpp"

#include <algorithm>
#include <array>

namespace ecr::daemon {
namespace {

using reader = setting_reader;
using conf = page_config;

constexpr std::size_t list_max = 64;
constexpr std::size_t token_size_min = 16;
constexpr std::size_t host_size_max = 253;

void read_listen(reader& s, conf& into)
{
    into.address.clear();
    s.address_and_port(into.address, into.port);
    into.on = !into.address.empty();
}

struct known_key {
    std::string_view name;
    void (*read)(reader&, conf&);
};

// clang-format off
constexpr auto keys = std::to_array<known_key>({
    {"listen",               read_listen},
    {"hosts",                [](reader& s, conf& c) { s.texts(c.hosts, list_max); }},
    {"allow",                [](reader& s, conf& c) { s.texts(c.allow, list_max); }},
    {"token_file",           [](reader& s, conf& c) { s.path(c.token_file); }},
    {"certificate_file",     [](reader& s, conf& c) { s.path(c.certificate_file); }},
    {"certificate_key_file", [](reader& s, conf& c) { s.path(c.certificate_key_file); }},
    {"actions",              [](reader& s, conf& c) { s.yes_or_no(c.actions); }},
});
// clang-format on

/// As a browser writes it into a Host header, without a port.
bool is_host_name(std::string_view text)
{
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-.";
    return !text.empty() && text.size() <= host_size_max &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

bool read_page_key(std::string_view key, setting_reader& reader, page_config& into)
{
    const auto known = std::ranges::find(keys, key, &known_key::name);
    if (known == keys.end()) return false;
    known->read(reader, into);
    return true;
}

std::vector<std::string_view> page_keys()
{
    std::vector<std::string_view> all;
    all.reserve(keys.size());
    for (const auto& key : keys)
        all.push_back(key.name);
    return all;
}

void check_page(const config& settings, const config_section& where, config_report& report)
{
    const auto& page = settings.page;
    const auto at = [&](std::string_view key, const std::string& why) {
        report.problems.push_back({.line = where.line_of(key),
                                   .text = where.title() + ' ' + std::string{key} + ": " + why});
    };
    if (!page.on) return;
    boost::system::error_code failed;
    const auto address = asio::ip::make_address(page.address, failed);
    if (failed) at("listen", "'" + page.address + "' is not an address: a name may mean several");
    const bool remote = !failed && !address.is_loopback();
    const auto same = [&](const std::string& other, std::uint16_t port) {
        return page.port != 0 && page.port == port && page.address == other;
    };
    for (const auto& link : settings.links)
        if (link.kind == link_kind::tcp && same(link.address, link.port))
            at("listen", "is the same as that of the link '" + link.name + "'");
    if (same(settings.notifications.address, settings.notifications.port))
        at("listen", "is the same as that of [notifications]");
    if (page.certificate_file.empty() != page.certificate_key_file.empty())
        at(page.certificate_file.empty() ? "certificate_key_file" : "certificate_file",
           "certificate_file and certificate_key_file go together");
    if (remote && page.token_file.empty())
        at("token_file", "is missing: others than this machine can reach " + page.address +
                             ", and whoever opens the page can give money back");
    if (remote && page.certificate_file.empty())
        at("certificate_file", "is missing: others than this machine can reach " + page.address +
                                   ", and would hear the token. `ecrbridge make-cert` makes one");
    for (const auto& host : page.hosts)
        if (!is_host_name(host))
            at("hosts", "'" + host + "' must be a name in lower case, without a port");
    for (const auto& each : page.allow)
        if (address_list known; !known.add(each))
            at("allow", "'" + each + "' is neither an address nor a network such as 10.0.0.0/8");
}

std::string page_token_problem(std::string_view token)
{
    if (token.size() >= token_size_min) return {};
    return "shorter than " + std::to_string(token_size_min) +
           " characters: whoever guesses it can give money back";
}

}  // namespace ecr::daemon
