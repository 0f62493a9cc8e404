#include "daemon/link/handle_windows.hpp"
#include "daemon/link/serial_port.hpp"
#include "tests/support/port_stream.hpp"

#include <stdexcept>

namespace ecr::test {

port_stream open_port_stream(boost::asio::io_context& io, const std::filesystem::path& device)
{
    auto opened = daemon::open_serial_port(device, {});
    if (!opened.port) throw std::runtime_error{opened.problem};
    return {io, daemon::handle_of(opened.port.release())};
}

}  // namespace ecr::test
