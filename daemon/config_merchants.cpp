// Checks of [cloud] and [[merchant]]: the accounts at QFPay, and what belongs to which.
#include "daemon/cloud/proxy_address.hpp"
#include "daemon/config_reader.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <map>

namespace ecr::daemon {
namespace {

/// https://, the name of a host, no user and nothing that only browsers keep.
bool is_page(const boost::urls::result<boost::urls::url_view>& url)
{
    return url && url->scheme_id() == boost::urls::scheme::https && !url->host().empty() &&
           !url->has_userinfo() && !url->has_fragment();
}

class account_checker {
public:
    account_checker(const config_section& section, const cloud_config& account,
                    config_report& report)
        : section_{section}, account_{account}, report_{report}
    {}

    void run()
    {
        require("app_code");
        check_client_key();
        check_url();
        check_proxy();
        if (!account_.query_path.starts_with('/')) at("query_path", "must begin with \"/\"");
        if (account_.requests_per_second > account_.requests_per_minute)
            at("requests_per_second", "is more than requests_per_minute allows");
        check_currency();
        if (has("valid_time_s") && has("qr_minutes"))
            at("valid_time_s", "and qr_minutes exclude each other");
        if (const auto why = notify_url_problem(account_.notify_url); !why.empty())
            at("notify_url", why);
        if (const auto why = return_url_problem(account_.return_url); !why.empty())
            at("return_url", why);
        if (section_.name == "merchant") require("name");
        if (!account_.name.empty() && !is_name(account_.name))
            at("name", "must be 1 to 20 of A-Z a-z 0-9 _ -");
    }

private:
    [[nodiscard]] bool has(std::string_view key) const { return section_.find(key) != nullptr; }

    void at(std::string_view key, std::string_view why)
    {
        report_.problems.push_back(
            {.line = section_.line_of(key),
             .text = section_.title() + " " + std::string{key} + ": " + std::string{why}});
    }

    /// A key that is there but was refused is not missing.
    void require(std::string_view key)
    {
        const auto* setting = section_.find(key);
        if (!setting) return at(key, "is missing");
        const auto* text = std::get_if<std::string>(&setting->value);
        if (text && text->empty()) at(key, "must not be empty");
    }

    void check_client_key()
    {
        const bool file = has("client_key_file");
        const bool credential = has("client_key_credential");
        if (file && credential)
            at("client_key_credential", "and client_key_file exclude each other");
        else if (!file && !credential)
            report_.problems.push_back(
                {.line = section_.line,
                 .text =
                     section_.title() + ": client_key_file or client_key_credential is missing"});
        if (file) require("client_key_file");
        if (credential) require("client_key_credential");
    }

    void check_url()
    {
        if (has("url") && has("region")) return at("region", "and url exclude each other");
        if (section_.name == "merchant" && !has("url")) return;  // that of [cloud]
        const auto url = boost::urls::parse_uri(account_.url);
        if (!url || url->scheme_id() != boost::urls::scheme::https || url->host().empty())
            return at("url", "must be https:// and the name of a host");
        const bool bare = (url->path().empty() || url->path() == "/") && !url->has_query() &&
                          !url->has_fragment() && !url->has_userinfo();
        if (!bare) at("url", "must end after the host, or its port");
    }

    void check_proxy()
    {
        const auto proxy = parse_proxy(account_.proxy);
        const bool named = has("proxy");
        if (named && !account_.proxy.empty() && !proxy)
            at("proxy",
               "must be \"http://host:port\" or \"http://user@host:port\"; a password belongs "
               "into a file that proxy_password_file names");
        if (!has("proxy_password_file") || account_.proxy_password_file.empty()) return;
        if (account_.proxy.empty())
            at("proxy_password_file", "has no meaning without proxy");
        else if (proxy && proxy->user.empty())
            at("proxy_password_file", "has no meaning when proxy names no user");
    }

