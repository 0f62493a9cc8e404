#include "daemon/cloud/merchants.hpp"

#include "daemon/cloud/https_client.hpp"
#include "daemon/secret.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace ecr::daemon {
namespace {

constexpr std::string_view trade_query_path = "/trade/v1/query";

https_settings https_of(const cloud_config& cloud, std::string proxy_password)
{
    return {.url = cloud.url,
            .ca_file = cloud.ca_file,
            .proxy = cloud.proxy,
            .proxy_password = std::move(proxy_password),
            .connect_timeout = cloud.connect_timeout,
            .answer_timeout = cloud.answer_timeout};
}

merchant merchant_of(const cloud_config& cloud, std::string key)
{
    return {.app_code = cloud.app_code,
            .client_key = std::move(key),
            .algorithm = cloud.algorithm,
            .mchid = cloud.mchid,
            .send_mchid_ecr = cloud.send_mchid_ecr,
            .send_mchid_trade = cloud.send_mchid_trade,
            .query_path = cloud.query_path};
}

std::unique_ptr<cloud_transport> over_https(asio::any_io_executor executor, clock& time,
                                            https_settings settings)
{
    return std::make_unique<https_client>(std::move(executor), time, std::move(settings));
}

trade_calls calls_of(cloud_gateway& gateway)
{
    return {.turn = [&gateway](importance who) { return gateway.governor().turn(who); },
            .give_back = [&gateway](importance who) { gateway.governor().give_back(who); },
            .send =
                [&gateway](protocol::cloud::form parameters, importance who) {
                    return gateway.call_now(trade_query_path, std::move(parameters), who);
                }};
}

/// Gives what is wrong; empty: nothing.
std::string read_all(const cloud_config& account, secrets_for whom, merchant_secrets& into)
{
    std::string problem;
    const auto take = [&](const std::filesystem::path& file, const std::string& credential,
                          const std::string& what, std::string& secret) {
        const bool named = !file.empty() || !credential.empty();
        if (!named || !problem.empty()) return;
        if (whom == secrets_for::check && only_the_service_sees(file)) return;
        const auto got = file.empty() ? read_credential(credential) : read_secret_file(file);
        secret = got.secret;
        if (!got.problem.empty()) problem = what + ": " + got.problem;
    };
    take(account.client_key_file, account.client_key_credential, "client key", into.client_key);
    take(account.proxy_password_file, {}, "proxy password", into.proxy_password);
    take(account.notification_key_file, {}, "notification key", into.notification_key);
    // Read now, and not only at the first connection, because it is the installer who can help. The
    // system's own certificates take long to read, and nobody here chose them.
    if (problem.empty() && !account.ca_file.empty()) problem = ca_file_problem(account.ca_file);
    return problem;
}

}  // namespace

secrets_reading read_secrets(const config& settings, secrets_for whom)
{
    secrets_reading made;
    std::vector<const cloud_config*> accounts{&settings.cloud};
    for (const auto& each : settings.merchants)
        accounts.push_back(&each);
    for (const auto* account : accounts) {
        made.problem = read_all(*account, whom, made.all.emplace_back());
        if (made.problem.empty()) continue;
        if (!account->name.empty())
            made.problem = "merchant " + account->name + ": " + made.problem;
        return made;
    }
    return made;
}

cloud_account::cloud_account(asio::any_io_executor executor, clock& time,
                             const cloud_config& settings, merchant_secrets secrets,
                             const transport_maker& connect)
    : name{settings.name},
      currency{settings.currency},
      notification_key{secrets.notification_key.empty() ? secrets.client_key
                                                        : secrets.notification_key},
      alipay_qr{settings.alipay_qr},
      qr_life{settings.qr_minutes},
      valid_time{settings.valid_time.count() > 0 ? std::optional{settings.valid_time}
                                                 : std::nullopt},
      notify_url{settings.notify_url},
      return_url{settings.return_url},
      udid{settings.udid},
      transport{connect(executor, time, https_of(settings, std::move(secrets.proxy_password)))},
      governor{executor, time, settings.requests_per_minute, settings.requests_per_second},
      gateway{*transport, governor, time, merchant_of(settings, std::move(secrets.client_key))},
      enquirer{executor, calls_of(gateway)}
{}

merchants::merchants(asio::any_io_executor executor, clock& time, const config& settings,
                     std::vector<merchant_secrets> secrets, const transport_maker& connect)
{
    assert(secrets.size() == settings.merchants.size() + 1);
    const auto& make = connect ? connect : transport_maker{over_https};
    accounts_.push_back(std::make_unique<cloud_account>(executor, time, settings.cloud,
                                                        std::move(secrets[0]), make));
    for (std::size_t i = 0; i < settings.merchants.size(); ++i)
        accounts_.push_back(std::make_unique<cloud_account>(executor, time, settings.merchants[i],
                                                            std::move(secrets[i + 1]), make));
}

cloud_account& merchants::of(const std::string& name) noexcept
{
    const auto found = std::ranges::find(accounts_, name, [](const auto& a) { return a->name; });
    return found == accounts_.end() ? first() : **found;
}

bool merchants::knows(const std::string& name) const noexcept
{
    return name.empty() ||
           std::ranges::any_of(accounts_, [&](const auto& a) { return a->name == name; });
}

void merchants::stop()
{
    for (const auto& each : accounts_) {
        each->enquirer.stop();
        each->governor.stop();
        each->transport->stop();
    }
}

asio::awaitable<void> merchants::ended()
{
    for (const auto& each : accounts_)
        co_await each->enquirer.ended();
}

}  // namespace ecr::daemon
