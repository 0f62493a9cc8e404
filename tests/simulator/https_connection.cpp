#include "tests/simulator/https_connection.hpp"

#include "tests/simulator/fault_effect.hpp"
#include "tests/simulator/http_text.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

namespace ecr::simulator {
namespace http = boost::beast::http;

https_connection::https_connection(tcp::socket socket, std::shared_ptr<asio::ssl::context> tls,
                                   std::shared_ptr<core> behind, std::shared_ptr<agenda> timers)
    : tls_{std::move(tls)},
      stream_{std::move(socket), *tls_},
      core_{std::move(behind)},
      timers_{std::move(timers)},
      pause_{stream_.get_executor(), asio::steady_timer::time_point::max()}
{}

void https_connection::close()
{
    closed_ = true;
    boost::system::error_code ignored;  // it may be closed already
    (void)stream_.next_layer().close(ignored);
    pause_.cancel();
}

asio::awaitable<void> https_connection::run()
{
    core_->facts.note_connection();
    if (core_->faults().take_connection(fault_kind::close_on_accept)) co_return;
    if (!co_await handshake()) co_return;
    if (core_->faults().take_connection(fault_kind::close_after_handshake)) co_return;
    while (!closed_) {
        auto arrived = co_await read();
        if (arrived.ended) break;
        const bool go_on = co_await serve(std::move(arrived));
        if (!go_on) break;
    }
}

asio::awaitable<bool> https_connection::handshake()
{
    const auto weak = weak_from_this();
    const auto late = [weak] {
        if (const auto self = weak.lock()) self->close();
    };
    const deadline limit{timers_, core_->behaviour.idle_close, late};
    const auto [failed] =
        co_await stream_.async_handshake(asio::ssl::stream_base::server, as_result);
    co_return !failed;
}

asio::awaitable<https_connection::reading> https_connection::read()
{
    const auto weak = weak_from_this();
    const auto late = [weak] {
        if (const auto self = weak.lock()) self->close();
    };
    const deadline limit{timers_, core_->behaviour.idle_close, late};
    http::request_parser<http::string_body> parser;
    parser.header_limit(header_size_max);
    parser.body_limit(body_size_max);
    const auto [failed, size] = co_await http::async_read(stream_, buffer_, parser, as_result);
    reading arrived;
    if (failed == http::error::body_limit) {
        arrived.refused_with = 413;
        co_return arrived;
    }
    if (failed == http::error::header_limit) {
        arrived.refused_with = 431;
        co_return arrived;
    }
    if (failed) {
        arrived.ended = true;
        co_return arrived;
    }
    auto message = parser.release();
    arrived.keep_alive = message.keep_alive() && core_->behaviour.keep_alive;
    const auto field = [&](http::request<http::string_body>::const_iterator found) {
        return found == message.end() ? std::string{} : std::string{found->value()};
    };
    arrived.request = {.method = message.method_string(),
                       .target = message.target(),
                       .content_type = field(message.find(http::field::content_type)),
                       .app_code = field(message.find("X-QF-APPCODE")),
                       .sign = field(message.find("X-QF-SIGN")),
                       .sign_type = field(message.find("X-QF-SIGNTYPE")),
                       .body = std::move(message.body())};
    co_return arrived;
}

asio::awaitable<bool> https_connection::serve(reading arrived)
{
    if (arrived.refused_with != 0)
        co_return co_await write(page_of_status(arrived.refused_with), false, {});
    // No call of the API: somebody looks whether there is a cloud, and what time it is there.
    if (arrived.request.target == "/")
        co_return co_await write(page_of_status(404), arrived.keep_alive, {});
    core_->facts.note_request(arrived.request.target);
    core_->facts.note_signature(arrived.request.sign);
    if (core_->over_limit(arrived.request.app_code))
        co_return co_await write(page_of_status(429), arrived.keep_alive, {});
    if (const auto what = core_->fault_of(arrived.request))
        co_return co_await serve_with(*what, std::move(arrived));
    auto reply = core_->serve(arrived.request, {});
    co_await hold(reply);
    co_return co_await write(std::move(reply), arrived.keep_alive, {});
}

asio::awaitable<bool> https_connection::serve_with(fault what, reading arrived)
{
    if (what.kind == fault_kind::late_delivery) co_await pause(what.delay);
    answer reply;
    // A late delivery is done even when the client has long hung up: the cloud has the bytes.
    if (what.done) reply = core_->serve(arrived.request, distortion_of(what));
    co_await hold(reply);
    auto instead = replacement_of(what);
    const bool answers_itself = what.done && what.kind == fault_kind::respcd;
    if (instead && !answers_itself) reply = std::move(*instead);

    switch (what.kind) {
        case fault_kind::close: co_return false;
        case fault_kind::reset: reset_connection(); co_return false;
        case fault_kind::no_answer: co_await wait_for_hang_up(); co_return false;
        case fault_kind::endless: co_await write_endless(); co_return false;
        case fault_kind::slow: co_await pause(what.delay); break;
        case fault_kind::trickle: {
            const auto text = head_of(reply, false, what.kind) + reply.body;
            co_await write_slowly(text, what.delay);
            co_return false;
        }
        default: break;
    }
    // Not carried out and nothing to say instead: the cloud hangs up.
    if (!what.done && !instead) co_return false;
    co_return co_await write(std::move(reply), arrived.keep_alive, what.kind);
}

asio::awaitable<bool> https_connection::write(answer reply, bool keep_alive, fault_kind damage)
{
    const bool cut = damage == fault_kind::truncated;
    auto text = head_of(reply, keep_alive && !cut, damage);
    text += cut ? reply.body.substr(0, reply.body.size() / 2) : reply.body;
    const bool written = co_await write_raw(std::move(text));
    if (!written || cut) co_return false;
    if (keep_alive) co_return true;
    // The polite end: close_notify first, so that the client can tell it from a cut cable.
    const auto weak = weak_from_this();
    const auto late = [weak] {
        if (const auto self = weak.lock()) self->close();
    };
    const deadline limit{timers_, milliseconds{1'000}, late};
    (void)co_await stream_.async_shutdown(as_result);  // the socket is closed whatever it says
    co_return false;
}

asio::awaitable<bool> https_connection::write_raw(std::string text)
{
    const auto [failed, size] = co_await asio::async_write(stream_, asio::buffer(text), as_result);
    co_return !failed;
}

asio::awaitable<void> https_connection::write_endless()
{
    bool more = co_await write_raw(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        "Connection: close\r\n\r\n{\"resperr\": \"");
    const std::string piece(16 * 1024, 'x');
    while (more && !closed_)
        more = co_await write_raw(piece);
}

asio::awaitable<void> https_connection::write_slowly(std::string text, milliseconds pause_between)
{
    for (const char byte : text) {
        const bool written = co_await write_raw(std::string(1, byte));
        if (!written || closed_) co_return;
        co_await pause(pause_between);
    }
}

asio::awaitable<void> https_connection::hold(answer& reply)
{
    if (!reply.body_then) co_return;
    co_await pause(reply.hold);
    reply.body = reply.body_then();
}

asio::awaitable<void> https_connection::pause(milliseconds duration)
{
    const auto weak = weak_from_this();
    bool over = false;
    const auto entry = timers_->after(duration, [weak, &over] {
        // The frame that owns `over` is alive as long as the connection is.
        if (const auto self = weak.lock()) {
            over = true;
            self->pause_.cancel();
        }
    });
    while (!over && !closed_)
        co_await pause_.async_wait(as_result);
    timers_->drop(entry);
}

asio::awaitable<void> https_connection::wait_for_hang_up()
{
    for (;;) {
        char byte = 0;
        const auto [failed, size] =
            co_await stream_.async_read_some(asio::buffer(&byte, 1), as_result);
        if (failed) co_return;
    }
}

std::string https_connection::head_of(const answer& reply, bool keep_alive, fault_kind damage) const
{
    std::string sign;
    if (reply.signed_with && damage != fault_kind::no_signature) {
        const auto over = damage == fault_kind::wrong_signature ? reply.body + " " : reply.body;
        sign = protocol::cloud::body_signature(over, reply.key, *reply.signed_with);
    }
    const auto date = core_->events->wall();
    return http_head(reply, keep_alive, date, sign);
}

void https_connection::reset_connection()
{
    boost::system::error_code ignored;  // at worst it is an orderly close
    (void)stream_.next_layer().set_option(asio::socket_base::linger{true, 0}, ignored);
    close();
}

}  // namespace ecr::simulator
