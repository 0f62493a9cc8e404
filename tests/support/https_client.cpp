#include "tests/support/https_client.hpp"

#include "daemon/as_result.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

namespace ecr::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

http::request<http::string_body> message_of(const http_request& request)
{
    http::request<http::string_body> message;
    message.version(11);
    message.method_string(request.method);
    message.target(request.target);
    message.set(http::field::host, "localhost");
    for (const auto& [name, value] : request.headers)
        message.set(name, value);
    message.body() = request.body;
    message.prepare_payload();
    return message;
}

void take_head(http_answer& answer, const http::response<http::string_body>& message)
{
    answer.status = static_cast<int>(message.result_int());
    for (const auto& field : message) {
        std::string name{field.name_string()};
        std::ranges::transform(name, name.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        answer.headers[name] = field.value();
    }
}

template <class Stream>
asio::awaitable<bool> exchange(Stream& stream, boost::beast::flat_buffer& buffer,
                               const http_request& request, std::size_t body_size_max,
                               http_answer& answer)
{
    const auto message = message_of(request);
    answer.sent = true;
    const auto [unsent, written] = co_await http::async_write(stream, message, as_result);
    if (unsent) {
        answer.failed = unsent;
        co_return false;
    }
    http::response_parser<http::string_body> parser;
    parser.body_limit(body_size_max);
    const auto [failed, size] = co_await http::async_read(stream, buffer, parser, as_result);
    answer.failed = failed;
    if (parser.is_header_done()) {
        take_head(answer, parser.get());
        answer.body = parser.get().body();
    }
    co_return !failed && parser.get().keep_alive();
}

}  // namespace

struct https_client::parts {
    parts(asio::any_io_executor run_on, std::uint16_t to, const std::string& ca_pem)
        : executor{std::move(run_on)}, port{to}
    {
        tls.set_verify_mode(asio::ssl::verify_peer);
        tls.add_certificate_authority(asio::buffer(ca_pem));
    }

    asio::any_io_executor executor;
    std::uint16_t port;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    std::shared_ptr<asio::ssl::stream<tcp::socket>> stream;
    boost::beast::flat_buffer buffer;
    int connections = 0;

    /// Whether the server has closed the kept connection, as far as can be known without writing:
    /// anything to read before a request is the end of it.
    bool is_stale()
    {
        char byte = 0;
        error_code nothing_there;
        auto& socket = stream->next_layer();
        socket.non_blocking(true);
        (void)socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, nothing_there);
        return nothing_there != asio::error::would_block;
    }

    asio::awaitable<error_code> connect()
    {
        auto fresh = std::make_shared<asio::ssl::stream<tcp::socket>>(executor, tls);
        fresh->set_verify_callback(asio::ssl::host_name_verification{"localhost"});
        const tcp::endpoint where{asio::ip::address_v4::loopback(), port};
        const auto [refused] = co_await fresh->next_layer().async_connect(where, as_result);
        if (refused) co_return refused;
        ++connections;
        const auto [failed] =
            co_await fresh->async_handshake(asio::ssl::stream_base::client, as_result);
        if (failed) co_return failed;
        stream = std::move(fresh);
        buffer.clear();
        co_return error_code{};
    }
};

https_client::https_client(asio::any_io_executor executor, std::uint16_t port,
                           const std::string& ca_pem)
    : parts_{std::make_shared<parts>(std::move(executor), port, ca_pem)}
{}

https_client::~https_client()
{
    close();
}

asio::awaitable<http_answer> https_client::send(http_request request)
{
    const auto mine = parts_;
    http_answer answer;
    if (mine->stream && mine->is_stale()) close();
    if (!mine->stream) {
        answer.failed = co_await mine->connect();
        if (answer.failed) co_return answer;
    }
    const auto stream = mine->stream;
    const bool keep = co_await exchange(*stream, mine->buffer, request, body_size_max, answer);
    if (!keep && mine->stream == stream) mine->stream.reset();
    co_return answer;
}

void https_client::close()
{
    if (!parts_->stream) return;
    error_code ignored;  // it is over either way
    (void)parts_->stream->next_layer().close(ignored);
    parts_->stream.reset();
}

bool https_client::connected() const
{
    return parts_->stream != nullptr;
}
int https_client::connections_made() const
{
    return parts_->connections;
}

asio::awaitable<http_answer> send_plain(std::uint16_t port, http_request request)
{
    http_answer answer;
    tcp::socket socket{co_await asio::this_coro::executor};
    const tcp::endpoint where{asio::ip::address_v4::loopback(), port};
    const auto [refused] = co_await socket.async_connect(where, as_result);
    answer.failed = refused;
    if (refused) co_return answer;
    boost::beast::flat_buffer buffer;
    co_await exchange(socket, buffer, request, 4 * 1024 * 1024, answer);
    co_return answer;
}

}  // namespace ecr::test
