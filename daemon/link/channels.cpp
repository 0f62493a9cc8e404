#include "daemon/link/channels.hpp"

#include "daemon/limits.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

namespace ecr::daemon {
namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// What all channels read into. One I/O thread, so one buffer; a session has taken what it wants
/// before it suspends. NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::array<char, limits::read_size> scratch;

template <class Stream>
class stream_channel final : public byte_channel {
public:
    stream_channel(Stream stream, std::string name)
        : stream_{std::move(stream)}, name_{std::move(name)}
    {}

    asio::awaitable<result<std::string_view>> read() override
    {
        for (;;) {
            const auto [failed] = co_await stream_.async_wait(Stream::wait_read, as_result);
            if (failed) co_return failed;
            error_code unread;
            const auto size = stream_.read_some(asio::buffer(scratch), unread);
            if (unread == asio::error::would_block) continue;
            if (unread) co_return unread;
            co_return std::string_view{scratch.data(), size};
        }
    }

    asio::awaitable<error_code> write(std::string bytes) override
    {
        const auto [failed, size] =
            co_await asio::async_write(stream_, asio::buffer(bytes), as_result);
        co_return failed;
    }

    void close() override
    {
        error_code ignored;  // it is going away, whatever the kernel thinks of it
        stream_.close(ignored);
    }

    void finish() override
    {
        if constexpr (requires { stream_.shutdown(asio::socket_base::shutdown_send); }) {
            error_code ignored;  // the other side may be gone already
            stream_.shutdown(asio::socket_base::shutdown_send, ignored);
        }
    }

    bool all_arrived() override
    {
        if constexpr (requires { stream_.remote_endpoint(); }) {
            int unsent = 0;
            return ::ioctl(stream_.native_handle(), SIOCOUTQ, &unsent) == 0 && unsent == 0;
        } else {
            return false;  // a port has no acknowledgements
        }
    }

    const std::string& name() const override { return name_; }

private:
    Stream stream_;
    std::string name_;
};

}  // namespace

std::string name_of(const asio::ip::tcp::socket& socket)
{
    error_code failed;
    const auto peer = socket.remote_endpoint(failed);
    if (failed) return "a till that has left";
    return peer.address().to_string() + ':' + std::to_string(peer.port());
}

void tune(asio::ip::tcp::socket& socket)
{
    using seconds_of_silence = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
    using seconds_between = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
    using tries = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>;
    error_code ignored;  // all of these make a bad link better, not a wrong one right
    socket.non_blocking(true, ignored);
    socket.set_option(asio::ip::tcp::no_delay{true}, ignored);
    socket.set_option(asio::socket_base::keep_alive{true}, ignored);
    socket.set_option(seconds_of_silence{limits::keep_alive_idle.count()}, ignored);
    socket.set_option(seconds_between{limits::keep_alive_between.count()}, ignored);
    socket.set_option(tries{limits::keep_alive_tries}, ignored);
}

std::unique_ptr<byte_channel> make_tcp_channel(asio::ip::tcp::socket socket)
{
    auto name = name_of(socket);
    tune(socket);
    return std::make_unique<stream_channel<asio::ip::tcp::socket>>(std::move(socket),
                                                                   std::move(name));
}

std::unique_ptr<byte_channel> make_port_channel(asio::any_io_executor executor, int descriptor,
                                                std::string name)
{
    asio::posix::stream_descriptor port{executor, descriptor};
    error_code ignored;  // it was opened non-blocking; this tells Asio so
    port.non_blocking(true, ignored);
    return std::make_unique<stream_channel<asio::posix::stream_descriptor>>(std::move(port),
                                                                            std::move(name));
}

}  // namespace ecr::daemon
