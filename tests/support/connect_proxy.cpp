#include "tests/support/connect_proxy.hpp"

#include "daemon/as_result.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <list>
#include <optional>
#include <utility>

namespace ecr::test {
namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

using tcp = asio::ip::tcp;
using boost::system::error_code;

std::string base64(const std::string& text)
{
    std::string out(4 * ((text.size() + 2) / 3), '\0');
    std::string with_end(out.size() + 1, '\0');
    (void)EVP_EncodeBlock(reinterpret_cast<unsigned char*>(with_end.data()),
                          reinterpret_cast<const unsigned char*>(text.data()),
                          static_cast<int>(text.size()));
    return with_end.substr(0, out.size());
}

std::string head_of_status(int http_status)
{
    auto head = "HTTP/1.1 " + std::to_string(http_status) + " Proxy\r\n";
    if (http_status == 407) head += "Proxy-Authenticate: Basic realm=\"proxy\"\r\n";
    return head + "Content-Length: 0\r\nConnection: close\r\n\r\n";
}

/// Both ends of one tunnel.
struct tunnel {
    tunnel(tcp::socket from, const asio::any_io_executor& executor)
        : client{std::move(from)}, server{executor}
    {}
    void close()
    {
        error_code ignored;  // either may be closed already
        (void)client.close(ignored);
        (void)server.close(ignored);
    }
    tcp::socket client;
    tcp::socket server;
    boost::beast::flat_buffer early;  // what the client sent behind its CONNECT
};
using tunnel_ptr = std::shared_ptr<tunnel>;

/// Hands over what one side says until it ends, then ends the other side's hearing.
asio::awaitable<void> relay([[maybe_unused]] tunnel_ptr keep, tcp::socket& from, tcp::socket& to)
{
    std::array<char, 16 * 1024> buffer{};
    for (;;) {
        const auto [ended, size] = co_await from.async_read_some(asio::buffer(buffer), as_result);
        if (ended) break;
        const auto [failed, written] =
            co_await asio::async_write(to, asio::buffer(buffer.data(), size), as_result);
        if (failed) break;
    }
    error_code ignored;
    (void)to.shutdown(tcp::socket::shutdown_send, ignored);
}

std::optional<std::uint16_t> port_of(std::string_view authority)
{
    const auto colon = authority.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::uint16_t port = 0;
    const auto* end = authority.data() + authority.size();
    const auto [stopped, failed] = std::from_chars(authority.data() + colon + 1, end, port);
    if (failed != std::errc{} || stopped != end) return std::nullopt;
    return port;
}

void rethrow(std::exception_ptr failed)
{
    if (failed) std::rethrow_exception(failed);
}

}  // namespace

struct connect_proxy::parts {
    parts(asio::any_io_executor of, const std::string& address)
        : executor{std::move(of)},
          acceptor{executor, {asio::ip::make_address(address), 0}},
          port{acceptor.local_endpoint().port()}
    {}

    asio::any_io_executor executor;
    tcp::acceptor acceptor;
    std::uint16_t port = 0;
    std::uint16_t fixed_port = 0;
    int refusal = 0;
    std::string authorization;  // "": none is wanted
    std::list<tunnel_ptr> open;
    int made = 0;
    int live = 0;
    int refused = 0;
    std::vector<std::string> authorities;
    std::vector<std::string> authorizations;
    std::optional<std::string> instead;
    bool silent = false;

    // A task begins when the executor gets to it, and the proxy may be gone by then.
    static asio::awaitable<void> accept(std::shared_ptr<parts> self)
    {
        for (;;) {
            auto [failed, socket] = co_await self->acceptor.async_accept(as_result);
            if (failed) co_return;
            const auto next = std::make_shared<tunnel>(std::move(socket), self->executor);
            self->open.push_back(next);
            asio::co_spawn(self->executor, self->serve(self, next), rethrow);
        }
    }

