#include "tests/daemon/cloud/echo_cloud.hpp"

#include "daemon/as_result.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <exception>
#include <fstream>

namespace ecr::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr auto rethrow = [](std::exception_ptr failed) {
    if (failed) std::rethrow_exception(failed);
};

std::string lower(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

}  // namespace

struct echo_cloud::parts {
    parts(asio::any_io_executor executor, const std::string& address)
        : acceptor{executor, {asio::ip::make_address(address), 0}}
    {
        const auto made = simulator::make_certificate();
        tls.use_certificate_chain(asio::buffer(made.chain));
        tls.use_private_key(asio::buffer(made.key), asio::ssl::context::pem);
        std::ofstream{folder / "ca.pem"} << made.ca;
    }

    request noted(const http::request<http::string_body>& wire)
    {
        request made{.method = std::string{wire.method_string()},
                     .target = std::string{wire.target()},
                     .headers = {},
                     .body = wire.body()};
        for (const auto& field : wire)
            made.headers[lower(std::string{field.name_string()})] = field.value();
        requests.push_back(made);
        return made;
    }

    tcp::acceptor acceptor;
    asio::ssl::context tls{asio::ssl::context::tls_server};
    temporary_folder folder;
    std::vector<request> requests;
    std::function<reply(const request&)> how = [](const request&) { return reply{}; };
};

namespace {

template <class Parts>
asio::awaitable<void> serve(std::shared_ptr<Parts> p, tcp::socket socket)
{
    socket.set_option(tcp::no_delay{true});  // virtual time does not wait for delayed ACKs
    asio::ssl::stream<tcp::socket> stream{std::move(socket), p->tls};
    const auto [refused] =
        co_await stream.async_handshake(asio::ssl::stream_base::server, as_result);
    if (refused) co_return;
    boost::beast::flat_buffer buffer;
    for (;;) {
        http::request<http::string_body> wire;
        const auto [ended, size] = co_await http::async_read(stream, buffer, wire, as_result);
        if (ended) co_return;
        const auto reply = p->how(p->noted(wire));
        http::response<http::string_body> answer{http::status{reply.status}, 11, reply.body};
        for (const auto& [name, value] : reply.headers)
            answer.set(name, value);
        answer.prepare_payload();
        const auto [gone, written] = co_await http::async_write(stream, answer, as_result);
        if (gone) co_return;
    }
}

template <class Parts>
asio::awaitable<void> accept(std::shared_ptr<Parts> p)
{
    for (;;) {
        auto [stopped, socket] = co_await p->acceptor.async_accept(as_result);
        if (stopped) co_return;
        asio::co_spawn(p->acceptor.get_executor(), serve(p, std::move(socket)), rethrow);
    }
}

}  // namespace

echo_cloud::echo_cloud(asio::any_io_executor executor, const std::string& address)
    : parts_{std::make_shared<parts>(executor, address)}
{
    asio::co_spawn(executor, accept(parts_), rethrow);
}

echo_cloud::~echo_cloud()
{
    boost::system::error_code ignored;  // it is over either way
    parts_->acceptor.close(ignored);
}

std::uint16_t echo_cloud::port() const
{
    return parts_->acceptor.local_endpoint().port();
}

std::filesystem::path echo_cloud::ca_file() const
{
    return parts_->folder / "ca.pem";
}

const std::vector<echo_cloud::request>& echo_cloud::requests() const
{
    return parts_->requests;
}

void echo_cloud::answer_with(std::function<reply(const request&)> how)
{
    parts_->how = std::move(how);
}

}  // namespace ecr::test
