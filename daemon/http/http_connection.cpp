#include "daemon/http/http_connection.hpp"

#include "daemon/as_result.hpp"
#include "daemon/http/http_reading.hpp"
#include "daemon/http/server_tls.hpp"
#include "daemon/waiting_line.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <optional>

namespace ecr::daemon {
namespace {

namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using message_in = http_parser::value_type;
using message_out = http::response<http::string_body>;

constexpr std::size_t piece_size = 4096;

message_out message_of(const http_reply& reply, unsigned version, bool keep_alive)
{
    message_out message{http::int_to_status(reply.status), version};
    message.result(reply.status);
    if (!reply.content_type.empty()) message.set(http::field::content_type, reply.content_type);
    for (const auto& [name, value] : reply.headers)
        message.set(name, value);
    message.keep_alive(keep_alive);
    message.body() = reply.body;
    message.prepare_payload();
    return message;
}

/// True when the connection can go on.
template <class Stream>
asio::awaitable<bool> send(Stream& stream, const http_reply& reply, unsigned version,
                           bool keep_alive, bool head_only)
{
    const bool go_on = keep_alive && !reply.close;
    const auto message = message_of(reply, version, go_on);
    http::response_serializer<http::string_body> serializer{message};
    if (head_only) {
        const auto [failed, size] =
            co_await http::async_write_header(stream, serializer, as_result);
        co_return go_on && !failed;
    }
    const auto [failed, size] = co_await http::async_write(stream, serializer, as_result);
    co_return go_on && !failed;
}

/// A client with a large body may ask whether it is worth sending. False: the connection is over.
template <class Stream>
asio::awaitable<bool> invite(Stream& stream, const message_in& head)
{
    if (head[http::field::expect] != "100-continue") co_return true;
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto [failed, size] = co_await asio::async_write(stream, asio::buffer(go_on), as_result);
    co_return !failed;
}

/// Waits for the first byte of a request. False: none came.
template <class Stream>
asio::awaitable<bool> hear(Stream& stream, boost::beast::flat_buffer& buffer)
{
    if (buffer.size() > 0) co_return true;  // sent ahead
    const auto space = buffer.prepare(piece_size);
    const auto [failed, size] = co_await stream.async_read_some(space, as_result);
    if (failed) co_return false;
    buffer.commit(size);
    co_return true;
}

}  // namespace

http_connection::http_connection(tcp::socket socket, asio::ip::address peer, clock& time,
                                 const http_settings& settings, const http_handler& handler,
                                 std::shared_ptr<asio::ssl::context> tls, bool refused)
    : socket_{std::move(socket)},
      peer_{std::move(peer)},
      settings_{settings},
      handler_{handler},
      tls_{std::move(tls)},
      refused_{refused},
      deadline_{socket_.get_executor(), time}
{}

void http_connection::close()
{
    error_code ignored;  // it is going away, whatever the kernel thinks of it
    socket_.close(ignored);
    if (pouring_) pouring_->close();
}

void http_connection::arm(milliseconds limit)
{
    deadline_.set(limit);
    deadline_.on_ring([this] { close(); });
}

asio::awaitable<void> http_connection::run()
{
    arm(settings_.request_time);
    bool encrypted = false;
    if (tls_) {
        const auto seen = co_await speaks_tls(socket_);
        if (!seen) co_return;
        encrypted = *seen;
    }
    if (encrypted)
        co_await converse_with_tls();
    else
        co_await converse(socket_, false);
    co_await say_farewell();
    deadline_.cancel();
}

asio::awaitable<void> http_connection::converse_with_tls()
{
    asio::ssl::stream<tcp::socket&> stream{socket_, *tls_};
    const auto [failed] =
        co_await stream.async_handshake(asio::ssl::stream_base::server, as_result);
    if (failed) co_return;
    co_await converse(stream, true);
    arm(limits::http_last_words);
    (void)co_await stream.async_shutdown(as_result);  // the socket is closed whatever it says
}

template <class Stream>
asio::awaitable<void> http_connection::converse(Stream& stream, bool encrypted)
{
    boost::beast::flat_buffer buffer{limits::http_header_size_max + settings_.body_size_max};
    for (bool go_on = true; go_on; arm(settings_.idle_time)) {
        const bool heard = co_await hear(stream, buffer);
        if (!heard) co_return;
        arm(settings_.request_time);
        http_parser parser;
        set_limits(parser, settings_.body_size_max);
        auto [failed, size] = co_await http::async_read_header(stream, buffer, parser, as_result);
        std::optional<http_reply> refusal;
        if (failed)
            refusal = refusal_of(failed);
        else if (refused_)
            refusal = http_reply{.status = 403, .body = "Not for you.\n", .close = true};
        else if (tls_ && !encrypted && !settings_.plain)
            refusal = http_reply{.status = 400, .body = "Only https here.\n", .close = true};
        else
            refusal = refusal_of(parser.get());
        if (!failed && !refusal) {
            const bool invited = co_await invite(stream, parser.get());
            if (!invited) co_return;
            const auto [cut, rest] = co_await http::async_read(stream, buffer, parser, as_result);
            failed = cut;
            if (failed) refusal = refusal_of(failed);
        }
        if (refusal) {
            (void)co_await send(stream, *refusal, 11, false, false);  // it ends here anyway
            co_return;
        }
        if (failed) co_return;

        auto message = parser.release();
        const bool head_only = message.method() == http::verb::head;
        const bool keep_alive = message.keep_alive();
        const auto version = message.version();
        auto request = request_of(std::move(message), peer_, encrypted);
        deadline_.cancel();  // the journal may be slow, and cannot be interrupted
        const auto reply = co_await handler_(std::move(request));
        arm(settings_.request_time);
        if (reply.stream && !head_only) {
            co_await pour(stream, reply);
            co_return;
        }
        go_on = co_await send(stream, reply, version, keep_alive, head_only);
    }
}

template <class Stream>
asio::awaitable<void> http_connection::pour(Stream& stream, const http_reply& reply)
{
    http::response<http::empty_body> head{http::int_to_status(reply.status), 11};
    head.set(http::field::content_type, reply.content_type);
    for (const auto& [name, value] : reply.headers)
        head.set(name, value);
    head.keep_alive(false);  // its end is the connection's
    http::response_serializer<http::empty_body> serializer{head};
    const auto [failed, size] = co_await http::async_write_header(stream, serializer, as_result);
    if (failed) co_return;

    // Nothing is expected of the peer any more: whatever comes, its end most likely, ends this.
    const auto source = pouring_ = reply.stream;
    std::array<char, 1> scrap{};
    bool heard = false;
    waiting_line reader;
    stream.async_read_some(asio::buffer(scrap), [&](const error_code&, std::size_t) {
        heard = true;
        source->close();
        reader.call_all();
    });
    for (;;) {
        deadline_.cancel();
        const auto piece = co_await source->next();
        if (piece.empty()) break;
        arm(settings_.request_time);
        const auto [gone, sent] =
            co_await asio::async_write(stream, asio::buffer(piece), as_result);
        if (gone) break;
    }
    close();
    // The stream must outlive what reads from it.
    // NOLINTNEXTLINE(bugprone-infinite-loop): the reader's handler sets it
    while (!heard)
        (void)co_await reader.wait();
}

/// What is still arriving is read and dropped: to close over it would make the kernel throw away
/// the answer that is on its way.
asio::awaitable<void> http_connection::say_farewell()
{
    arm(limits::http_last_words);
    error_code ignored;  // the peer may have gone first
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    std::array<char, piece_size> scrap{};
    for (std::size_t dropped = 0; dropped < limits::http_drain_size_max;) {
        const auto [failed, size] =
            co_await socket_.async_read_some(asio::buffer(scrap), as_result);
        if (failed) break;
        dropped += size;
    }
    close();
}

}  // namespace ecr::daemon
