#include "tests/crash/sample_till.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ecr::crash {

void sample_till::connect(std::uint16_t port)
{
    hang_up();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return hang_up();
    ++connections_;
    wish_said_ = false;
    say_what_is_next();
}

void sample_till::hang_up()
{
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    unread_.clear();
}

std::string sample_till::number() const
{
    if (!script_.number.empty()) return script_.number;
    for (const auto& t : heard_)
        if (t.word == "accepted" || t.word == "result") return t.value("order");
    return {};
}

void sample_till::say(const std::string& line)
{
    const auto bytes = line + " till=" + script_.name + "\n";
    // A failure shows when the answer is read.
    (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void sample_till::say_what_is_next()
{
    switch (step_) {
        case step::sells: return say(script_.command + " tag=sale");
        case step::asks: return say("query order=" + number() + " tag=ask");
        case step::checks: return say("status order=" + number() + " tag=check");
        case step::done: return;
    }
}

bool sample_till::read_once()
{
    std::array<char, 4096> bytes{};
    const auto size = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (size <= 0) return false;
    unread_.append(bytes.data(), static_cast<std::size_t>(size));
    for (auto end = unread_.find('\n'); end != std::string::npos; end = unread_.find('\n')) {
        auto line = unread_.substr(0, end);
        unread_.erase(0, end + 1);
        if (line.ends_with('\r')) line.pop_back();
        understand(line);
    }
    return true;
}

void sample_till::read()
{
    if (!read_once()) hang_up();
}

void sample_till::read_to_the_end()
{
    while (socket_ >= 0)
        read();
}

void sample_till::understand(const std::string& line)
{
    auto what = test::read_told(line);
    what.connection = connections_;
    heard_.push_back(what);
    answer(what);
}

void sample_till::answer(const told& what)
{
    const auto stage = what.value("stage");
    const bool at_the_terminal = stage == "on_terminal" || stage == "confirming";
    if (script_.cancels && !wish_said_ && what.word == "progress" && at_the_terminal) {
        wish_said_ = true;
        say("cancel order=" + number() + " tag=wish");
    }
    const bool ends_a_command = what.word == "result" || what.word == "error";
    if (!ends_a_command || what.value("tag") == "wish" || done()) return;

    if (what.word == "error")
        step_ = step::done;  // what it means is for the judge
    else if (!what.is_final())
        step_ = step::asks;
    else
        step_ = step_ == step::checks ? step::done : step::checks;
    say_what_is_next();
}

}  // namespace ecr::crash
