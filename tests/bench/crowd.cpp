#include "tests/bench/crowd.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace ecr::bench {
namespace {

using std::chrono::steady_clock;
using milliseconds = std::chrono::duration<double, std::milli>;

constexpr int silence_limit_ms = 60'000;

[[noreturn]] void fail(const char* what)
{
    throw std::system_error{errno, std::generic_category(), what};
}

int connected(std::uint16_t port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) fail("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail("connect");
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

std::size_t at(int till)
{
    return static_cast<std::size_t>(till);
}

}  // namespace

crowd::crowd(std::uint16_t port, int tills) : heard_(at(tills))
{
    for (int i = 0; i < tills; ++i)
        sockets_.push_back(connected(port));
}

crowd::~crowd()
{
    for (const int socket : sockets_)
        ::close(socket);
}

void crowd::say(int till, const std::string& line)
{
    const auto size = ::send(sockets_[at(till)], line.data(), line.size(), MSG_NOSIGNAL);
    if (size != static_cast<ssize_t>(line.size())) fail("send");
}

std::vector<std::string> crowd::hear(int till)
{
    std::array<char, 16 * 1024> bytes{};
    const auto size = ::recv(sockets_[at(till)], bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (size == 0) throw std::runtime_error("the bridge has hung up");
    if (size < 0) fail("recv");
    auto& rest = heard_[at(till)];
    rest.append(bytes.data(), static_cast<std::size_t>(size));
    std::vector<std::string> lines;
    for (std::size_t end = 0; (end = rest.find('\n')) != std::string::npos;) {
        lines.push_back(rest.substr(0, end));
        rest.erase(0, end + 1);
    }
    return lines;
}

void crowd::converse(const std::function<std::string(int)>& next,
                     const std::function<bool(int, const std::string&)>& ends)
{
    std::vector<pollfd> watched;
    for (const int socket : sockets_)
        watched.push_back({.fd = socket, .events = POLLIN, .revents = 0});
    int talking = 0;
    const auto go_on = [&](int till) {
        const auto command = next(till);
        if (command.empty()) {
            watched[at(till)].fd = -1;
            --talking;
            return;
        }
        say(till, command);
    };
    talking = static_cast<int>(sockets_.size());
    for (int till = 0; till < static_cast<int>(sockets_.size()); ++till)
        go_on(till);
    while (talking > 0) {
        const int ready = ::poll(watched.data(), watched.size(), silence_limit_ms);
        if (ready < 0) fail("poll");
        if (ready == 0) throw std::runtime_error("the bridge does not answer");
        for (int till = 0; till < static_cast<int>(sockets_.size()); ++till) {
            if (watched[at(till)].fd < 0 || watched[at(till)].revents == 0) continue;
            for (const auto& line : hear(till))
                if (ends(till, line)) go_on(till);
        }
    }
}

void crowd::ping()
{
    std::vector<bool> said(sockets_.size());
    converse(
        [&](int till) -> std::string {
            if (said[at(till)]) return "";
            said[at(till)] = true;
            return "ping\n";
        },
        [](int, const std::string& line) { return line.starts_with("ok "); });
}

crowd::takings crowd::pay(int rounds, const std::string& name,
                          const std::function<std::string(int)>& terminal)
{
    takings all;
    all.latencies.resize(sockets_.size());
    std::vector<steady_clock::time_point> began(sockets_.size());
    const auto start = steady_clock::now();
    converse(
        [&](int till) -> std::string {
            const auto done = all.latencies[at(till)].size();
            if (done == at(rounds)) return "";
            began[at(till)] = steady_clock::now();
            return "pay order=" + name + "-" + std::to_string(till) + "-" + std::to_string(done) +
                   " amount=110 terminal=" + terminal(till) + "\n";
        },
        [&](int till, const std::string& line) {
            if (line.starts_with("accepted ") || line.starts_with("progress ")) return false;
            if (line.find(" state=paid ") == std::string::npos) throw std::runtime_error(line);
            const milliseconds took = steady_clock::now() - began[at(till)];
            all.latencies[at(till)].push_back(took.count());
            return true;
        });
    all.took_s = milliseconds{steady_clock::now() - start}.count() / 1'000;
    return all;
}

}  // namespace ecr::bench
