#pragma once

#include "daemon/cloud/cloud_transport.hpp"
#include "daemon/cloud/proxy_address.hpp"
#include "daemon/waiting_line.hpp"

#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>

namespace ecr::daemon {

/// What keeps a file of certificates from being trusted, for people; empty: nothing.
[[nodiscard]] std::string ca_file_problem(const std::filesystem::path& ca_file);

/// Requests to one host over verified, kept-alive TLS, through a proxy's tunnel if need be. Says of
/// every failure whether a byte of the request can have left.
class https_client final : public cloud_transport {
public:
    /// Throws boost::system::system_error when the URL is not https://host[:port], or the
    /// proxy not http://[user@]host:port. The certificate store is read at the first connection: it
    /// takes longer than a start may.
    https_client(asio::any_io_executor executor, clock& time, https_settings settings);
    ~https_client() override;

    [[nodiscard]] asio::awaitable<https_answer> send(https_request request) override;

    /// Opens a connection ahead of the first request.
    [[nodiscard]] asio::awaitable<void> warm_up();

    void stop() override;

    /// The idle connections that have been idle too long.
    void close_stale();

private:
    struct connection;
    using connection_ptr = std::shared_ptr<connection>;

    [[nodiscard]] asio::awaitable<https_answer> attempt(const https_request& request,
                                                        connection_ptr on);
    /// Nothing: `problem` says why, and no byte of a request has left.
    [[nodiscard]] asio::awaitable<connection_ptr> connect(std::string& problem);
    // Each gives what went wrong; empty: nothing.
    [[nodiscard]] std::string prepare_tls();
    [[nodiscard]] asio::awaitable<std::string> reach(connection_ptr c, milliseconds until);
    [[nodiscard]] asio::awaitable<std::string> tunnel(connection_ptr c);
    [[nodiscard]] connection_ptr take_idle(bool once_only);
    void give_back(connection_ptr c);

    asio::any_io_executor executor_;
    clock& clock_;
    https_settings settings_;
    std::string host_;
    std::string port_;
    std::optional<proxy_address> proxy_;
    struct tls;
    std::unique_ptr<tls> tls_;
    std::list<connection_ptr> idle_;
    std::list<std::weak_ptr<connection>> all_;
    std::size_t in_use_ = 0;
    waiting_line line_;
    bool stopped_ = false;
};

}  // namespace ecr::daemon
