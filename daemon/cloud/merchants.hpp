#pragma once

#include "daemon/cloud/cloud_gateway.hpp"
#include "daemon/cloud/trade_enquirer.hpp"
#include "daemon/config.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ecr::daemon {

/// What the configuration keeps in files of their own.
struct merchant_secrets {
    std::string client_key;
    std::string proxy_password;
    std::string notification_key;
};

/// Reads them for [cloud] and every [[merchant]], in that order, and looks whether the certificates
/// to trust can be read. `problem` is a sentence for people; empty: fine.
struct secrets_reading {
    std::vector<merchant_secrets> all;
    std::string problem;
};
/// For a check by hand, what only the service can see is no problem.
enum class secrets_for { service, check };
[[nodiscard]] secrets_reading read_secrets(const config& settings,
                                           secrets_for whom = secrets_for::service);

/// One account at QFPay and the way to it.
struct cloud_account {
    cloud_account(asio::any_io_executor executor, clock& time, const cloud_config& settings,
                  merchant_secrets secrets, const transport_maker& connect);

    std::string name;
    std::string currency;          // ISO 4217 alphabetic
    std::string notification_key;  // what notifications are signed with
    std::string alipay_qr;         // pay type of a code that the till shows for Alipay
    std::chrono::minutes qr_life;  // of a shown code
    std::optional<std::chrono::seconds> valid_time;  // the same, where QFPay is told seconds
    std::string notify_url;                          // goes with direct payments; empty: not sent
    std::string return_url;                          // goes with pages to pay on; empty: not sent
    std::string udid;  // the device that QFPay is told of; empty: none
    std::unique_ptr<cloud_transport> transport;
    request_governor governor;
    cloud_gateway gateway;
    trade_enquirer enquirer;
};

/// All accounts: that of [cloud] first. Each has connections and a budget of its own: they share
/// neither limits nor failures.
class merchants {
public:
    /// As many secrets as accounts. `connect` makes the way to each; none: over HTTPS. Throws
    /// boost::system::system_error: see https_client.
    merchants(asio::any_io_executor executor, clock& time, const config& settings,
              std::vector<merchant_secrets> secrets, const transport_maker& connect = {});

    [[nodiscard]] cloud_account& first() noexcept { return *accounts_.front(); }
    /// By name; the first when there is none of that name, which a checked configuration rules out.
    [[nodiscard]] cloud_account& of(const std::string& name) noexcept;

    /// The empty name is the first's, too: journals of before there were several have it.
    [[nodiscard]] bool knows(const std::string& name) const noexcept;

    [[nodiscard]] auto begin() const noexcept { return accounts_.begin(); }
    [[nodiscard]] auto end() const noexcept { return accounts_.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return accounts_.size(); }

    /// Nothing is sent any more; requests under way end without an answer.
    void stop();
    /// After stop(): nothing goes on any more.
    [[nodiscard]] asio::awaitable<void> ended();

private:
    std::vector<std::unique_ptr<cloud_account>> accounts_;
};

}  // namespace ecr::daemon
