#pragma once

#include "daemon/link/byte_channel.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace boost::asio::ssl {
class context;
}

namespace ecr::daemon {

/// For logs: "127.0.0.1:51234".
[[nodiscard]] std::string name_of(const asio::ip::tcp::socket& socket);

/// A till that was switched off is noticed within minutes, not hours: the connections inherit what
/// the acceptor is told (tcp(7)), which costs five system calls less for each.
void tune(asio::ip::tcp::acceptor& acceptor);

[[nodiscard]] std::unique_ptr<byte_channel> make_tcp_channel(asio::ip::tcp::socket socket);

/// A till that speaks TLS; waits for its handshake. Closing the socket ends the wait.
/// Errors: of the socket, of TLS
[[nodiscard]] asio::awaitable<result<std::unique_ptr<byte_channel>>> make_tls_channel(
    std::shared_ptr<asio::ip::tcp::socket> socket, std::shared_ptr<asio::ssl::context> tls);

/// Takes over an open, non-blocking descriptor of a serial port or pseudo-terminal.
[[nodiscard]] std::unique_ptr<byte_channel> make_port_channel(asio::any_io_executor executor,
                                                              int descriptor, std::string name);

}  // namespace ecr::daemon
