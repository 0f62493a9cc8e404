// The configuration, the files it names, and what protects its links.
#include "daemon/config_file.hpp"
#include "daemon/doctor/looks.hpp"
#include "daemon/environment.hpp"
#include "daemon/link/link_language.hpp"
#include "daemon/secret.hpp"
#include "protocol/cloud/region.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>

namespace ecr::daemon::doctor {
namespace {

namespace fs = std::filesystem;
using enum symptom;

/// As packaging/ecrbridged.toml has it.
constexpr std::string_view sample_word = "REPLACE-WITH-YOUR";
constexpr std::string_view given_by_unit = "/run/credentials/ecrbridged.service/";

/// Where root keeps what systemd hands to the service; see the unit. Empty: nowhere we know of.
fs::path origin_of(const fs::path& credential, const fs::path& config_file)
{
    const auto name = credential.filename().string();
    const auto folder = config_file.parent_path();
    if (name == "client-key") return folder / "client.key";
    if (name.starts_with("keys_")) return folder / "keys" / name.substr(5);
    return {};
}

class secret_look {
public:
    secret_look(fs::path config_file, findings& to) : config_file_{std::move(config_file)}, to_{to}
    {}

    /// Empty: it could not be read, and it has been said why.
    std::string of_file(const std::string& what, fs::path file)
    {
        if (only_the_service_sees(file)) file = origin_of(file, config_file_);
        if (file.empty()) return add(secret_unseen, {what});
        struct stat facts {};
        if (::stat(file.c_str(), &facts) != 0)
            return errno == ENOENT ? add(secret_missing, {what, file.string()})
                                   : add(secret_unseen, {what});
        const auto got = read_secret_file(file);
        if (got.problem.empty()) {
            add(secret_fine, {what});
            return got.secret;
        }
        if ((facts.st_mode & 077) != 0) return add(secret_open, {what, file.string()});
        if (got.problem == "cannot read " + file.string()) return add(secret_unseen, {what});
        return add(secret_fault, {what, got.problem});
    }

    std::string of_credential(const std::string& what, const std::string& name)
    {
        if (!environment_variable("CREDENTIALS_DIRECTORY"))
            return of_file(what, fs::path{given_by_unit} / name);
        const auto got = read_credential(name);
        if (!got.problem.empty()) return add(secret_fault, {what, got.problem});
        add(secret_fine, {what});
        return got.secret;
    }

private:
    std::string add(symptom what, std::vector<std::string> values)
    {
        to_.push_back({what, std::move(values)});
        return {};
    }

    fs::path config_file_;
    findings& to_;
};

void look_at_account(const cloud_config& account, const std::string& file, findings& to)
{
    if (account.app_code.starts_with(sample_word))
        to.push_back({config_sample, {file, account.app_code}});
    const auto hosts = protocol::cloud::regions();
    const auto host = std::ranges::find(hosts, account.url, &protocol::cloud::region::base_url);
    if (host != hosts.end() && !host->settles) to.push_back({config_test_host, {account.url}});
}

void look_at_pos_key(const link_config& link, findings& to)
{
    if (link.dialect != protocol::till::dialect_kind::qfpay_local) return;
    const auto language = language_of(link);
    if (link.pos_key_file.empty() || (language.problem.empty() && language.published_key))
        to.push_back({pos_key_published, {link.name}});
    else
        to.push_back({pos_key_own, {link.name}});
    if (!link.qfpay_local.encryption) to.push_back({pos_key_plain, {link.name}});
}

}  // namespace

std::optional<config> look_at_config(const fs::path& file, findings& to)
{
    std::error_code failed;
    if (fs::status(file, failed).type() == fs::file_type::not_found) {
        to.push_back({config_missing, {file.string()}});
        return std::nullopt;
    }
    std::string text;
    if (!read_config_text(file, text).empty()) {
        to.push_back({config_unreadable, {file.string()}});
        return std::nullopt;
    }
    config_report report;
    auto settings = parse_config(text, report);
    for (const auto& [line, problem] : report.problems)
        to.push_back({config_mistake, {file.string(), std::to_string(line), problem}});
    if (!settings) return std::nullopt;
    const auto before = to.size();
    look_at_account(settings->cloud, file.string(), to);
    for (const auto& each : settings->merchants)
        look_at_account(each, file.string(), to);
    for (const auto& terminal : settings->terminals)
        if (terminal.id.starts_with(sample_word))
            to.push_back({config_sample, {file.string(), terminal.id}});
    if (to.size() == before) to.push_back({config_fine, {file.string()}});
    for (const auto& link : settings->links)
        look_at_pos_key(link, to);
    return settings;
}

std::vector<merchant_secrets> look_at_secrets(const config& settings, const fs::path& file,
                                              findings& to)
{
    secret_look look{file, to};
    std::vector<merchant_secrets> all;
    const auto take = [&](const cloud_config& account) {
        const auto whose = account.name.empty() ? std::string{} : " (" + account.name + ")";
        auto& got = all.emplace_back();
        got.client_key =
            account.client_key_file.empty()
                ? look.of_credential("client key" + whose, account.client_key_credential)
                : look.of_file("client key" + whose, account.client_key_file);
        if (!account.proxy_password_file.empty())
            got.proxy_password =
                look.of_file("proxy password" + whose, account.proxy_password_file);
        if (!account.notification_key_file.empty())
            got.notification_key =
                look.of_file("notification key" + whose, account.notification_key_file);
    };
    take(settings.cloud);
    for (const auto& each : settings.merchants)
        take(each);
    for (const auto& link : settings.links) {
        if (!link.token_file.empty()) (void)look.of_file("token of " + link.name, link.token_file);
        if (!link.pos_key_file.empty())
            (void)look.of_file("POS-KEY of " + link.name, link.pos_key_file);
    }
    return all;
}

}  // namespace ecr::daemon::doctor
