#include "daemon/cli/replay_wire.hpp"

#include "protocol/errc.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace ecr::cli {
namespace {

using boost::system::system_category;

template <class Stream>
class stream_wire final : public replay_wire {
public:
    stream_wire(std::unique_ptr<asio::io_context> io, Stream stream, cutter_ptr cutter)
        : replay_wire{std::move(cutter)}, io_{std::move(io)}, stream_{std::move(stream)}
    {}

    error_code write(const std::string& bytes, milliseconds patience) override
    {
        error_code failed;
        asio::async_write(stream_, asio::buffer(bytes),
                          [&failed](error_code e, std::size_t) { failed = e; });
        return finish(failed, patience);
    }

    std::string own_name() const override
    {
        if constexpr (requires { stream_.local_endpoint(); }) {
            error_code failed;
            const auto end = stream_.local_endpoint(failed);
            if (failed) return {};
            return end.address().to_string() + ':' + std::to_string(end.port());
        }
        return {};
    }

protected:
    result<std::string> read(milliseconds patience) override
    {
        error_code failed;
        std::size_t size = 0;
        stream_.async_read_some(asio::buffer(buffer_), [&](error_code e, std::size_t n) {
            failed = e;
            size = n;
        });
        if (const auto why = finish(failed, patience)) return why;
        return std::string{buffer_.data(), size};
    }

private:
    /// Runs what was started until it is done, or cuts it short.
    error_code finish(const error_code& outcome, milliseconds patience)
    {
        io_->restart();
        io_->run_for(patience);
        if (io_->stopped()) return outcome;
        error_code ignored;  // whatever became of it, we have stopped waiting
        stream_.cancel(ignored);
        io_->run();
        return make_error_code(errc::timed_out);
    }

    std::unique_ptr<asio::io_context> io_;
    Stream stream_;
    std::array<char, 4096> buffer_{};
};

}  // namespace

result<protocol::till::trace_unit> replay_wire::next(milliseconds patience)
{
    while (heard_.empty()) {
        const auto bytes = read(patience);
        if (!bytes) return bytes.error();
        std::vector<protocol::till::trace_unit> units;
        cutter_->take(protocol::till::heading::to_till, *bytes, units);
        heard_.insert(heard_.end(), units.begin(), units.end());
    }
    auto first = std::move(heard_.front());
    heard_.pop_front();
    return first;
}

std::unique_ptr<replay_wire> connect_wire(const bridge_address& where, milliseconds patience,
                                          cutter_ptr cutter, error_code& failed)
{
    using asio::ip::tcp;
    auto io = std::make_unique<asio::io_context>(1);
    tcp::socket socket{*io};
    tcp::resolver resolver{*io};
    const auto found = resolver.resolve(where.host, where.port, failed);
    if (failed) return nullptr;
    failed = make_error_code(errc::timed_out);
    asio::async_connect(socket, found,
                        [&failed](error_code e, const tcp::endpoint&) { failed = e; });
    io->run_for(patience);
    if (!io->stopped()) {
        error_code ignored;  // we have stopped waiting
        socket.close(ignored);
        io->run();
    }
    if (failed) return nullptr;
    return std::make_unique<stream_wire<tcp::socket>>(std::move(io), std::move(socket),
                                                      std::move(cutter));
}

std::unique_ptr<replay_wire> open_wire(const std::string& device, cutter_ptr cutter,
                                       error_code& failed)
{
    const int port = ::open(device.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (port < 0) {
        failed = {errno, system_category()};
        return nullptr;
    }
    termios how{};
    if (::tcgetattr(port, &how) != 0) {
        failed = {errno, system_category()};
        ::close(port);
        return nullptr;
    }
    ::cfmakeraw(&how);
    (void)::tcsetattr(port, TCSANOW, &how);  // else it echoes: that is seen at once
    auto io = std::make_unique<asio::io_context>(1);
    asio::posix::stream_descriptor stream{*io, port};
    return std::make_unique<stream_wire<asio::posix::stream_descriptor>>(
        std::move(io), std::move(stream), std::move(cutter));
}

}  // namespace ecr::cli
