#include "protocol/till/qfpay_local/http_reader.hpp"

#include "protocol/http_ending.hpp"
#include "protocol/till/qfpay_local/limits.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>
#include <utility>

namespace ecr::protocol::till::qfpay_local {

namespace http = boost::beast::http;

struct http_reader::parser {
    parser()
    {
        reads.header_limit(http_header_size_max);
        reads.body_limit(http_body_size_max);
        reads.eager(true);
        reads.on_chunk_header(on_chunk);
    }

    std::function<void(std::uint64_t, boost::beast::string_view, boost::system::error_code&)>
        on_chunk = [](std::uint64_t, boost::beast::string_view extension, auto& failed) {
            if (!is_clear_extension({extension.data(), extension.size()}))
                failed = http::error::bad_chunk_extension;
        };
    http::request_parser<http::string_body> reads;
    bool begun = false;
    bool told_to_go_on = false;
};

namespace {

std::string text_of(boost::beast::string_view text)
{
    return {text.data(), text.size()};
}

/// By value: where Beast is compiled apart, as in the daemon, its errors have a category of another
/// address than those that are made here, and would equal none of them.
bool is(const boost::system::error_code& failed, http::error what)
{
    return failed.value() == static_cast<int>(what);
}

bool is_too_large(const boost::system::error_code& failed)
{
    return is(failed, http::error::body_limit) || is(failed, http::error::header_limit) ||
           is(failed, http::error::buffer_overflow);
}

bool waits_for_leave(const http::request<http::string_body>& message)
{
    return message.version() >= 11 &&
           boost::beast::iequals(message[http::field::expect], "100-continue");
}

/// Several lines of one name are a list. Source: RFC 9110, 5.3.
std::string all_of(const http::request<http::string_body>& message, http::field name)
{
    std::string all;
    const auto [first, last] = message.equal_range(name);
    for (auto field = first; field != last; ++field)
        all.append(all.empty() ? "" : ", ").append(text_of(field->value()));
    return all;
}

http_request request_of(http::request<http::string_body>&& message)
{
    const auto target = text_of(message.target());
    return {
        .method = text_of(message.method_string()),
        .path = target.substr(0, target.find('?')),
        .body = std::move(message.body()),
        .origin = all_of(message, http::field::origin),
        .host = text_of(message[http::field::host]),
        .referer = all_of(message, http::field::referer),
        .wants_headers = text_of(message[http::field::access_control_request_headers]),
        .wants_private_network =
            boost::beast::iequals(message["Access-Control-Request-Private-Network"], "true"),
        .keep_alive = message.keep_alive(),
    };
}

}  // namespace

http_reader::http_reader() : parser_{std::make_unique<parser>()} {}
http_reader::~http_reader() = default;

std::optional<http_event> http_reader::next()
{
    using enum http_event::kind;
    // RFC 9112, 2.2: empty lines before a request are to be ignored.
    if (!parser_->begun) buffer_.erase(0, buffer_.find_first_not_of("\r\n"));
    if (buffer_.empty()) return std::nullopt;
    parser_->begun = true;

    boost::system::error_code failed;
    auto& reads = parser_->reads;
    // The parser takes a head as a whole, so that all of it is still here.
    const bool in_head = !reads.is_header_done();
    if (in_head && has_folded_line(std::string_view{buffer_}.substr(0, buffer_.find("\r\n\r\n"))))
        return http_event{malformed, {}};
    const auto taken = reads.put(boost::asio::const_buffer{buffer_.data(), buffer_.size()}, failed);
    buffer_.erase(0, taken);
    if (failed && !is(failed, http::error::need_more))
        return http_event{is_too_large(failed) ? too_large : malformed, {}};
    if (reads.is_header_done() && !is_clear(reads.get(), reads.get().version()))
        return http_event{malformed, {}};
    if (reads.is_done()) {
        http_event whole{request, request_of(reads.release())};
        parser_ = std::make_unique<parser>();
        return whole;
    }
    const bool may_go_on = reads.is_header_done() && !parser_->told_to_go_on;
    if (!may_go_on || !waits_for_leave(reads.get())) return std::nullopt;
    parser_->told_to_go_on = true;
    return http_event{expects, {}};
}

bool http_reader::inside() const noexcept
{
    return parser_->begun;
}

}  // namespace ecr::protocol::till::qfpay_local
