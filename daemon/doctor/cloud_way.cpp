#include "daemon/doctor/cloud_way.hpp"

#include "daemon/as_result.hpp"
#include "daemon/cloud/cloud_clock.hpp"
#include "daemon/cloud/https_connection.hpp"
#include "daemon/cloud/proxy_address.hpp"
#include "daemon/limits.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/system/system_error.hpp>
#include <boost/url/parse.hpp>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>

namespace ecr::daemon::doctor {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using stage = way_to_cloud::stage;

std::string issuer_of(const X509& certificate)
{
    char name[256] = "";
    const auto* issuer = X509_get_issuer_name(&certificate);
    for (const int part : {NID_commonName, NID_organizationName})
        if (X509_NAME_get_text_by_NID(issuer, part, name, sizeof name) > 0) return name;
    return "?";
}

class walk {
public:
    walk(const cloud_config& cloud, clock& time) : cloud_{cloud}, time_{time}
    {
        const auto url = boost::urls::parse_uri(cloud.url);
        if (!url || url->host().empty())
            throw boost::system::system_error{make_error_code(errc::bad_configuration), cloud.url};
        seen.host = url->host_address();
        port_ = url->has_port() && !url->port().empty() ? std::string{url->port()} : "443";
        proxy_ = parse_proxy(cloud.proxy);
        seen.authority = proxy_ ? proxy_->authority() : authority_of(seen.host, port_);
        context_.set_options(asio::ssl::context::default_workarounds |
                             asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
    }

    asio::awaitable<void> go()
    {
        auto executor = co_await asio::this_coro::executor;
        tcp::resolver resolver{executor};
        const auto host = proxy_ ? proxy_->host : seen.host;
        const auto port = proxy_ ? proxy_->port : port_;
        auto [unknown, found] = co_await resolver.async_resolve(host, port, as_result);
        if (unknown) co_return stop(stage::name, unknown.message());
        for (const auto& each : found)
            seen.addresses +=
                (seen.addresses.empty() ? "" : ", ") + each.endpoint().address().to_string();

        asio::ssl::stream<beast::tcp_stream> stream{executor, context_};
        stream.next_layer().expires_after(cloud_.connect_timeout);
        auto [closed, where] = co_await stream.next_layer().async_connect(found, as_result);
        if (closed) co_return stop(stage::connection, closed.message());
        if (proxy_) co_return stop(stage::open, {});
        co_await look_at_tls(stream);
    }

    way_to_cloud seen;

private:
    asio::awaitable<void> look_at_tls(asio::ssl::stream<beast::tcp_stream>& stream)
    {
        if (auto problem = load_trust(context_, cloud_.ca_file); !problem.empty())
            co_return stop(stage::tls, std::move(problem));
        (void)expect_host(*stream.native_handle(), seen.host);
        stream.set_verify_mode(asio::ssl::verify_peer);
        stream.set_verify_callback([this](bool trusted, asio::ssl::verify_context& at) {
            if (!trusted && seen.distrust == 0)
                seen.distrust = X509_STORE_CTX_get_error(at.native_handle());
            return true;
        });
        auto [refused] = co_await stream.async_handshake(asio::ssl::stream_base::client, as_result);
        if (refused) co_return stop(stage::tls, refused.message());
        note_certificate(*stream.native_handle());
        stop(seen.distrust == 0 ? stage::open : stage::tls, {});

        http::request<http::empty_body> question{http::verb::head, "/", 11};
        question.set(http::field::host, seen.authority);
        question.set(http::field::user_agent, "ecrbridge");
        question.set(http::field::connection, "close");
        const auto asked_at = time_.now();
        auto [unwritten, written] = co_await http::async_write(stream, question, as_result);
        http::response_parser<http::empty_body> parser;
        parser.skip(true);
        parser.header_limit(limits::answer_header_size_max);
        beast::flat_buffer buffer;
        if (unwritten) co_return;
        auto [unread, size] = co_await http::async_read_header(stream, buffer, parser, as_result);
        if (unread) co_return;
        const auto date = parse_http_date(parser.get()[http::field::date]);
        if (!date) co_return;
        // The header has whole seconds, and was written somewhere between question and answer.
        const auto took = time_.now() - asked_at;
        seen.ahead = std::chrono::duration_cast<milliseconds>(*date + milliseconds{500} -
                                                              (time_.wall() - took / 2));
    }

    void note_certificate(SSL& tls)
    {
        const auto* certificate = SSL_get0_peer_certificate(&tls);
        std::tm end{};
        if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1)
            return;
        seen.ends = timestamp{std::chrono::seconds{::timegm(&end)}};
        seen.issuer = issuer_of(*certificate);
        if (seen.distrust != 0) seen.distrust_text = X509_verify_cert_error_string(seen.distrust);
    }

    void stop(stage where, std::string why)
    {
        seen.stopped_at = where;
        seen.why = std::move(why);
    }

    const cloud_config& cloud_;
    clock& time_;
    std::string port_;
    std::optional<proxy_address> proxy_;
    asio::ssl::context context_{asio::ssl::context::tls_client};
};

}  // namespace

way_to_cloud walk_to(const cloud_config& cloud, clock& time)
{
    asio::io_context io{1};
    walk way{cloud, time};
    asio::co_spawn(io, way.go(), [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
    io.run();
    return std::move(way.seen);
}

}  // namespace ecr::daemon::doctor
