#include "till.hpp"

#include "bridge_process.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace ecr::process {
namespace {

constexpr char stx = 2, etx = 3, ack = 6;

}  // namespace

till::till(std::uint16_t port, int receive_buffer)
    : descriptor_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    if (receive_buffer > 0)
        ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
        throw std::runtime_error("a till cannot connect");
}

till::till(const std::filesystem::path& port)
    : descriptor_{::open(port.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)}
{
    if (descriptor_ < 0) throw std::runtime_error("a till cannot open " + port.string());
}

till till::at_descriptor(int descriptor)
{
    return till{descriptor, 0};
}

till::~till()
{
    leave();
}

till::till(till&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)},
      unread_{std::move(other.unread_)},
      all_{std::move(other.all_)}
{}

till& till::operator=(till&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    std::swap(unread_, other.unread_);
    std::swap(all_, other.all_);
    return *this;
}

void till::say(std::string_view line)
{
    send(std::string{line} + "\n");
}

bool till::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        auto size = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (size < 0 && errno == ENOTSOCK) size = ::write(descriptor_, bytes.data(), bytes.size());
        if (size <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

void till::finish()
{
    ::shutdown(descriptor_, SHUT_WR);
}

void till::leave()
{
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

bool till::read_more()
{
    pollfd wanted{descriptor_, POLLIN, 0};
    const auto ready =
        ::poll(&wanted, 1, static_cast<int>(std::chrono::milliseconds{limit}.count()));
    if (ready <= 0) throw std::runtime_error("the bridge is silent; so far it said\n" + all_);
    std::array<char, 4096> piece{};
    const auto size = ::read(descriptor_, piece.data(), piece.size());
    if (size <= 0) return false;  // closed, or reset
    unread_.append(piece.data(), static_cast<std::size_t>(size));
    all_.append(piece.data(), static_cast<std::size_t>(size));
    return true;
}

std::string till::hear()
{
    auto end = unread_.find('\n');
    while (end == std::string::npos) {
        if (!read_more()) return std::string{closed_word};
        end = unread_.find('\n');
    }
    auto line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
}

std::string till::end()
{
    for (;;) {
        auto line = hear();
        for (const auto* word : {"result", "ok", "error"})
            if (line.starts_with(std::string{word} + " ") ||
                line.starts_with("{\"reply\":\"" + std::string{word} + "\""))
                return line;
        if (line == closed_word) return line;
    }
}

std::string till::next(std::string_view word)
{
    for (;;) {
        auto line = hear();
        if (line.starts_with(word) || line == closed_word) return line;
    }
}

std::string till::ask(std::string_view line)
{
    say(line);
    return end();
}

std::string till::bytes(std::size_t size)
{
    while (unread_.size() < size && read_more()) {
    }
    auto got = unread_.substr(0, size);
    unread_.erase(0, size);
    return got;
}

void till::say_frame(std::string_view text)
{
    std::string frame{text};
    frame += etx;
    char lrc = 0;
    for (const char c : frame)
        lrc = static_cast<char>(lrc ^ c);
    send(stx + frame + lrc);
}

std::string till::hear_frame()
{
    std::string frame;
    while (frame.empty() || frame.front() != stx)  // our own ACKs and NAKs come between
        frame = bytes(1);
    while (frame.back() != etx) {
        const auto next = bytes(1);
        if (next.empty()) return std::string{closed_word};
        frame += next;
    }
    (void)bytes(1);  // its LRC; the dialect's own tests look at it
    send(std::string_view{&ack, 1});
    return frame.substr(1, frame.size() - 2);
}

std::string value_of(const std::string& reply, std::string_view key)
{
    const bool json = reply.starts_with('{');
    const auto name = json ? "\"" + std::string{key} + "\":" : " " + std::string{key} + "=";
    const auto at = reply.find(name);
    if (at == std::string::npos) return {};
    const auto begin = at + name.size();
    if (reply.compare(begin, 1, "\"") != 0) {
        const auto bare =
            reply.substr(begin, reply.find_first_of(json ? ",}" : " ", begin) - begin);
        return !json ? bare : bare == "true" ? "yes" : bare == "false" ? "no" : bare;
    }
    return reply.substr(begin + 1, reply.find('"', begin + 1) - begin - 1);
}

}  // namespace ecr::process
