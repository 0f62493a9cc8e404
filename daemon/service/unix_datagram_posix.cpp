#include "daemon/service/unix_datagram.hpp"

#include <algorithm>
#include <cstddef>
#include <sys/socket.h>
#include <sys/un.h>
#include <utility>

namespace ecr::daemon {

unix_datagram::unix_datagram(std::string address) : address_{std::move(address)}
{
    if (address_.empty() || address_.size() >= sizeof(sockaddr_un::sun_path)) return;
    socket_ = unique_fd{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
}

bool unix_datagram::send(std::string_view message) const
{
    if (!socket_) return false;
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::ranges::copy(address_, to.sun_path);
    // An abstract name is as long as it is said to be; a path ends with its first zero.
    const bool is_abstract = address_.front() == '@';
    if (is_abstract) to.sun_path[0] = '\0';
    const auto size = offsetof(sockaddr_un, sun_path) + address_.size() + (is_abstract ? 0 : 1);
    const auto sent =
        ::sendto(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&to), static_cast<socklen_t>(size));
    return sent == static_cast<ssize_t>(message.size());
}

}  // namespace ecr::daemon
