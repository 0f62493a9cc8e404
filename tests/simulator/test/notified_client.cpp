#include "tests/simulator/test/notified_client.hpp"

#include "daemon/as_result.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <utility>

namespace ecr::simulator {
namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

using tcp = asio::ip::tcp;

void rethrow(std::exception_ptr failed)
{
    if (failed) std::rethrow_exception(failed);
}

}  // namespace

struct notified_client::parts {
    explicit parts(asio::io_context& io)
        : acceptor{io, {asio::ip::address_v4::loopback(), 0}},
          port{acceptor.local_endpoint().port()}
    {}

    tcp::acceptor acceptor;
    std::uint16_t port;
    int http_status = 200;
    std::string answer{"SUCCESS"};
    std::vector<notification_seen> seen;

    static asio::awaitable<void> run(std::shared_ptr<parts> self)
    {
        for (;;) {
            auto [failed, socket] = co_await self->acceptor.async_accept(as_result);
            if (failed) co_return;
            boost::beast::flat_buffer buffer;
            http::request_parser<http::string_body> parser;
            const auto [unread, size] =
                co_await http::async_read(socket, buffer, parser, as_result);
            if (unread) continue;
            const auto& message = parser.get();
            self->seen.push_back({std::string{message.target()},
                                  std::string{message[http::field::content_type]},
                                  std::string{message["X-QF-SIGN"]}, message.body()});
            const auto text = "HTTP/1.1 " + std::to_string(self->http_status) +
                              " Status\r\nContent-Length: " + std::to_string(self->answer.size()) +
                              "\r\nConnection: close\r\n\r\n" + self->answer;
            (void)co_await asio::async_write(socket, asio::buffer(text), as_result);
        }
    }
};

notified_client::notified_client(asio::io_context& io) : parts_{std::make_shared<parts>(io)}
{
    asio::co_spawn(io, parts::run(parts_), rethrow);
}

notified_client::~notified_client()
{
    boost::system::error_code ignored;
    (void)parts_->acceptor.close(ignored);
}

std::string notified_client::url(const std::string& path) const
{
    return "http://127.0.0.1:" + std::to_string(parts_->port) + path;
}
void notified_client::answer_with(int http_status, std::string body)
{
    parts_->http_status = http_status;
    parts_->answer = std::move(body);
}
const std::vector<notified_client::notification_seen>& notified_client::seen() const
{
    return parts_->seen;
}

}  // namespace ecr::simulator
