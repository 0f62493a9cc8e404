#pragma once

#include "daemon/clock.hpp"
#include "daemon/http/http_server.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace ecr::daemon {

/// One connection of an http_server: requests one after the other, each answered before the next
/// is looked at. It ends by itself; close() ends it now.
class http_connection {
public:
    /// `tls`: nothing when the server has no certificate. The rest outlives the connection.
    http_connection(asio::ip::tcp::socket socket, asio::ip::address peer, clock& time,
                    const http_settings& settings, const http_handler& handler,
                    std::shared_ptr<asio::ssl::context> tls, bool refused);

    [[nodiscard]] asio::awaitable<void> run();
    void close();

private:
    void arm(milliseconds limit);
    template <class Stream>
    [[nodiscard]] asio::awaitable<void> converse(Stream& stream, bool encrypted);
    [[nodiscard]] asio::awaitable<void> converse_with_tls();
    template <class Stream>
    [[nodiscard]] asio::awaitable<void> pour(Stream& stream, const http_reply& reply);
    [[nodiscard]] asio::awaitable<void> say_farewell();

    asio::ip::tcp::socket socket_;
    asio::ip::address peer_;
    const http_settings& settings_;
    const http_handler& handler_;
    std::shared_ptr<asio::ssl::context> tls_;
    bool refused_;
    std::shared_ptr<http_stream> pouring_;
    alarm deadline_;
};

}  // namespace ecr::daemon
