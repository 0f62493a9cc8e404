#include "tests/simulator/front.hpp"
#include "tests/simulator/http_text.hpp"
#include "tests/simulator/https_connection.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

namespace ecr::simulator {
namespace http = boost::beast::http;

namespace {

std::shared_ptr<asio::ssl::context> make_tls(const std::string& chain_pem,
                                             const std::string& key_pem)
{
    auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                     asio::ssl::context::no_tlsv1_1);
    tls->use_certificate_chain(asio::buffer(chain_pem));
    tls->use_private_key(asio::buffer(key_pem), asio::ssl::context::pem);
    return tls;
}

/// One request, one answer, end.
class control_connection : public connection,
                           public std::enable_shared_from_this<control_connection> {
public:
    static constexpr std::size_t body_size_max = 1024 * 1024;
    static constexpr milliseconds patience{10'000};

    control_connection(tcp::socket socket, std::shared_ptr<agenda> timers, control_handler handler)
        : socket_{std::move(socket)}, timers_{std::move(timers)}, handler_{std::move(handler)}
    {}

    void close() override
    {
        boost::system::error_code ignored;  // it may be closed already
        (void)socket_.close(ignored);
    }

    asio::awaitable<void> run() override
    {
        const auto weak = weak_from_this();
        const auto late = [weak] {
            if (const auto self = weak.lock()) self->close();
        };
        const deadline limit{timers_, patience, late};
        boost::beast::flat_buffer buffer;
        http::request_parser<http::string_body> parser;
        parser.body_limit(body_size_max);
        const auto [failed, size] = co_await http::async_read(socket_, buffer, parser, as_result);
        if (failed) co_return;
        const auto message = parser.release();
        const auto type = message.find(http::field::content_type);
        const auto result =
            handler_(message.method_string(), message.target(),
                     type == message.end() ? "" : std::string{type->value()}, message.body());
        const answer reply{
            .http_status = result.http_status, .body = result.body, .signed_with = {}};
        const auto text = http_head(reply, false, timers_->wall(), "") + reply.body;
        // The peer may be gone, and then nothing is lost.
        (void)co_await asio::async_write(socket_, asio::buffer(text), as_result);
        boost::system::error_code ignored;
        (void)socket_.shutdown(tcp::socket::shutdown_send, ignored);
    }

private:
    tcp::socket socket_;
    std::shared_ptr<agenda> timers_;
    control_handler handler_;
};

}  // namespace

std::shared_ptr<front> make_https_front(asio::any_io_executor executor,
                                        std::shared_ptr<core> behind,
                                        std::shared_ptr<agenda> timers,
                                        const std::string& chain_pem, const std::string& key_pem)
{
    const auto make = [behind, timers, tls = make_tls(chain_pem, key_pem)](tcp::socket socket) {
        return std::make_shared<https_connection>(std::move(socket), tls, behind, timers);
    };
    return std::make_shared<listener>(std::move(executor), make);
}

std::shared_ptr<front> make_control_front(asio::any_io_executor executor,
                                          std::shared_ptr<agenda> timers, control_handler handler)
{
    const auto make = [timers, handler](tcp::socket socket) {
        return std::make_shared<control_connection>(std::move(socket), timers, handler);
    };
    return std::make_shared<listener>(std::move(executor), make);
}

}  // namespace ecr::simulator
