#include "daemon/link/channels.hpp"

#include "daemon/limits.hpp"
#include "daemon/link/socket_manners.hpp"
#include "daemon/link/stream_channel.hpp"

namespace ecr::daemon {

std::string name_of(const asio::ip::tcp::socket& socket)
{
    error_code failed;
    const auto peer = socket.remote_endpoint(failed);
    if (failed) return "a till that has left";
    return peer.address().to_string() + ':' + std::to_string(peer.port());
}

void tune(asio::ip::tcp::acceptor& acceptor)
{
    error_code ignored;  // all of these make a bad link better, not a wrong one right
    acceptor.set_option(asio::ip::tcp::no_delay{true}, ignored);
    keep_asking(acceptor);
}

std::unique_ptr<byte_channel> make_tcp_channel(asio::ip::tcp::socket socket)
{
    auto name = name_of(socket);
    error_code ignored;  // a socket that cannot do that fails at its first read
    socket.non_blocking(true, ignored);
    return std::make_unique<stream_channel<asio::ip::tcp::socket>>(std::move(socket),
                                                                   std::move(name));
}

}  // namespace ecr::daemon
