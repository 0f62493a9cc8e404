#include "daemon/config_links.hpp"
#include "daemon/config_notifications.hpp"
#include "daemon/config_page.hpp"
#include "daemon/config_reader.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>

#include <algorithm>
#include <map>
#include <ranges>

namespace ecr::daemon {
namespace {

/// An IPv4 or IPv6 address in one spelling; empty: not an address.
std::string canonical_address(const std::string& text)
{
    if (const auto ip4 = boost::urls::parse_ipv4_address(text)) return ip4->to_string();
    if (const auto ip6 = boost::urls::parse_ipv6_address(text)) return ip6->to_string();
    return {};
}

bool is_ip6(const std::string& address)
{
    return address.find(':') != std::string::npos;
}

/// True when a socket on one keeps the other from being opened.
bool overlap(const std::string& a, const std::string& b)
{
    if (a == b) return true;
    return is_ip6(a) == is_ip6(b) && (a == "0.0.0.0" || b == "0.0.0.0" || a == "::" || b == "::");
}

class checker {
public:
    checker(const config& settings, std::span<const config_section> sections, config_report& report)
        : settings_{settings}, sections_{sections}, report_{report}
    {
        for (const auto& section : sections)
            by_name_[section.name].push_back(&section);
    }

    void run()
    {
        check_bridge();
        check_merchants(settings_, sections_, report_);
        check_terminals();
        if (settings_.links.empty()) problem(0, "no [[link]]: no till could reach the bridge");
        for (std::size_t i = 0; i < settings_.links.size(); ++i)
            check_link(i);
        check_link_pairs();
        if (by_name_.contains("notifications"))
            check_notifications(settings_, section("notifications"), report_);
        if (by_name_.contains("page")) check_page(settings_, section("page"), report_);
    }

private:
    [[nodiscard]] const config_section& section(std::string_view name, std::size_t index = 0) const
    {
        static const config_section none;
        const auto found = by_name_.find(name);
        return found == by_name_.end() ? none : *found->second.at(index);
    }

    void problem(int line, std::string text)
    {
        report_.problems.push_back({.line = line, .text = std::move(text)});
    }

    void at(const config_section& where, std::string_view key, std::string_view why)
    {
        problem(where.line_of(key),
                where.title() + " " + std::string{key} + ": " + std::string{why});
    }

    /// A key that is there but was refused is not missing.
    void require(const config_section& where, std::string_view key)
    {
        if (!where.find(key))
            at(where, key, "is missing");
        else if (const auto* text = std::get_if<std::string>(&where.find(key)->value);
                 text && text->empty())
            at(where, key, "must not be empty");
    }

    void require(std::string_view name, std::string_view key)
    {
        if (by_name_.contains(name))
            require(section(name), key);
        else
            problem(0, "[" + std::string{name} + "] " + std::string{key} + ": is missing");
    }

    void check_bridge() { require("bridge", "journal"); }

    void check_terminals()
    {
        if (settings_.terminals.empty()) problem(0, "no [[terminal]]: there is nothing to pay at");
        std::map<std::string, int> lines;  // of every id and name
        const auto claim = [&](const config_section& where, std::string_view key,
                               const std::string& word) {
            if (word.empty()) return;
            const auto [first, fresh] = lines.emplace(word, where.line_of(key));
            if (!fresh)
                at(where, key, "'" + word + "' is taken by line " + std::to_string(first->second));
        };
        for (std::size_t i = 0; i < settings_.terminals.size(); ++i) {
            const auto& where = section("terminal", i);
            const auto& [id, name, merchant] = settings_.terminals[i];
            require(where, "id");
            claim(where, "id", id);
            if (name != id) claim(where, "name", name);
        }
    }

