#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>

namespace ecr::daemon {

namespace asio = boost::asio;

/// Has the kernel ask a silent other side whether it is there, as limits.hpp has it: of every
/// socket that is accepted here.
void keep_asking(asio::ip::tcp::acceptor& acceptor) noexcept;

/// Whether the other side's kernel has acknowledged all that was written; false where that cannot
/// be known.
///
/// written  how many bytes that is, since the connection was made
[[nodiscard]] bool all_acknowledged(asio::ip::tcp::socket& socket, std::uint64_t written) noexcept;

}  // namespace ecr::daemon
