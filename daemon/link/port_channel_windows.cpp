#include "daemon/as_result.hpp"
#include "daemon/limits.hpp"
#include "daemon/link/channels.hpp"
#include "daemon/link/handle_windows.hpp"

#include <boost/asio/windows/stream_handle.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace ecr::daemon {
namespace {

/// How often in a row a port may say that nothing came, before it counts as gone. A driver whose
/// device was pulled out may say so for ever.
constexpr int empty_reads_max = 5;

/// Windows reads into a place that is named before it waits, so that each port owns its buffer.
class port_channel final : public byte_channel {
public:
    port_channel(asio::windows::stream_handle port, std::string name)
        : port_{std::move(port)}, name_{std::move(name)}
    {}

    asio::awaitable<result<std::string_view>> read() override
    {
        for (int empty = 0; empty < empty_reads_max; ++empty) {
            const auto [failed, size] =
                co_await port_.async_read_some(asio::buffer(buffer_), as_result);
            if (failed) co_return failed;
            if (size > 0) co_return std::string_view{buffer_.data(), size};
        }
        co_return make_error_code(asio::error::broken_pipe);
    }

    asio::awaitable<error_code> write(std::string bytes) override
    {
        const auto [failed, size] =
            co_await asio::async_write(port_, asio::buffer(bytes), as_result);
        co_return failed;
    }

    void close() override
    {
        error_code ignored;  // it is going away, whatever the driver thinks of it
        port_.close(ignored);
    }

    void finish() override {}

    bool all_arrived() override
    {
        return false;  // a port has no acknowledgements
    }

    const std::string& name() const override { return name_; }

private:
    asio::windows::stream_handle port_;
    std::string name_;
    std::array<char, limits::read_size> buffer_{};
};

}  // namespace

std::unique_ptr<byte_channel> make_port_channel(asio::any_io_executor executor, int descriptor,
                                                std::string name)
{
    asio::windows::stream_handle port{executor, handle_of(descriptor)};
    return std::make_unique<port_channel>(std::move(port), std::move(name));
}

}  // namespace ecr::daemon
