#include "daemon/page/page_desk.hpp"

#include "daemon/limits.hpp"
#include "daemon/logging.hpp"
#include "daemon/page/page_files.hpp"
#include "daemon/port_taken.hpp"
#include "protocol/json.hpp"

#include <boost/system/system_error.hpp>
#include <boost/url/decode_view.hpp>
#include <boost/url/pct_string_view.hpp>

#include <algorithm>

namespace ecr::daemon {
namespace {

using boost::system::system_error;

constexpr std::string_view api_root = "/api/v1/";
constexpr std::string_view metrics_path = "/metrics";

http_settings server_settings(const page_config& page)
{
    http_settings made;
    made.name = "page";
    made.address = page.address;
    made.port = page.port;
    made.certificate_file = page.certificate_file;
    made.certificate_key_file = page.certificate_key_file;
    made.plain = page.certificate_file.empty();
    for (const auto& each : page.allow)
        (void)made.allow.add(each);  // the configuration was checked
    made.connections_max = limits::page_connections_max;
    made.body_size_max = limits::page_body_size_max;
    return made;
}

/// A browser runs nothing that does not come from here, and shows it in no other page.
void add_rules(http_reply& reply)
{
    reply.headers.emplace_back(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
    reply.headers.emplace_back("X-Frame-Options", "DENY");
    reply.headers.emplace_back("Referrer-Policy", "no-referrer");
    reply.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    reply.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    reply.headers.emplace_back("Cache-Control", "no-store");
}

http_reply not_found()
{
    return page_refusal(404, "not_found", "There is nothing here");
}

http_reply wrong_method(std::string_view allowed)
{
    auto reply = page_refusal(405, "wrong_method", "This is asked for in another way");
    reply.headers.emplace_back("Allow", std::string{allowed});
    return reply;
}

bool reads(const http_request& request)
{
    return request.method == "GET" || request.method == "HEAD";
}

/// A piece of a path as it is meant. Empty: its escapes are none.
std::string meant_by(std::string_view piece)
{
    const auto escaped = boost::urls::make_pct_string_view(piece);
    if (!escaped) return {};
    const auto meant = **escaped;
    return {meant.begin(), meant.end()};
}

bool is_taken(const boost::system::error_code& failed)
{
    return is_port_taken(failed) || failed == boost::system::errc::address_not_available;
}

}  // namespace

page_desk::page_desk(asio::any_io_executor executor, page_shop shop,
                     std::function<void(std::exception_ptr)> on_bug)
    : executor_{executor},
      shop_{std::move(shop)},
      on_bug_{std::move(on_bug)},
      guard_{shop_.time(), shop_.settings.page},
      events_{executor, shop_},
      looks_{shop_},
      doing_{executor, shop_, [this] { events_.touch(); }},
      metrics_{shop_},
      retry_{executor, shop_.time()}
{
    shop_.orders().on_end([this](const protocol::order& o) { metrics_.ended(o); });
}

page_desk::~page_desk()
{
    shop_.orders().on_end({});
}

void page_desk::start()
{
    listen();
}

void page_desk::listen()
{
    server_ = std::make_unique<http_server>(
        executor_, shop_.time(), server_settings(shop_.settings.page),
        [this](http_request request) { return serve(std::move(request)); }, on_bug_);
    try {
        server_->start();
        listens_ = true;
        log(log_level::info, "page.open", {{"at", where()}});
    } catch (const system_error& failed) {
        // At the start a mistake of the configuration; later on tills need the bridge more than
        // anybody needs the page.
        if (!is_taken(failed.code()) && !said_closed_) throw;
        listen_later(failed.code().message());
    }
}

void page_desk::listen_later(const std::string& why)
{
    if (!std::exchange(said_closed_, true))
        log(log_level::error, "page.closed",
            {{"at", server_->where()},
             {"why", why},
             {"until", "it is free; tills are served meanwhile"}});
    retry_.set(limits::page_listen_retry);
    retry_.on_ring([this] {
        if (!stopped_) listen();
    });
}

void page_desk::stop()
{
    stopped_ = true;
    retry_.cancel();
    events_.stop();
    if (server_) server_->stop();
}

asio::awaitable<void> page_desk::ended()
{
    if (server_) co_await server_->ended();
}

std::uint16_t page_desk::port() const
{
    return listens_ ? server_->port() : 0;
}

std::string page_desk::where() const
{
    const auto& page = shop_.settings.page;
    const bool v6 = page.address.find(':') != std::string::npos;
    return (page.certificate_file.empty() ? "http://" : "https://") +
           (v6 ? '[' + page.address + ']' : page.address) + ':' +
           std::to_string(listens_ ? port() : page.port) + "/";
}

asio::awaitable<http_reply> page_desk::serve(http_request request)
{
    auto reply = co_await answer(std::move(request));
    add_rules(reply);
    co_return reply;
}

asio::awaitable<http_reply> page_desk::answer(http_request request)
{
    if (const auto refused = guard_.refusal_of(request)) co_return *refused;
    const auto path = request.path();
    for (const auto& file : page_files()) {
        if (path != file.path) continue;
        if (!reads(request)) co_return wrong_method("GET, HEAD");
        // They hold no secret, and ask for the token themselves.
        co_return http_reply{.body = std::string{file.content},
                             .content_type = std::string{file.content_type}};
    }
    const bool is_api = path.starts_with(api_root);
    if (!is_api && path != metrics_path) co_return not_found();
    const auto rest = is_api ? std::string{path.substr(api_root.size())} : std::string{};
    if (rest == "session") co_return co_await session(std::move(request));
    if (!guard_.knows(request)) {
        co_await guard_.slow_down(request);
        auto refused = page_refusal(401, "token_needed", "Say the token of this page first");
        refused.headers.emplace_back("WWW-Authenticate", "Bearer");
        co_return refused;
    }
    if (is_api) co_return co_await api(std::move(request), rest);
    if (!reads(request)) co_return wrong_method("GET, HEAD");
    co_return co_await metrics_.serve();
}

asio::awaitable<http_reply> page_desk::session(http_request request)
{
    if (reads(request)) {
        const json body{{"token_needed", guard_.asks_for_token()},
                        {"known", guard_.knows(request)},
                        {"may_act", shop_.settings.page.actions},
                        {"version", shop_.version},
                        {"rehearsal", shop_.orders().settings().rehearsal}};
        co_return http_reply{.body = to_text(body), .content_type = "application/json"};
    }
    const bool opens = request.method == "POST";
    if (!opens && request.method != "DELETE") co_return wrong_method("GET, HEAD, POST, DELETE");
    if (!opens) co_return guard_.log_out(request);
    if (const auto refused = guard_.refusal_of_doing(request)) co_return *refused;
    auto reply = co_await guard_.log_in(std::move(request));
    co_return reply;
}

http_reply page_desk::events(const http_request& request)
{
    if (request.method != "GET") return wrong_method("GET");
    auto stream = events_.open();
    if (!stream) return page_refusal(503, "too_many", "Too many are listening already");
    return {.content_type = "text/event-stream", .stream = std::move(stream)};
}

asio::awaitable<http_reply> page_desk::api(http_request request, std::string path)
{
    constexpr std::string_view orders = "orders/";
    if (path.starts_with(orders)) {
        auto reply = co_await order(std::move(request), path.substr(orders.size()));
        co_return reply;
    }
    if (path == "events") co_return events(request);
    const bool known = path == "overview" || path == "today" || path == "orders";
    if (!known) co_return not_found();
    if (!reads(request)) co_return wrong_method("GET, HEAD");
    http_reply reply;
    if (path == "overview") reply = co_await looks_.overview();
    if (path == "today") reply = co_await looks_.today();
    if (path == "orders") reply = co_await looks_.orders(std::string{request.query()});
    co_return reply;
}

/// "NUMBER", or "NUMBER/what".
asio::awaitable<http_reply> page_desk::order(http_request request, std::string rest)
{
    const auto slash = rest.find('/');
    auto number = meant_by(std::string_view{rest}.substr(0, slash));
    if (number.empty()) co_return not_found();
    http_reply reply;
    if (slash == std::string::npos) {
        if (!reads(request)) co_return wrong_method("GET, HEAD");
        reply = co_await looks_.order(std::move(number));
        co_return reply;
    }
    if (request.method != "POST") co_return wrong_method("POST");
    if (const auto refused = guard_.refusal_of_doing(request)) co_return *refused;
    auto what = rest.substr(slash + 1);
    reply = co_await doing_.serve(std::move(what), std::move(number), std::move(request.body));
    co_return reply;
}

}  // namespace ecr::daemon
