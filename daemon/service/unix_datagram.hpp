#pragma once

#include "daemon/link/unique_fd.hpp"

#include <string>
#include <string_view>

namespace ecr::daemon {

/// Sends datagrams to a path, or to an abstract name that begins with "@". Whoever listens there
/// may end and come again. Any thread may send.
class unix_datagram {
public:
    /// To nobody.
    unix_datagram() = default;
    explicit unix_datagram(std::string address);

    /// Whether there is an address at all.
    [[nodiscard]] bool has_address() const noexcept { return static_cast<bool>(socket_); }

    /// Never waits. False: it was not taken.
    [[nodiscard]] bool send(std::string_view message) const;

private:
    std::string address_;
    unique_fd socket_;
};

}  // namespace ecr::daemon
