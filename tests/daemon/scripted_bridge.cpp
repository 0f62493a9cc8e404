#include "scripted_bridge.hpp"

#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace ecr::daemon {
namespace {

/// Empty: the client has gone.
std::string read_line(int from)
{
    std::string line;
    char c = 0;
    while (::read(from, &c, 1) == 1) {
        line += c;
        if (c == '\n') return line;
    }
    return {};
}

}  // namespace

scripted_bridge::scripted_bridge(std::vector<scripted_connection> script)
    : listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    sockaddr_in local{};
    local.sin_family = AF_INET;
    local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof local;
    auto* address = reinterpret_cast<sockaddr*>(&local);
    if (::bind(listener_, address, size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, address, &size) != 0)
        throw std::runtime_error{"no socket for the scripted bridge"};
    port_ = ntohs(local.sin_port);
    thread_ = std::thread{[this, s = std::move(script)] { play(s); }};
}

scripted_bridge::~scripted_bridge()
{
    stop();
}

std::string scripted_bridge::address() const
{
    return "127.0.0.1:" + std::to_string(port_);
}

std::vector<std::string> scripted_bridge::heard()
{
    stop();
    return heard_;
}

void scripted_bridge::stop()
{
    if (!thread_.joinable()) return;
    ::shutdown(listener_, SHUT_RDWR);  // wakes an accept that nobody comes to
    thread_.join();
    ::close(listener_);
}

void scripted_bridge::play(const std::vector<scripted_connection>& script)
{
    for (const auto& connection : script) {
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) return;
        serve(client, connection);
        ::close(client);
    }
    ::shutdown(listener_, SHUT_RDWR);
}

void scripted_bridge::serve(int client, const scripted_connection& connection)
{
    for (const auto& exchange : connection) {
        auto line = read_line(client);
        if (line.empty()) return;
        line.pop_back();
        heard_.push_back(std::move(line));
        for (const auto& reply : exchange.replies) {
            const auto whole = reply + "\r\n";
            if (::send(client, whole.data(), whole.size(), MSG_NOSIGNAL) < 0) return;
        }
    }
}

}  // namespace ecr::daemon
