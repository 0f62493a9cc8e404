#pragma once

#include "daemon/http/address_list.hpp"
#include "daemon/http/http_message.hpp"
#include "daemon/limits.hpp"
#include "daemon/log_pace.hpp"
#include "daemon/task_group.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace ecr::daemon {

/// Answers one request. It may take its time: nothing but its own connection waits.
using http_handler = std::function<asio::awaitable<http_reply>(http_request)>;

struct http_settings {
    std::string name;                              // for logs
    std::string address = "127.0.0.1";             // numeric
    std::uint16_t port = 0;                        // 0: any free one
    std::filesystem::path certificate_file{};      // PEM, with its chain; empty: no TLS
    std::filesystem::path certificate_key_file{};  // PEM
    bool plain = true;     // with a certificate: whether the same port also speaks without TLS
    address_list allow{};  // others are answered 403; empty: everybody may
    std::size_t connections_max = limits::http_connections_max;
    std::size_t body_size_max = limits::http_body_size_max;
    milliseconds request_time = limits::http_request_time;
    milliseconds idle_time = limits::http_idle_time;
};

/// A small HTTP/1.1 server. Whatever is too large, too slow or not HTTP is answered with its status
/// (413, 431, 400) where that is possible, and ends its own connection only.
///
/// Belongs to the I/O thread. After start(), destroy it only after stop() and ended().
class http_server {
public:
    http_server(asio::any_io_executor executor, clock& time, http_settings settings,
                http_handler handler, std::function<void(std::exception_ptr)> on_bug);
    ~http_server();
    http_server(const http_server&) = delete;
    http_server& operator=(const http_server&) = delete;

    /// Throws boost::system::system_error: the address is taken or not ours, or a certificate
    /// cannot be read.
    void start();

    /// Closes everything now. What a handler has in hand ends by itself, unheard. Idempotent.
    void stop();
    /// After stop(): the last handler has returned.
    [[nodiscard]] asio::awaitable<void> ended() { return tasks_.until_empty(); }

    [[nodiscard]] std::uint16_t port() const noexcept { return settings_.port; }
    /// "http 127.0.0.1:9180", for people.
    [[nodiscard]] std::string where() const;
    [[nodiscard]] std::size_t connections() const;
    /// Peers that are not on the allow list, by connections.
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

private:
    [[nodiscard]] asio::awaitable<void> accept();
    void greet(asio::ip::tcp::socket socket);

    clock& time_;
    http_settings settings_;
    http_handler handler_;
    asio::ip::tcp::acceptor acceptor_;
    std::shared_ptr<asio::ssl::context> tls_;
    std::list<std::weak_ptr<class http_connection>> connections_;
    std::uint64_t refused_ = 0;
    log_pace full_line_;
    log_pace refused_line_;
    task_group tasks_;
};

}  // namespace ecr::daemon
