#include "daemon/cloud/https_client.hpp"

#include "daemon/as_result.hpp"
#include "daemon/cloud/https_connection.hpp"
#include "daemon/limits.hpp"

#include <boost/beast/http.hpp>
#include <boost/system/system_error.hpp>
#include <boost/url/parse.hpp>

namespace ecr::daemon {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using protocol::transport;

/// True when nothing has arrived on an idle connection, not even its end. TLS may have unread
/// records too; then the connection is not worth the doubt.
bool is_quiet(tcp::socket& socket)
{
    char byte = 0;
    error_code failed;
    socket.non_blocking(true, failed);
    socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, failed);
    return failed == asio::error::would_block;
}

}  // namespace

https_client::https_client(asio::any_io_executor executor, clock& time, https_settings settings)
    : executor_{std::move(executor)}, clock_{time}, settings_{std::move(settings)}
{
    const auto url = boost::urls::parse_uri(settings_.url);
    if (!url || url->scheme() != "https" || url->host().empty())
        throw boost::system::system_error{make_error_code(errc::bad_configuration),
                                          "cloud.url is not https://host[:port]"};
    host_ = url->host_address();
    port_ = url->has_port() && !url->port().empty() ? std::string{url->port()} : "443";
    if (settings_.proxy.empty()) return;
    proxy_ = parse_proxy(settings_.proxy);
    if (!proxy_)
        throw boost::system::system_error{make_error_code(errc::bad_configuration),
                                          "cloud.proxy is not http://[user@]host:port"};
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
        if (fresh_enough && is_quiet(c->socket())) {
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

asio::awaitable<https_answer> https_client::attempt(const https_request& request, connection_ptr on)
{
    http::request<http::string_body> wire{request.get ? http::verb::get : http::verb::post,
                                          request.path, 11, request.body};
    auto authority = authority_of(host_, port_);
    if (port_ == "443") authority.resize(authority.size() - 4);
    wire.set(http::field::host, authority);
    wire.set(http::field::user_agent, "ecrbridge");
    if (!request.get) wire.set(http::field::content_type, "application/x-www-form-urlencoded");
    for (const auto& [name, value] : request.headers)
        wire.set(name, value);
    wire.prepare_payload();

    https_answer answer;
    const auto begun = clock_.now();
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
    answer.took = clock_.now() - begun;
    answer.status = got.result_int();
    answer.signature = std::string{got["X-QF-SIGN"]};
    answer.date = std::string{got[http::field::date]};
    answer.body = std::move(got.body());
    // An interim answer that nobody asked for: the real one may follow, and must not be taken for
    // the answer to the next call.
    if (answer.status < 200) {
        answer.how = transport::no_answer;
        answer.detail = "HTTP " + std::to_string(answer.status) + " from the cloud";
        on->close();
        co_return answer;
    }
    if (got.keep_alive() && on->buffer.size() == 0 && !stopped_)
        give_back(std::move(on));
    else
        on->close();
    co_return answer;
}

asio::awaitable<https_answer> https_client::send(https_request request)
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
