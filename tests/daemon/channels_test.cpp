#include "daemon/link/channels.hpp"

#include "daemon/limits.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#ifndef _WIN32
#include <netinet/tcp.h>
#endif

namespace ecr::daemon {
namespace {

using asio::ip::tcp;

#ifdef _WIN32
constexpr int keep_idle = 3;  // mingw-w64 has no name for it. Source: ws2ipdef.h of the SDK.
#else
constexpr int keep_idle = TCP_KEEPIDLE;
#endif

TEST(ChannelsTest, AConnectionInheritsWhatTheAcceptorWasTold)
{
    asio::io_context io;
    tcp::acceptor acceptor{io, tcp::v4()};
    tune(acceptor);
    acceptor.bind({asio::ip::address_v4::loopback(), 0});
    acceptor.listen();
    tcp::socket till{io};
    till.connect(acceptor.local_endpoint());
    const auto socket = acceptor.accept();

    tcp::no_delay at_once;
    socket.get_option(at_once);
    EXPECT_TRUE(at_once.value());
    asio::socket_base::keep_alive probed;
    socket.get_option(probed);
    EXPECT_TRUE(probed.value());
    asio::detail::socket_option::integer<IPPROTO_TCP, keep_idle> silence;
    boost::system::error_code unknown;
    socket.get_option(silence, unknown);
    if (unknown == asio::error::no_protocol_option) GTEST_SKIP() << "wine does not know it";
    EXPECT_EQ(silence.value(), limits::keep_alive_idle.count());
}

}  // namespace
}  // namespace ecr::daemon
