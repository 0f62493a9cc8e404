#pragma once

#include <boost/asio/error.hpp>

namespace ecr::daemon {

/// Whether another program listens there. Windows denies a port that somebody would share, instead
/// of saying that it is in use. Source: WSAEACCES in winsock2.h.
[[nodiscard]] inline bool is_port_taken(const boost::system::error_code& failed)
{
    constexpr int denied_by_windows = 10013;
    return failed == boost::asio::error::address_in_use || failed.value() == denied_by_windows;
}

}  // namespace ecr::daemon
