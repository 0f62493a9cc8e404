#include "tests/simulator/http_post.hpp"

#include "tests/simulator/listener.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <charconv>
#include <utility>

namespace ecr::simulator {
namespace http = boost::beast::http;

namespace {

constexpr std::size_t answer_size_max = 64 * 1024;

tcp::endpoint endpoint_of(const loopback_url& to)
{
    if (to.host == "[::1]") return {asio::ip::address_v6::loopback(), to.port};
    return {asio::ip::address_v4::loopback(), to.port};
}

std::string request_text(const loopback_url& to, const std::string& body, const std::string& sign)
{
    std::string text = "POST " + to.path + " HTTP/1.1\r\nHost: " + to.host + ":";
    text += std::to_string(to.port) + "\r\nUser-Agent: qfpay-sim\r\n";
    text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size());
    if (!sign.empty()) text += "\r\nX-QF-SIGN: " + sign;
    return text + "\r\nConnection: close\r\n\r\n" + body;
}

struct post {
    post(const asio::any_io_executor& executor, std::string to_send)
        : socket{executor}, text{std::move(to_send)}
    {}

    tcp::socket socket;
    std::string text;
    int http_status = 0;
    std::string body{};
};

asio::awaitable<void> exchange(std::shared_ptr<post> what, tcp::endpoint where)
{
    const auto [refused] = co_await what->socket.async_connect(where, as_result);
    if (refused) co_return;
    const auto [unsent, sent] =
        co_await asio::async_write(what->socket, asio::buffer(what->text), as_result);
    if (unsent) co_return;
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(answer_size_max);
    const auto [failed, size] = co_await http::async_read(what->socket, buffer, parser, as_result);
    if (failed) co_return;
    what->http_status = static_cast<int>(parser.get().result_int());
    what->body = parser.get().body();
}

asio::awaitable<void> run_post(std::shared_ptr<post> what, std::shared_ptr<agenda> timers,
                               tcp::endpoint where, milliseconds patience, post_listener then)
{
    {
        const std::weak_ptr<post> weak = what;
        const auto late = [weak] {
            boost::system::error_code ignored;  // it may be closed already
            if (const auto still = weak.lock()) (void)still->socket.close(ignored);
        };
        const deadline limit{timers, patience, late};
        co_await exchange(what, where);
    }
    boost::system::error_code ignored;
    (void)what->socket.close(ignored);
    then(what->http_status, what->body);
}

}  // namespace

std::optional<loopback_url> loopback_url_of(std::string_view text)
{
    constexpr std::string_view scheme = "http://";
    if (!text.starts_with(scheme)) return std::nullopt;
    text.remove_prefix(scheme.size());
    loopback_url url;
    const auto slash = text.find('/');
    if (slash != std::string_view::npos) url.path = text.substr(slash);
    const auto authority = text.substr(0, slash);
    for (const char c : url.path)
        if (c <= ' ' || c >= '\x7f') return std::nullopt;
    for (const std::string_view host : {"127.0.0.1", "localhost", "[::1]"}) {
        if (!authority.starts_with(host)) continue;
        url.host = host;
        const auto rest = authority.substr(host.size());
        if (rest.empty()) return url;
        if (rest.front() != ':') continue;
        const auto* end = rest.data() + rest.size();
        const auto [stopped, failed] = std::from_chars(rest.data() + 1, end, url.port);
        if (failed == std::errc{} && stopped == end && url.port != 0) return url;
    }
    return std::nullopt;
}

void post_json(const asio::any_io_executor& executor, std::shared_ptr<agenda> timers,
               const loopback_url& to, const std::string& body, const std::string& sign,
               milliseconds patience, post_listener then)
{
    auto what = std::make_shared<post>(executor, request_text(to, body, sign));
    run_task(executor, run_post(std::move(what), std::move(timers), endpoint_of(to), patience,
                                std::move(then)));
}

}  // namespace ecr::simulator
