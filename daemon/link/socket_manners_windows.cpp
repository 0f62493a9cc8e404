#include "daemon/limits.hpp"
#include "daemon/link/socket_manners.hpp"
#include "protocol/result.hpp"

#include <winsock2.h>

#include <mstcpip.h>

namespace ecr::daemon {
namespace {

// Since Windows 10, version 1709; mingw-w64 has no names for them. Source: ws2ipdef.h of the SDK.
constexpr int keep_idle = 3;       // TCP_KEEPIDLE
constexpr int keep_count = 16;     // TCP_KEEPCNT
constexpr int keep_interval = 17;  // TCP_KEEPINTVL

}  // namespace

void keep_asking(asio::ip::tcp::acceptor& acceptor) noexcept
{
    using seconds_of_silence = asio::detail::socket_option::integer<IPPROTO_TCP, keep_idle>;
    using seconds_between = asio::detail::socket_option::integer<IPPROTO_TCP, keep_interval>;
    using tries = asio::detail::socket_option::integer<IPPROTO_TCP, keep_count>;
    error_code ignored;  // all of these make a bad link better, not a wrong one right
    acceptor.set_option(asio::socket_base::keep_alive{true}, ignored);
    acceptor.set_option(seconds_of_silence{static_cast<int>(limits::keep_alive_idle.count())},
                        ignored);
    acceptor.set_option(seconds_between{static_cast<int>(limits::keep_alive_between.count())},
                        ignored);
    acceptor.set_option(tries{limits::keep_alive_tries}, ignored);
}

bool all_acknowledged(asio::ip::tcp::socket& socket, std::uint64_t written) noexcept
{
    DWORD version = 0;
    TCP_INFO_v0 info{};
    DWORD size = 0;
    const int failed = ::WSAIoctl(socket.native_handle(), SIO_TCP_INFO, &version, sizeof version,
                                  &info, sizeof info, &size, nullptr, nullptr);
    // Windows before 10, version 1703, and wine cannot say. There, and only there, what the kernel
    // has taken counts as arrived: else every reply would count as lost, and the next customer who
    // buys the same thing would be taken for the last one, asking again.
    if (failed != 0) return ::WSAGetLastError() == WSAEOPNOTSUPP;
    // Bytes that the kernel has not sent yet are not in flight: it must have sent them all.
    const auto sent = info.BytesOut - info.BytesRetrans;
    return info.BytesInFlight == 0 && sent >= written;
}

}  // namespace ecr::daemon
