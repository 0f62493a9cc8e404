#include "daemon/cli/stream_wire.hpp"
#include "daemon/link/handle_windows.hpp"
#include "daemon/link/serial_port.hpp"

#include <boost/asio/windows/stream_handle.hpp>

namespace ecr::cli {

std::unique_ptr<replay_wire> open_wire(const std::string& device, cutter_ptr cutter,
                                       error_code& failed)
{
    auto opened = daemon::open_serial_port(device, {});
    failed = opened.failed;
    if (failed) return nullptr;
    auto io = std::make_unique<asio::io_context>(1);
    asio::windows::stream_handle stream{*io, daemon::handle_of(opened.port.release())};
    return std::make_unique<stream_wire<asio::windows::stream_handle>>(
        std::move(io), std::move(stream), std::move(cutter));
}

}  // namespace ecr::cli
