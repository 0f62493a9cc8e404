#include "daemon/as_result.hpp"
#include "daemon/link/channels.hpp"
#include "daemon/link/socket_manners.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace ecr::daemon {
namespace {

using asio::ip::tcp;

/// The stream refers to its socket, so that whoever owns that can end a handshake.
struct tls_stream {
    tls_stream(std::shared_ptr<tcp::socket> s, asio::ssl::context& tls)
        : socket{std::move(s)}, bytes{*socket, tls}
    {}
    std::shared_ptr<tcp::socket> socket;
    asio::ssl::stream<tcp::socket&> bytes;
};

/// Unlike a plain channel it owns what it reads into: TLS gives bytes out only into a place that
/// is named before it waits.
class tls_channel final : public byte_channel {
public:
    tls_channel(std::shared_ptr<tls_stream> stream, std::string name)
        : stream_{std::move(stream)}, name_{std::move(name)}
    {}

    asio::awaitable<result<std::string_view>> read() override
    {
        const auto [failed, size] =
            co_await stream_->bytes.async_read_some(asio::buffer(buffer_), as_result);
        // Many tills close their socket without a word of TLS. Whether they have read everything
        // is judged by what their kernel has acknowledged, not by how they say farewell.
        if (failed == asio::ssl::error::stream_truncated)
            co_return make_error_code(asio::error::eof);
        if (failed) co_return failed;
        co_return std::string_view{buffer_.data(), size};
    }

    asio::awaitable<error_code> write(std::string bytes) override
    {
        const auto [failed, size] =
            co_await asio::async_write(stream_->bytes, asio::buffer(bytes), as_result);
        co_return failed;
    }

    void close() override
    {
        error_code ignored;  // it is going away, whatever the kernel thinks of it
        stream_->socket->close(ignored);
    }

    void finish() override
    {
        stream_->bytes.async_shutdown([stream = stream_](error_code) {
            error_code ignored;  // the other side may be gone already
            stream->socket->shutdown(asio::socket_base::shutdown_send, ignored);
        });
    }

    bool all_arrived() override
    {
        const auto written = ::BIO_number_written(::SSL_get_wbio(stream_->bytes.native_handle()));
        return all_acknowledged(*stream_->socket, written);
    }

    const std::string& name() const override { return name_; }

private:
    std::shared_ptr<tls_stream> stream_;
    std::string name_;
    std::array<char, 4096> buffer_{};
};

}  // namespace

asio::awaitable<result<std::unique_ptr<byte_channel>>> make_tls_channel(
    std::shared_ptr<tcp::socket> socket, std::shared_ptr<asio::ssl::context> tls)
{
    auto name = name_of(*socket);
    auto stream = std::make_shared<tls_stream>(std::move(socket), *tls);
    const auto [failed] =
        co_await stream->bytes.async_handshake(asio::ssl::stream_base::server, as_result);
    if (failed) co_return failed;
    std::unique_ptr<byte_channel> made =
        std::make_unique<tls_channel>(std::move(stream), std::move(name));
    co_return made;
}

}  // namespace ecr::daemon
