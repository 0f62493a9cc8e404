// How https_client reaches its host: name, socket, tunnel, TLS. Whatever fails here fails before
// the first byte of a request.
#include "daemon/as_result.hpp"
#include "daemon/cloud/https_connection.hpp"
#include "daemon/cloud/system_trust.hpp"
#include "daemon/limits.hpp"

#include <boost/beast/http.hpp>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace ecr::daemon {
namespace {

namespace http = boost::beast::http;
using asio::ip::tcp;

std::string basic_credentials(const std::string& user, const std::string& password)
{
    const auto plain = user + ":" + password;
    std::string coded(4 * ((plain.size() + 2) / 3) + 1, '\0');  // and OpenSSL's final zero
    coded.resize(static_cast<std::size_t>(EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(coded.data()),
        reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()))));
    return "Basic " + coded;
}

/// What a proxy says instead of opening the tunnel.
std::string refusal_of(const std::string& proxy, const http::response_header<>& said)
{
    if (said.result() == http::status::proxy_authentication_required)
        return "the proxy " + proxy + " asks for a user name and a password, or refused them (407)";
    auto text =
        "the proxy " + proxy + " did not open a tunnel (" + std::to_string(said.result_int());
    if (!said.reason().empty()) text += " " + std::string{said.reason()};
    return text + ")";
}

/// What is wrong with the certificate, for a human who can do something about it.
std::string distrust_of(const SSL& tls)
{
    const auto verdict = SSL_get_verify_result(&tls);
    if (verdict == X509_V_OK) return {};
    return std::string{" ("} + X509_verify_cert_error_string(verdict) + ")";
}

}  // namespace

std::string load_trust(asio::ssl::context& context, const std::filesystem::path& ca_file)
{
    boost::system::error_code failed;
    if (ca_file.empty())
        failed = trust_what_the_system_trusts(*context.native_handle());
    else
        context.load_verify_file(ca_file.string(), failed);
    if (!failed) return {};
    return ca_file.empty()
               ? "cannot read the certificate store: " + failed.message()
               : "cannot read certificates from " + ca_file.string() + ": " + failed.message();
}

bool expect_host(SSL& tls, const std::string& host)
{
    auto* expected = SSL_get0_param(&tls);
    boost::system::error_code is_a_name;
    (void)asio::ip::make_address(host, is_a_name);
    if (!is_a_name) return X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(
        expected, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // Names only: SNI has no place for addresses (RFC 6066, section 3).
    return X509_VERIFY_PARAM_set1_host(expected, host.c_str(), host.size()) == 1 &&
           SSL_set_tlsext_host_name(&tls, host.c_str()) == 1;
}

std::string ca_file_problem(const std::filesystem::path& ca_file)
{
    asio::ssl::context context{asio::ssl::context::tls_client};
    return load_trust(context, ca_file);
}

std::string https_client::prepare_tls()
{
    if (tls_) return {};
    auto fresh = std::make_unique<tls>();
    auto& context = fresh->context;
    context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                        asio::ssl::context::no_tlsv1_1);
    if (auto problem = load_trust(context, settings_.ca_file); !problem.empty()) return problem;
    context.set_verify_mode(asio::ssl::verify_peer);
    SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    tls_ = std::move(fresh);
    return {};
}

/// A socket to the host, or to the proxy. A name may have several addresses, and an unreachable one
/// (a network without IPv6, say) must leave time for the others.
asio::awaitable<std::string> https_client::reach(connection_ptr c, milliseconds until)
{
    const auto& host = proxy_ ? proxy_->host : host_;
    const auto& port = proxy_ ? proxy_->port : port_;
    const std::string whom{proxy_ ? "the proxy" : "the cloud"};

    std::vector<tcp::endpoint> endpoints;
    boost::system::error_code is_a_name;
    const auto address = asio::ip::make_address(host, is_a_name);
    if (is_a_name) {
        tcp::resolver resolver{executor_};
        // A resolver has no socket to close: its own time limit is the system's.
        auto [unresolved, found] = co_await resolver.async_resolve(host, port, as_result);
        if (unresolved || stopped_)
            co_return c->why(unresolved, "looking up " + whom + "'s name " + host);
        for (const auto& each : found)
            endpoints.push_back(each.endpoint());
    } else {
        endpoints.emplace_back(address, static_cast<std::uint16_t>(std::stoi(port)));
    }

    std::string problem{"looking up " + whom + "'s name: timed out"};
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        const auto left = until - clock_.now();
        if (left <= milliseconds{0} || stopped_) break;
        c->close();
        c->arm(
            std::max(milliseconds{1}, left / static_cast<milliseconds::rep>(endpoints.size() - i)));
        auto [refused] = co_await c->socket().async_connect(endpoints[i], as_result);
        if (!refused) co_return std::string{};
        problem = c->why(refused, "connecting to " + whom);
    }
    co_return problem;
}

/// Source: RFC 9110, 9.3.6.
asio::awaitable<std::string> https_client::tunnel(connection_ptr c)
{
    const auto target = authority_of(host_, port_);
    http::request<http::empty_body> wire{http::verb::connect, target, 11};
    wire.set(http::field::host, target);
    wire.set(http::field::user_agent, "ecrbridge");
    if (!proxy_->user.empty())
        wire.set(http::field::proxy_authorization,
                 basic_credentials(proxy_->user, settings_.proxy_password));
    auto [unwritten, written] = co_await http::async_write(c->socket(), wire, as_result);
    if (unwritten) co_return c->why(unwritten, "asking the proxy for a tunnel");

    http::response_parser<http::empty_body> parser;
    parser.skip(true);  // what follows a 200 is the tunnel, not a body
    parser.header_limit(limits::answer_header_size_max);
    boost::beast::flat_buffer buffer;
    auto [unread, read] = co_await http::async_read_header(c->socket(), buffer, parser, as_result);
    if (unread) co_return c->why(unread, "waiting for the proxy's tunnel");
    if (http::to_status_class(parser.get().result()) != http::status_class::successful)
        co_return refusal_of(proxy_->authority(), parser.get());
    // In TLS the client speaks first.
    if (buffer.size() > 0) co_return "the proxy " + proxy_->authority() + " talks out of turn";
    co_return std::string{};
}

asio::awaitable<https_client::connection_ptr> https_client::connect(std::string& problem)
{
    problem = prepare_tls();
    if (!problem.empty()) co_return nullptr;

    auto c = std::make_shared<connection>(executor_, clock_, tls_->context);
    all_.remove_if([](const auto& known) { return known.expired(); });
    all_.push_back(c);
    const auto until = clock_.now() + settings_.connect_timeout;
    problem = co_await reach(c, until);
    if (!problem.empty()) co_return nullptr;

    c->arm(std::max(milliseconds{1}, until - clock_.now()));
    boost::system::error_code ignored;  // a missing TCP_NODELAY costs time, not truth
    c->socket().set_option(tcp::no_delay{true}, ignored);
    if (proxy_) problem = co_await tunnel(c);
    if (!problem.empty()) {
        c->close();
        co_return nullptr;
    }
    if (!expect_host(*c->stream.native_handle(), host_)) {
        problem = "TLS with the cloud: " + host_ + " is no name that a certificate can have";
        c->close();
        co_return nullptr;
    }
    auto [untrusted] =
        co_await c->stream.async_handshake(asio::ssl::stream_base::client, as_result);
    if (untrusted) {
        problem = c->why(untrusted, "TLS with the cloud");
        problem += distrust_of(*c->stream.native_handle());
        c->close();
        co_return nullptr;
    }
    c->disarm();
    co_return c;
}

}  // namespace ecr::daemon
