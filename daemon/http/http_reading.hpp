#pragma once

#include "daemon/http/http_message.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <optional>

/// How bytes become a request, whatever brings them: a connection, or a fuzzer. No socket here.
namespace ecr::daemon {

using http_parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// The limits of our listeners. Once, before the first byte.
void set_limits(http_parser& parser, std::size_t body_size_max);

/// The answer to what could not be read. Nothing: the peer has gone, or was cut off for slowness.
[[nodiscard]] std::optional<http_reply> refusal_of(const boost::system::error_code& failed);

/// The answer to a head that leaves in doubt where its request ends, or whom it is for. Nothing: it
/// is clear.
[[nodiscard]] std::optional<http_reply> refusal_of(const http_parser::value_type& head);

/// `message` has been read to its end.
[[nodiscard]] http_request request_of(http_parser::value_type&& message,
                                      const asio::ip::address& peer, bool encrypted);

}  // namespace ecr::daemon