    void check_link(std::size_t index)
    {
        const auto& link = settings_.links[index];
        const auto& where = section("link", index);
        require(where, "name");
        if (!link.name.empty() && !is_name(link.name))
            at(where, "name", "must be 1 to 20 of A-Z a-z 0-9 _ -");
        if (!link.till.empty() && !is_name(link.till))
            at(where, "till", "must be 1 to 20 of A-Z a-z 0-9 _ -");
        check_kind(link, where);
        check_defaults(link, where);
        check_language(link, where, report_);
    }

    void check_kind(const link_config& link, const config_section& where)
    {
        static constexpr std::string_view kinds[] = {"tcp", "serial", "pty"};
        static constexpr std::string_view essentials[] = {"listen", "device", "symlink"};
        const auto kind = static_cast<std::size_t>(link.kind);
        const auto only_for = [&](link_kind owner, std::initializer_list<std::string_view> keys) {
            if (link.kind == owner) return;
            for (const auto key : keys)
                if (where.find(key))
                    at(where, key,
                       "has no meaning when type is \"" + std::string{kinds[kind]} + "\"");
        };
        if (!where.find("type")) return at(where, "type", "is missing: tcp, serial or pty");
        const auto* type = std::get_if<std::string>(&where.find("type")->value);
        if (!type || *type != kinds[kind]) return;  // refused; nothing follows from it

        require(where, essentials[kind]);
        only_for(link_kind::tcp, {"listen", "connections_max", "allow", "tls", "certificate_file",
                                  "certificate_key_file"});
        only_for(link_kind::serial, {"device", "baud", "data_bits", "parity", "stop_bits"});
        only_for(link_kind::pty, {"symlink"});
        if (link.kind == link_kind::tcp && canonical_address(link.address).empty())
            at(where, "listen",
               "'" + link.address + "' is not an address: a name may mean several");
    }

    void check_defaults(const link_config& link, const config_section& where)
    {
        const auto is_it = [&](const terminal_config& t) {
            return t.id == link.terminal || t.name == link.terminal;
        };
        if (!link.terminal.empty() && std::ranges::none_of(settings_.terminals, is_it))
            at(where, "terminal",
               "there is no [[terminal]] with the id or name '" + link.terminal + "'");
        // Source: contract 3.1.
        if (link.via == protocol::channel::payme &&
            link.payment_timeout > std::chrono::seconds{120})
            at(where, "payment_timeout_s", "must not be above 120 when channel is \"payme\"");
        if (link.via == protocol::channel::fps && link.scan == protocol::scan_type::scan_pay)
            at(where, "scan",
               "must be \"QRCODE_PAY\" when channel is \"fps\": it only knows a code that the "
               "shopper scans");
    }

    void check_link_pairs()
    {
        for (std::size_t later = 1; later < settings_.links.size(); ++later)
            for (std::size_t first = 0; first < later; ++first)
                check_pair(first, later);
    }

    void check_pair(std::size_t first, std::size_t later)
    {
        const auto& a = settings_.links[first];
        const auto& b = settings_.links[later];
        const auto& where = section("link", later);
        const auto taken = [&](std::string_view key) {
            at(where, key,
               "is the same as in line " + std::to_string(section("link", first).line_of(key)));
        };
        if (!a.name.empty() && a.name == b.name) taken("name");
        if (a.port != 0 && a.port == b.port &&
            overlap(canonical_address(a.address), canonical_address(b.address)))
            taken("listen");
        if (!a.device.empty() && a.device.lexically_normal() == b.device.lexically_normal())
            taken("device");
        if (!a.symlink.empty() && a.symlink.lexically_normal() == b.symlink.lexically_normal())
            taken("symlink");
    }

    const config& settings_;
    std::span<const config_section> sections_;
    config_report& report_;
    std::map<std::string, std::vector<const config_section*>, std::less<>> by_name_;
};

}  // namespace

bool is_name(std::string_view text)
{
    constexpr std::size_t size_max = 20;  // as a till's name in the line dialect
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return !text.empty() && text.size() <= size_max &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

void check_config(const config& settings, std::span<const config_section> sections,
                  config_report& report)
{
    checker{settings, sections, report}.run();
}

}  // namespace ecr::daemon