    asio::awaitable<void> serve([[maybe_unused]] std::shared_ptr<parts> self, tunnel_ptr one)
    {
        const auto status = co_await begin(one);
        if (silent && status != 0) co_return;  // it stays open: the client has to give up
        if (instead && status != 0) {
            (void)co_await asio::async_write(one->client, asio::buffer(*instead), as_result);
        } else if (status == 200) {
            ++made;
            ++live;
            co_await carry(one);
            --live;
        } else if (status != 0) {
            ++refused;
            const auto text = head_of_status(status);
            (void)co_await asio::async_write(one->client, asio::buffer(text), as_result);
        }
        one->close();
        open.remove(one);
    }

    /// Reads the CONNECT and connects. The status to answer with; 0: there was none.
    asio::awaitable<int> begin(tunnel_ptr one)
    {
        http::request_parser<http::empty_body> parser;
        parser.header_limit(head_size_max);
        const auto [unread, size] =
            co_await http::async_read_header(one->client, one->early, parser, as_result);
        if (unread) co_return 0;
        const auto& request = parser.get();
        if (request.method() != http::verb::connect) co_return 405;
        authorities.emplace_back(request.target());
        authorizations.emplace_back(request[http::field::proxy_authorization]);
        if (silent || instead) co_return 200;
        if (refusal != 0) co_return refusal;
        const auto given = request.find(http::field::proxy_authorization);
        const bool known = given != request.end() && given->value() == authorization;
        if (!authorization.empty() && !known) co_return 407;
        const auto asked = port_of(authorities.back());
        if (!asked) co_return 400;
        const asio::ip::address here = authorities.back().starts_with('[')
                                           ? asio::ip::address{asio::ip::address_v6::loopback()}
                                           : asio::ip::address_v4::loopback();
        const tcp::endpoint where{here, fixed_port != 0 ? fixed_port : *asked};
        const auto [failed] = co_await one->server.async_connect(where, as_result);
        if (failed) co_return 502;
        // A simulation's time does not wait for delayed acknowledgements.
        for (auto* each : {&one->client, &one->server})
            each->set_option(tcp::no_delay{true});
        co_return 200;
    }

    asio::awaitable<void> carry(tunnel_ptr one)
    {
        const std::string yes = "HTTP/1.1 200 Connection established\r\n\r\n";
        const auto [unsaid, said] =
            co_await asio::async_write(one->client, asio::buffer(yes), as_result);
        if (unsaid) co_return;
        const auto [failed, size] =
            co_await asio::async_write(one->server, one->early.data(), as_result);
        if (failed) co_return;
        auto down = relay(one, one->server, one->client);
        auto up = relay(one, one->client, one->server);
        using asio::experimental::awaitable_operators::operator&&;
        co_await (std::move(down) && std::move(up));
    }

    void cut()
    {
        for (const auto& each : open)
            each->close();
    }
};

connect_proxy::connect_proxy(asio::any_io_executor executor, const std::string& address)
    : parts_{std::make_shared<parts>(executor, address)}
{
    asio::co_spawn(executor, parts::accept(parts_), rethrow);
}

connect_proxy::~connect_proxy()
{
    stop();
}

std::uint16_t connect_proxy::port() const
{
    return parts_->port;
}
void connect_proxy::lead_to(std::uint16_t port)
{
    parts_->fixed_port = port;
}
void connect_proxy::refuse_with(int http_status)
{
    parts_->refusal = http_status;
}
void connect_proxy::require(const std::string& user, const std::string& password)
{
    parts_->authorization = "Basic " + base64(user + ":" + password);
}
void connect_proxy::say(std::string instead)
{
    parts_->instead = std::move(instead);
}
void connect_proxy::stay_silent()
{
    parts_->silent = true;
}
void connect_proxy::cut()
{
    parts_->cut();
}
void connect_proxy::stop()
{
    error_code ignored;  // it may be closed already
    (void)parts_->acceptor.close(ignored);
    parts_->cut();
}
int connect_proxy::tunnels() const
{
    return parts_->made;
}
int connect_proxy::tunnels_open() const
{
    return parts_->live;
}
int connect_proxy::refused() const
{
    return parts_->refused;
}
const std::vector<std::string>& connect_proxy::asked_for() const
{
    return parts_->authorities;
}
const std::vector<std::string>& connect_proxy::authorizations() const
{
    return parts_->authorizations;
}

}  // namespace ecr::test
