#include "daemon/link/channels.hpp"
#include "daemon/link/stream_channel.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

namespace ecr::daemon {

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
