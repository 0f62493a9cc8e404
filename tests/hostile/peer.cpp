#include "peer.hpp"

#include "tests/process/bridge_process.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace ecr::hostile {
namespace {

using std::chrono::milliseconds;

sockaddr_in place_of(const char* address, std::uint16_t port)
{
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    ::inet_pton(AF_INET, address, &place.sin_addr);
    return place;
}

}  // namespace

peer::peer(std::uint16_t port, const std::string& from, int receive_buffer)
    : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    if (receive_buffer > 0)
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const int yes = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const auto own = place_of(from.c_str(), 0);
    const auto its = place_of("127.0.0.1", port);
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&its), sizeof its) != 0)
        throw std::runtime_error("a peer cannot connect");
}

peer::~peer()
{
    if (socket_ >= 0) ::close(socket_);
}

peer::peer(peer&& other) noexcept
    : socket_{std::exchange(other.socket_, -1)},
      heard_{std::move(other.heard_)},
      closed_{other.closed_}
{}

peer& peer::operator=(peer&& other) noexcept
{
    std::swap(socket_, other.socket_);
    std::swap(heard_, other.heard_);
    std::swap(closed_, other.closed_);
    return *this;
}

bool peer::say(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (size <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

bool peer::say_bytewise(std::string_view bytes)
{
    for (std::size_t at = 0; at < bytes.size(); ++at)
        if (!say(bytes.substr(at, 1))) return false;
    return true;
}

void peer::finish()
{
    ::shutdown(socket_, SHUT_WR);
}

void peer::reset()
{
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(socket_, -1));
    closed_ = true;
}

bool peer::read_more(milliseconds patience)
{
    if (closed_) return false;
    pollfd wanted{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&wanted, 1, static_cast<int>(patience.count())) <= 0) return false;
    std::array<char, 16 * 1024> piece{};
    const auto size = ::recv(socket_, piece.data(), piece.size(), 0);
    if (size <= 0)
        closed_ = true;
    else
        heard_.append(piece.data(), static_cast<std::size_t>(size));
    return size > 0;
}

bool peer::hears(std::string_view text)
{
    while (heard_.find(text) == std::string::npos) {
        if (read_more(process::limit)) continue;
        if (closed_) return false;
        throw std::runtime_error("the bridge is silent; so far it said\n" + heard_);
    }
    return true;
}

std::string peer::rest()
{
    while (!closed_)
        if (!read_more(process::limit) && !closed_)
            throw std::runtime_error("the bridge does not close; so far it said\n" + heard_);
    return heard_;
}

std::string peer::within(milliseconds time)
{
    const auto until = std::chrono::steady_clock::now() + time;
    while (!closed_ && std::chrono::steady_clock::now() < until)
        read_more(std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now()));
    return heard_;
}

int peer::times(std::string_view text) const
{
    int found = 0;
    for (auto at = heard_.find(text); at != std::string::npos; at = heard_.find(text, at + 1))
        ++found;
    return found;
}

}  // namespace ecr::hostile
