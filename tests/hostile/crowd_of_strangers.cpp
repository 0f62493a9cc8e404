#include "crowd_of_strangers.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace ecr::hostile {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto turn = 20ms;

int connected(std::uint16_t port)
{
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (made < 0 || ::connect(made, reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0)
        throw std::runtime_error("a stranger cannot connect");
    return made;
}

}  // namespace

crowd_of_strangers::crowd_of_strangers(std::vector<group> groups) : groups_{std::move(groups)}
{
    auto next = steady_clock::now();
    for (const auto& each : groups_)
        for (int i = 0; i < each.size; ++i)
            all_.push_back(
                {.socket = connected(each.port), .of = &each, .at = 0, .next = next += 1ms});
    open_ = static_cast<int>(all_.size());
    thread_ = std::jthread{[this](const std::stop_token& until) {
        live(until);
        for (const auto& each : all_)
            if (each.socket >= 0) ::close(each.socket);
    }};
}

void crowd_of_strangers::live(const std::stop_token& until)
{
    std::vector<pollfd> watched(all_.size());
    while (!until.stop_requested()) {
        for (std::size_t i = 0; i < all_.size(); ++i)
            watched[i] = {.fd = all_[i].socket, .events = POLLIN, .revents = 0};
        (void)::poll(watched.data(), watched.size(), static_cast<int>(turn.count()));
        for (std::size_t i = 0; i < all_.size(); ++i)
            if (watched[i].revents != 0) look_up(all_[i]);
        const auto now = steady_clock::now();
        for (auto& each : all_)
            if (!each.of->says.empty() && each.next <= now) say_next(each);
    }
}

/// Whatever the bridge says is read; when it has closed, the stranger comes again.
void crowd_of_strangers::look_up(stranger& who)
{
    std::array<char, 4096> heard{};
    const auto size = ::recv(who.socket, heard.data(), heard.size(), MSG_DONTWAIT);
    if (size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR))) return;
    ::close(who.socket);
    ++closed_;
    who.socket = connected(who.of->port);
    who.at = 0;
    who.next = steady_clock::now() + who.of->pause;
}

void crowd_of_strangers::say_next(stranger& who)
{
    who.next = steady_clock::now() + who.of->pause;
    if (::send(who.socket, &who.of->says[who.at], 1, MSG_NOSIGNAL | MSG_DONTWAIT) != 1) return;
    who.at = (who.at + 1) % who.of->says.size();
    ++said_;
}

}  // namespace ecr::hostile
