#pragma once

#include "protocol/result.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <string>

namespace ecr::cli {

namespace asio = boost::asio;
using std::chrono::milliseconds;

struct bridge_address {
    std::string host;
    std::string port;
};

/// "127.0.0.1:9100", "shop-server:9100", "[::1]:9100".
/// Errors: errc::bad_parameter  no port
[[nodiscard]] result<bridge_address> parse_bridge_address(const std::string& text);

/// A line at a time to and from the bridge, each wait with its end. Synchronous: the tool does one
/// thing at a time.
class bridge_connection {
public:
    static constexpr std::size_t line_size_max = 64 * 1024;

    /// Errors: the system's; errc::timed_out
    [[nodiscard]] error_code open(const bridge_address& where, milliseconds patience);

    /// Sends a line, to which it adds the end. Errors: the system's; errc::timed_out
    [[nodiscard]] error_code send(std::string line, milliseconds patience);

    /// The next line, without its end.
    /// Errors: asio::error::eof and other system errors; errc::timed_out; errc::bad_json  too long
    [[nodiscard]] result<std::string> read_line(milliseconds patience);

private:
    /// Runs what was started until it is done, or cuts it short.
    [[nodiscard]] error_code finish(const error_code& outcome, milliseconds patience);

    asio::io_context io_{1};
    asio::ip::tcp::socket socket_{io_};
    std::string received_;
};

}  // namespace ecr::cli
