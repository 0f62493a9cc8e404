#include "tests/daemon/cloud/tiny_proxy.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <array>
#include <optional>

namespace ecr::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

asio::awaitable<void> pump(std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to)
{
    std::array<char, 4096> bytes{};
    for (;;) {
        const auto [ended, size] = co_await from->async_read_some(asio::buffer(bytes), as_result);
        if (ended) break;
        const auto [gone, written] =
            co_await asio::async_write(*to, asio::buffer(bytes.data(), size), as_result);
        if (gone) break;
    }
    boost::system::error_code ignored;  // the other direction may have ended first
    to->shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace

namespace {

/// A mistake of the test's own ends the test.
void rethrown(std::exception_ptr failed)
{
    if (failed) std::rethrow_exception(failed);
}

}  // namespace

struct tiny_proxy::parts {
    parts(asio::any_io_executor executor, const std::string& address)
        : acceptor{executor, {asio::ip::make_address(address), 0}}
    {}

    // Static: a coroutine begins later than its call, when these may be gone.
    static asio::awaitable<void> accept(std::shared_ptr<parts> self)
    {
        for (;;) {
            auto [stopped, socket] = co_await self->acceptor.async_accept(as_result);
            if (stopped) co_return;
            asio::co_spawn(self->acceptor.get_executor(),
                           serve(self, std::make_shared<tcp::socket>(std::move(socket))), rethrown);
        }
    }

    static asio::awaitable<void> serve(std::shared_ptr<parts> self,
                                       std::shared_ptr<tcp::socket> client)
    {
        boost::beast::flat_buffer buffer;
        http::request_parser<http::empty_body> parser;
        const auto [unread, size] =
            co_await http::async_read_header(*client, buffer, parser, as_result);
        if (unread) co_return;
        const auto& head = parser.get();
        self->asked.push_back(
            {std::string{head.target()}, std::string{head[http::field::proxy_authorization]}});
        if (self->silent) {
            self->waiting.push_back(client);  // its client has to give up
            co_return;
        }
        if (self->instead) {
            (void)co_await asio::async_write(*client, asio::buffer(*self->instead), as_result);
            co_return;
        }
        co_await open(self, client, std::string{head.target()});
    }

    static asio::awaitable<void> open(std::shared_ptr<parts> self,
                                      std::shared_ptr<tcp::socket> client, std::string target)
    {
        const auto colon = target.rfind(':');
        auto host = target.substr(0, colon);
        if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
        tcp::resolver resolver{self->acceptor.get_executor()};
        const auto found = resolver.resolve(host, target.substr(colon + 1));
        const auto server = std::make_shared<tcp::socket>(self->acceptor.get_executor());
        const auto [refused] = co_await server->async_connect(*found.begin(), as_result);
        if (refused) co_return;
        for (const auto& each : {client, server})
            each->set_option(tcp::no_delay{true});  // virtual time does not wait for delayed ACKs
        const std::string opened{"HTTP/1.1 200 Connection established\r\n\r\n"};
        (void)co_await asio::async_write(*client, asio::buffer(opened), as_result);
        asio::co_spawn(self->acceptor.get_executor(), pump(server, client), rethrown);
        co_await pump(client, server);
    }

    tcp::acceptor acceptor;
    std::vector<seen> asked;
    std::optional<std::string> instead;
    bool silent = false;
    std::vector<std::shared_ptr<tcp::socket>> waiting;
};

tiny_proxy::tiny_proxy(asio::any_io_executor executor, const std::string& address)
    : parts_{std::make_shared<parts>(executor, address)}
{
    asio::co_spawn(executor, parts::accept(parts_), rethrown);
}

tiny_proxy::~tiny_proxy()
{
    boost::system::error_code ignored;  // it is over either way
    parts_->acceptor.close(ignored);
    parts_->waiting.clear();
}

std::uint16_t tiny_proxy::port() const
{
    return parts_->acceptor.local_endpoint().port();
}

const std::vector<tiny_proxy::seen>& tiny_proxy::asked() const
{
    return parts_->asked;
}

void tiny_proxy::say(std::string instead)
{
    parts_->instead = std::move(instead);
}

void tiny_proxy::stay_silent()
{
    parts_->silent = true;
}

}  // namespace ecr::test
