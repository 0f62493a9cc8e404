#include "tests/support/port_stream.hpp"

#include <fcntl.h>
#include <stdexcept>

namespace ecr::test {

port_stream open_port_stream(boost::asio::io_context& io, const std::filesystem::path& device)
{
    const int port = ::open(device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (port < 0) throw std::runtime_error{"cannot open " + device.string()};
    return {io, port};
}

}  // namespace ecr::test
