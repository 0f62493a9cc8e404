#pragma once

#include "daemon/limits.hpp"
#include "daemon/link/byte_channel.hpp"
#include "daemon/link/socket_manners.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace ecr::daemon {

/// What all channels read into. One I/O thread, so one buffer; a session has taken what it wants
/// before it suspends. NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
inline std::array<char, limits::read_size> scratch;

/// Of a socket, or of a port where ports are as sockets are.
template <class Stream>
class stream_channel final : public byte_channel {
public:
    stream_channel(Stream stream, std::string name)
        : stream_{std::move(stream)}, name_{std::move(name)}
    {}

    asio::awaitable<result<std::string_view>> read() override
    {
        for (;;) {
            const auto [failed] =
                co_await stream_.async_wait(Stream::wait_read, asio::as_tuple(asio::use_awaitable));
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
        const auto [failed, size] = co_await asio::async_write(stream_, asio::buffer(bytes),
                                                               asio::as_tuple(asio::use_awaitable));
        written_ += size;
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
            return all_acknowledged(stream_, written_);
        } else {
            return false;  // a port has no acknowledgements
        }
    }

    const std::string& name() const override { return name_; }

private:
    Stream stream_;
    std::string name_;
    std::uint64_t written_ = 0;
};

}  // namespace ecr::daemon