    void check_currency()
    {
        const bool alphabetic =
            account_.currency.size() == 3 &&
            std::ranges::all_of(account_.currency, [](char c) { return c >= 'A' && c <= 'Z'; });
        if (!alphabetic) return at("currency", "must be three capital letters, such as \"HKD\"");
        const auto* region = section_.find("region");
        const auto* name = region ? std::get_if<std::string>(&region->value) : nullptr;
        // Amounts of another currency would never match: every sale would end as a mismatch.
        if (name && !has("currency") && !name->starts_with("hk") && *name != "sandbox")
            at("currency", "is missing: outside Hong Kong it must be said");
    }

    const config_section& section_;
    const cloud_config& account_;
    config_report& report_;
};

using sections_by_name = std::map<std::string, std::vector<const config_section*>, std::less<>>;

void problem(config_report& report, const config_section& where, std::string_view key,
             const std::string& why)
{
    report.problems.push_back(
        {.line = where.line_of(key), .text = where.title() + " " + std::string{key} + ": " + why});
}

/// Gives the names there are.
std::map<std::string, int> check_names(const config& settings, sections_by_name& sections,
                                       config_report& report)
{
    std::map<std::string, int> lines;
    const config_section nowhere{.name = "cloud"};
    const auto& cloud = sections["cloud"].empty() ? nowhere : *sections["cloud"].front();
    lines.emplace(settings.cloud.name, cloud.line_of("name"));
    for (std::size_t i = 0; i < settings.merchants.size(); ++i) {
        const auto& name = settings.merchants[i].name;
        const auto& where = *sections["merchant"].at(i);
        if (name.empty()) continue;
        const auto [first, fresh] = lines.emplace(name, where.line_of("name"));
        if (!fresh)
            problem(report, where, "name",
                    "'" + name + "' is taken by line " + std::to_string(first->second));
    }
    return lines;
}

void check_owner(const std::string& merchant, const config_section& where,
                 const std::map<std::string, int>& names, config_report& report)
{
    if (!merchant.empty() && !names.contains(merchant))
        problem(report, where, "merchant",
                "there is no [cloud] or [[merchant]] with the name '" + merchant + "'");
}

}  // namespace

std::string notify_url_problem(std::string_view text)
{
    if (text.empty()) return {};
    const auto url = boost::urls::parse_uri(boost::core::string_view{text.data(), text.size()});
    if (!is_page(url))
        return "must be https:// and the name of a host, such as "
               "\"https://shop.example/qfpay/notify\"";
    if (!url->port().empty() && url->port() != "443")
        return "must be at port 443: QFPay calls at no other";  // Source: contract 7.1
    return {};
}

std::string return_url_problem(std::string_view text)
{
    if (text.empty() || is_page(boost::urls::parse_uri({text.data(), text.size()}))) return {};
    return "must be https:// and the name of a host, such as \"https://shop.example/thanks\"";
}

void check_merchants(const config& settings, std::span<const config_section> all,
                     config_report& report)
{
    sections_by_name sections;
    for (const auto& section : all)
        sections[section.name].push_back(&section);
    const config_section nowhere{.name = "cloud"};
    account_checker{sections["cloud"].empty() ? nowhere : *sections["cloud"].front(),
                    settings.cloud, report}
        .run();
    for (std::size_t i = 0; i < settings.merchants.size(); ++i)
        account_checker{*sections["merchant"].at(i), settings.merchants[i], report}.run();

    const auto names = check_names(settings, sections, report);
    for (std::size_t i = 0; i < settings.terminals.size(); ++i)
        check_owner(settings.terminals[i].merchant, *sections["terminal"].at(i), names, report);
    for (std::size_t i = 0; i < settings.links.size(); ++i) {
        const auto& link = settings.links[i];
        const auto& where = *sections["link"].at(i);
        check_owner(link.merchant, where, names, report);
        if (link.merchant.empty() || link.terminal.empty()) continue;
        for (const auto& terminal : settings.terminals) {
            const bool it = terminal.id == link.terminal || terminal.name == link.terminal;
            const auto& owner = terminal.merchant.empty() ? settings.cloud.name : terminal.merchant;
            if (it && owner != link.merchant)
                problem(report, where, "merchant",
                        "the terminal '" + link.terminal + "' belongs to " +
                            (owner.empty() ? "[cloud]" : "'" + owner + "'"));
        }
    }
}

}  // namespace ecr::daemon
