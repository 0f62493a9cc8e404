#pragma once

#include "daemon/link/byte_channel.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace ecr::daemon {

[[nodiscard]] std::unique_ptr<byte_channel> make_tcp_channel(asio::ip::tcp::socket socket);

/// Takes over an open, non-blocking descriptor of a serial port or pseudo-terminal.
[[nodiscard]] std::unique_ptr<byte_channel> make_port_channel(asio::any_io_executor executor,
                                                              int descriptor, std::string name);

}  // namespace ecr::daemon
