#include "daemon/limits.hpp"
#include "daemon/link/socket_manners.hpp"
#include "protocol/result.hpp"

#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

namespace ecr::daemon {

void keep_asking(asio::ip::tcp::acceptor& acceptor) noexcept
{
    using seconds_of_silence = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
    using seconds_between = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
    using tries = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>;
    error_code ignored;  // all of these make a bad link better, not a wrong one right
    acceptor.set_option(asio::socket_base::keep_alive{true}, ignored);
    acceptor.set_option(seconds_of_silence{limits::keep_alive_idle.count()}, ignored);
    acceptor.set_option(seconds_between{limits::keep_alive_between.count()}, ignored);
    acceptor.set_option(tries{limits::keep_alive_tries}, ignored);
}

bool all_acknowledged(asio::ip::tcp::socket& socket, std::uint64_t) noexcept
{
    int unsent = 0;
    return ::ioctl(socket.native_handle(), SIOCOUTQ, &unsent) == 0 && unsent == 0;
}

}  // namespace ecr::daemon
