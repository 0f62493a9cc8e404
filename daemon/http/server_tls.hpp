#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <filesystem>
#include <memory>
#include <optional>

namespace boost::asio::ssl {
class context;
}

/// TLS for what others connect to: tills, and senders of notifications.
namespace ecr::daemon {

namespace asio = boost::asio;

/// A context with this certificate and its chain, and its key, in PEM.
///
/// Throws boost::system::system_error: one of the files cannot be used
[[nodiscard]] std::shared_ptr<asio::ssl::context> make_server_tls(
    const std::filesystem::path& certificate_file, const std::filesystem::path& key_file);

/// Waits for the first byte, and leaves it where it is: whether it begins a TLS record. Nothing:
/// the peer has gone.
[[nodiscard]] asio::awaitable<std::optional<bool>> speaks_tls(asio::ip::tcp::socket& socket);

}  // namespace ecr::daemon
