#pragma once

#include "tests/simulator/listener.hpp"

#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <memory>
#include <string>

namespace ecr::simulator {

/// One TLS connection of a client: requests in, answers out, with the faults between them.
class https_connection : public connection, public std::enable_shared_from_this<https_connection> {
public:
    static constexpr std::size_t header_size_max = 8 * 1024;
    static constexpr std::size_t body_size_max = 64 * 1024;

    https_connection(tcp::socket socket, std::shared_ptr<asio::ssl::context> tls,
                     std::shared_ptr<core> behind, std::shared_ptr<agenda> timers);

    asio::awaitable<void> run() override;
    void close() override;

private:
    struct reading {
        wire_request request;
        bool keep_alive = false;
        int refused_with = 0;  // an HTTP status, when the request was no acceptable HTTP
        bool ended = false;    // no further request
    };

    asio::awaitable<bool> handshake();
    asio::awaitable<reading> read();
    asio::awaitable<bool> serve(reading arrived);
    asio::awaitable<bool> serve_with(fault what, reading arrived);
    asio::awaitable<bool> write(answer reply, bool keep_alive, fault_kind damage);
    asio::awaitable<bool> write_raw(std::string text);
    asio::awaitable<void> write_endless();
    asio::awaitable<void> write_slowly(std::string text, milliseconds pause_between);
    /// Waits for what the answer waits for, and completes it.
    asio::awaitable<void> hold(answer& reply);
    asio::awaitable<void> pause(milliseconds duration);
    asio::awaitable<void> wait_for_hang_up();
    [[nodiscard]] std::string head_of(const answer& reply, bool keep_alive,
                                      fault_kind damage) const;
    void reset_connection();

    std::shared_ptr<asio::ssl::context> tls_;
    asio::ssl::stream<tcp::socket> stream_;
    std::shared_ptr<core> core_;
    std::shared_ptr<agenda> timers_;
    asio::steady_timer pause_;
    boost::beast::flat_buffer buffer_;
    bool closed_ = false;
};

}  // namespace ecr::simulator
