#include "daemon/http/http_reading.hpp"

#include "daemon/limits.hpp"
#include "protocol/ascii.hpp"
#include "protocol/http_ending.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace ecr::daemon {

namespace http = boost::beast::http;

namespace {

http_headers headers_of(const http_parser::value_type& message)
{
    http_headers made;
    for (const auto& field : message) {
        auto name = protocol::ascii_lower(std::string_view{field.name_string()});
        const auto same = std::ranges::find(made, name, &http_headers::value_type::first);
        if (same == made.end())
            made.emplace_back(std::move(name), std::string{field.value()});
        else
            same->second.append(", ").append(field.value());
    }
    return made;
}

}  // namespace

void set_limits(http_parser& parser, std::size_t body_size_max)
{
    parser.header_limit(limits::http_header_size_max);
    parser.body_limit(body_size_max);
    static auto on_chunk = [](std::uint64_t, boost::beast::string_view extension,
                              boost::system::error_code& failed) {
        if (!protocol::is_clear_extension({extension.data(), extension.size()}))
            failed = http::error::bad_chunk_extension;
    };
    parser.on_chunk_header(on_chunk);  // which keeps a reference
}

std::optional<http_reply> refusal_of(const boost::system::error_code& failed)
{
    const auto refusal = [](unsigned status, const char* why) {
        return http_reply{.status = status, .body = why, .close = true};
    };
    if (failed == http::error::body_limit) return refusal(413, "The body is too large.\n");
    if (failed == http::error::header_limit || failed == http::error::buffer_overflow)
        return refusal(431, "The header is too large.\n");
    const bool gone =
        failed == http::error::end_of_stream || failed == http::error::partial_message;
    if (failed.category() != http::make_error_code(http::error::bad_method).category() || gone)
        return std::nullopt;
    return refusal(400, "This is not HTTP/1.1.\n");
}

std::optional<http_reply> refusal_of(const http_parser::value_type& head)
{
    if (protocol::is_clear(head, head.version())) return std::nullopt;
    return http_reply{
        .status = 400, .body = "Where this request ends is not clear.\n", .close = true};
}

http_request request_of(http_parser::value_type&& message, const asio::ip::address& peer,
                        bool encrypted)
{
    return {.method = std::string{message.method_string()},
            .target = std::string{message.target()},
            .headers = headers_of(message),
            .body = std::move(message.body()),
            .peer = peer,
            .encrypted = encrypted};
}

}  // namespace ecr::daemon
