#include "daemon/cli/stream_wire.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <cerrno>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace ecr::cli {

using boost::system::system_category;

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
