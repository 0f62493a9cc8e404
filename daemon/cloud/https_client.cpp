#include "daemon/cloud/https_client.hpp"

#include "daemon/limits.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/system/system_error.hpp>
#include <boost/url/parse.hpp>

#include <sys/socket.h>

namespace ecr::daemon {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using protocol::transport;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// True when nothing has arrived on an idle connection, not even its end. TLS may have unread
/// records too; then the connection is not worth the doubt.
bool is_quiet(tcp::socket& socket)
{
    char byte = 0;
    const auto got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace

struct https_client::tls {
    asio::ssl::context context{asio::ssl::context::tls_client};
};

struct https_client::connection {
    connection(asio::any_io_executor executor, clock& time, asio::ssl::context& context)
        : stream{executor, context}, deadline{executor, time}
    {}

    /// From now on the connection is closed when `limit` passes without disarm().
    void arm(milliseconds limit)
    {
        timed_out = false;
        deadline.set(limit);
        deadline.on_ring([this] {
            timed_out = true;
            close();
        });
    }
    void disarm() { deadline.cancel(); }

    void close()
    {
        boost::system::error_code ignored;  // it is going away, whatever the kernel thinks of it
        stream.lowest_layer().close(ignored);
    }

    [[nodiscard]] std::string why(const boost::system::error_code& ec, const char* doing) const
    {
        return std::string{doing} + ": " + (timed_out ? "timed out" : ec.message());
    }

    asio::ssl::stream<tcp::socket> stream;
    beast::flat_buffer buffer;
    alarm deadline;
    bool timed_out = false;
    bool reused = false;
    milliseconds last_used{};
};

https_client::https_client(asio::any_io_executor executor, clock& time, https_settings settings)
    : executor_{std::move(executor)}, clock_{time}, settings_{std::move(settings)}
{
    const auto url = boost::urls::parse_uri(settings_.url);
    if (!url || url->scheme() != "https" || url->host().empty())
        throw boost::system::system_error{make_error_code(errc::bad_configuration),
                                          "cloud.url is not https://host[:port]"};
    host_ = url->host_address();
    port_ = url->has_port() && !url->port().empty() ? std::string{url->port()} : "443";
}

https_client::~https_client() = default;

https_client::connection_ptr https_client::take_idle(bool once_only)
{
    close_stale();
    while (!idle_.empty()) {
        auto c = std::move(idle_.back());  // the one used last is the likeliest to be alive
        idle_.pop_back();
        const auto idle_for = clock_.now() - c->last_used;
        const bool fresh_enough = !once_only || idle_for < limits::connection_idle_for_money;
        if (fresh_enough && is_quiet(c->stream.next_layer())) {
            c->reused = true;
            return c;
        }
        c->close();
    }
    return nullptr;
}

void https_client::close_stale()
{
    const auto oldest = clock_.now() - limits::connection_idle_max;
    while (!idle_.empty() && idle_.front()->last_used < oldest) {
        idle_.front()->close();
        idle_.pop_front();
    }
}

void https_client::give_back(connection_ptr c)
{
    c->last_used = clock_.now();
    idle_.push_back(std::move(c));
}

asio::awaitable<https_client::connection_ptr> https_client::connect(std::string& problem)
{
    if (!tls_) {
        auto fresh = std::make_unique<tls>();
        auto& context = fresh->context;
        boost::system::error_code failed;
        context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                            asio::ssl::context::no_tlsv1_1);
        if (settings_.ca_file.empty())
            context.set_default_verify_paths(failed);
        else
            context.load_verify_file(settings_.ca_file.string(), failed);
        if (failed) {
            problem = "cannot read the certificate store: " + failed.message();
            co_return nullptr;
        }
        context.set_verify_mode(asio::ssl::verify_peer);
        SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
        tls_ = std::move(fresh);
    }

    auto c = std::make_shared<connection>(executor_, clock_, tls_->context);
    all_.remove_if([](const auto& known) { return known.expired(); });
    all_.push_back(c);
    c->arm(settings_.connect_timeout);

    std::vector<tcp::endpoint> endpoints;
    error_code is_a_name;
    const auto address = asio::ip::make_address(host_, is_a_name);
    if (is_a_name) {
        tcp::resolver resolver{executor_};
        // A resolver has no socket to close: its own time limit is the system's.
        auto [unresolved, found] = co_await resolver.async_resolve(host_, port_, as_result);
        if (unresolved || c->timed_out || stopped_) {
            problem = c->why(unresolved, "looking up the cloud's name");
            co_return nullptr;
        }
        for (const auto& each : found)
            endpoints.push_back(each.endpoint());
    } else {
        endpoints.emplace_back(address, static_cast<std::uint16_t>(std::stoi(port_)));
    }
    auto [refused, endpoint] =
        co_await asio::async_connect(c->stream.next_layer(), endpoints, as_result);
    if (refused) {
        problem = c->why(refused, "connecting to the cloud");
        co_return nullptr;
    }
    boost::system::error_code ignored;  // a missing TCP_NODELAY costs time, not truth
    c->stream.next_layer().set_option(tcp::no_delay{true}, ignored);
    c->stream.set_verify_callback(asio::ssl::host_name_verification{host_});
    // Names only: SNI has no place for addresses (RFC 6066, section 3).
    if (is_a_name) SSL_set_tlsext_host_name(c->stream.native_handle(), host_.c_str());
    auto [untrusted] =
        co_await c->stream.async_handshake(asio::ssl::stream_base::client, as_result);
    if (untrusted) {
        problem = c->why(untrusted, "TLS with the cloud");
        c->close();
        co_return nullptr;
    }
    c->disarm();
    co_return c;
}

asio::awaitable<https_answer> https_client::attempt(const https_request& request, connection_ptr on)
{
    http::request<http::string_body> wire{http::verb::post, request.path, 11, request.body};
    wire.set(http::field::host, port_ == "443" ? host_ : host_ + ":" + port_);
    wire.set(http::field::user_agent, "ecrbridge");
    wire.set(http::field::content_type, "application/x-www-form-urlencoded");
    for (const auto& [name, value] : request.headers)
        wire.set(name, value);
    wire.prepare_payload();

    https_answer answer;
    on->arm(settings_.answer_timeout);
    auto [unwritten, written] = co_await http::async_write(on->stream, wire, as_result);
    if (unwritten) {
        answer.detail = on->why(unwritten, "sending");
        co_return answer;
    }
    http::response_parser<http::string_body> parser;
    parser.body_limit(limits::answer_size_max);
    parser.header_limit(limits::answer_header_size_max);
    auto [unread, read] = co_await http::async_read(on->stream, on->buffer, parser, as_result);
    if (unread) {
        answer.detail = on->why(unread, "waiting for the answer");
        co_return answer;
    }
    on->disarm();
    auto& got = parser.get();
    answer.how = transport::answered;
    answer.status = got.result_int();
    answer.signature = std::string{got["X-QF-SIGN"]};
    answer.date = std::string{got[http::field::date]};
    answer.body = std::move(got.body());
    if (got.keep_alive() && on->buffer.size() == 0 && !stopped_)
        give_back(std::move(on));
    else
        on->close();
    co_return answer;
}

asio::awaitable<https_answer> https_client::post(https_request request)
{
    https_answer nothing_sent{.how = transport::not_sent, .detail = "the bridge is stopping"};
    const auto reserve = request.priority == 0 ? 0 : limits::connections_for_money;
    while (in_use_ >= limits::connections_max - reserve && !stopped_) {
        if (line_.size() >= limits::requests_waiting_max) {
            nothing_sent.detail = "too many requests wait for the cloud";
            co_return nothing_sent;
        }
        const bool called = co_await line_.wait(request.priority);
        if (!called) co_return nothing_sent;
    }
    if (stopped_) co_return nothing_sent;

    ++in_use_;
    https_answer answer;
    for (bool first = true;; first = false) {
        auto c = first ? take_idle(request.once_only) : nullptr;
        if (!c) c = co_await connect(nothing_sent.detail);
        if (!c) {
            answer = nothing_sent;
            break;
        }
        const bool reused = c->reused;
        answer = co_await attempt(request, c);
        if (answer.how != transport::answered) c->close();
        // An old connection may have been closed by the other side before we wrote.
        const bool again = answer.how == transport::no_answer && reused && !c->timed_out &&
                           !request.once_only && first && !stopped_;
        if (!again) break;
    }
    --in_use_;
    line_.call_next();
    co_return answer;
}

asio::awaitable<void> https_client::warm_up()
{
    std::string ignored;  // the first real request will meet and report it
    if (auto c = co_await connect(ignored)) give_back(std::move(c));
}

void https_client::stop()
{
    stopped_ = true;
    line_.send_away_all();
    idle_.clear();
    for (const auto& known : all_)
        if (const auto c = known.lock()) c->close();
}

}  // namespace ecr::daemon
