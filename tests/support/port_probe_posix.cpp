#include "tests/support/port_probe.hpp"

#include <fcntl.h>
#include <pty.h>
#include <stdexcept>
#include <termios.h>
#include <unistd.h>
#include <utility>

namespace ecr::test {

port_probe::port_probe()
{
    if (::openpty(&master_, &slave_, nullptr, nullptr, nullptr) != 0)
        throw std::runtime_error{"no pseudo-terminal"};
    termios raw{};
    ::tcgetattr(slave_, &raw);
    ::cfmakeraw(&raw);
    ::tcsetattr(slave_, TCSANOW, &raw);
    for (const int fd : {master_, slave_})
        ::fcntl(fd, F_SETFL, O_NONBLOCK);
}

port_probe::~port_probe()
{
    ::close(slave_);
    ::close(master_);
}

void port_probe::send()
{
    for (const int fd : {master_, slave_})
        if (::write(fd, "p", 1) != 1) throw std::runtime_error{"a pseudo-terminal is full"};
    up_ = down_ = seen_ = false;
}

bool port_probe::arrived(int fd, bool& there)
{
    char byte{};
    if (!there && ::read(fd, &byte, 1) == 1) there = true;
    return there;
}

bool port_probe::has_carried(moment since)
{
    const bool up_here = arrived(master_, up_);
    const bool all_here = arrived(slave_, down_) && up_here;
    if (since != since_ && all_here) {
        since_ = since;
        send();
        return false;
    }
    // Two workers may overtake each other on a busy machine.
    constexpr std::chrono::milliseconds head_start{3};
    const bool too_soon = std::chrono::steady_clock::now() - since < head_start;
    if (since != since_ || !all_here || too_soon) return false;
    return std::exchange(seen_, true);
}

}  // namespace ecr::test
