#include "tests/bench/compared/till_load.hpp"

#include "tests/bench/compared/statistics.hpp"
#include "tests/bench/shop.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace ecr::bench {
namespace {

using milliseconds = std::chrono::duration<double, std::milli>;

constexpr int silence_max_ms = 30'000;
constexpr std::string_view push_body =
    R"({"txamt":"110","txcurrcd":"HKD","pay_type":"800008","out_trade_no":"relayed"})";

[[noreturn]] void fail(const char* what)
{
    throw std::system_error{errno, std::generic_category(), what};
}

std::string padded(int number)
{
    auto digits = std::to_string(number);
    return std::string(8 - digits.size(), '0') + digits;
}

std::string command(const till_load& load, int till, int number)
{
    const auto order = load.prefix + padded(number);
    switch (load.language) {
        case spoken::peer: return "PAY " + order + " 110\n";
        case spoken::bridge:
            return "pay order=" + order +
                   " amount=110 terminal=" + terminal_name(load.first_terminal + number) +
                   " till=T" + std::to_string(till) + "\n";
        case spoken::http:
            return "POST /ecr/v1/payment/async HTTP/1.1\r\nHost: localhost\r\n"
                   "Content-Type: application/json\r\nContent-Length: " +
                   std::to_string(push_body.size()) + "\r\nConnection: close\r\n\r\n" +
                   std::string{push_body};
    }
    return {};
}

/// Whether the till has been told that the cloud has taken it; nothing: not yet.
std::optional<bool> acknowledged(spoken language, std::string_view heard)
{
    if (language == spoken::http) {
        if (heard.find("\"respmsg\"") == std::string_view::npos) return std::nullopt;
        return heard.find("\"respcd\":\"0000\"") != std::string_view::npos;
    }
    while (!heard.empty()) {
        const auto end = heard.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        const auto line = heard.substr(0, end);
        heard.remove_prefix(end + 1);
        if (language == spoken::peer) return line.starts_with("OK ") && line.ends_with(" 0000");
        if (line.starts_with("accepted ")) continue;
        if (!line.starts_with("progress ")) return false;
        if (line.find(" stage=on_terminal") != std::string_view::npos) return true;
    }
    return std::nullopt;
}

struct till {
    int socket = -1;
    bool said = false;
    std::chrono::steady_clock::time_point began;
    std::string words;
    std::string heard;
};

/// The tills, on one thread.
class crowd_of_tills {
public:
    explicit crowd_of_tills(const till_load& load)
        : load_{load}, tills_(static_cast<std::size_t>(load.tills)), epoll_{::epoll_create1(0)}
    {
        if (epoll_ < 0) fail("epoll_create1");
        took_.reserve(static_cast<std::size_t>(load.commands));
    }
    ~crowd_of_tills()
    {
        for (const auto& each : tills_)
            if (each.socket >= 0) ::close(each.socket);
        ::close(epoll_);
    }
    crowd_of_tills(const crowd_of_tills&) = delete;
    crowd_of_tills& operator=(const crowd_of_tills&) = delete;

    takings run()
    {
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < load_.tills; ++i)
            begin(i);
        std::array<epoll_event, 128> events{};
        while (took_.size() < static_cast<std::size_t>(load_.commands)) {
            const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                           silence_max_ms);
            if (ready == 0) throw std::runtime_error("nothing happens for 30 s");
            for (int i = 0; i < ready; ++i)
                go_on(events[static_cast<std::size_t>(i)]);
        }
        const milliseconds all = std::chrono::steady_clock::now() - start;
        return {.per_second = load_.commands / (all.count() / 1'000),
                .p50_ms = quantile(took_, 0.5),
                .p99_ms = quantile(took_, 0.99),
                .max_ms = quantile(took_, 1)};
    }

private:
    void begin(int number)
    {
        if (begun_ >= load_.commands) return;
        auto& one = tills_[static_cast<std::size_t>(number)];
        one = {};
        one.words = command(load_, number, begun_++);
        one.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (one.socket < 0) fail("socket");
        const int on = 1;
        ::setsockopt(one.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(load_.port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        one.began = std::chrono::steady_clock::now();
        const auto* where = reinterpret_cast<const sockaddr*>(&address);
        if (::connect(one.socket, where, sizeof address) != 0 && errno != EINPROGRESS)
            fail("connect");
        watch(number, EPOLLOUT, EPOLL_CTL_ADD);
    }

    void watch(int number, std::uint32_t what, int how)
    {
        epoll_event wanted{};
        wanted.events = what;
        wanted.data.u32 = static_cast<std::uint32_t>(number);
        if (::epoll_ctl(epoll_, how, tills_[static_cast<std::size_t>(number)].socket, &wanted) != 0)
            fail("epoll_ctl");
    }

    void go_on(const epoll_event& event)
    {
        const auto number = static_cast<int>(event.data.u32);
        auto& one = tills_[event.data.u32];
        if (!one.said) {
            const auto size = ::send(one.socket, one.words.data(), one.words.size(), MSG_NOSIGNAL);
            if (size != static_cast<ssize_t>(one.words.size())) fail("send");
            one.said = true;
            watch(number, EPOLLIN, EPOLL_CTL_MOD);
            return;
        }
        std::array<char, 4096> bytes{};
        const auto size = ::recv(one.socket, bytes.data(), bytes.size(), 0);
        if (size < 0) fail("recv");
        one.heard.append(bytes.data(), static_cast<std::size_t>(size));
        const auto told = acknowledged(load_.language, one.heard);
        if (!told && size > 0) return;
        if (!told || !*told)
            throw std::runtime_error("not acknowledged: " + one.words + " -> " + one.heard);
        const milliseconds took = std::chrono::steady_clock::now() - one.began;
        took_.push_back(took.count());
        hang_up(one);
        begin(number);
    }

    /// A peer has said all. The bridge would wait with its result for a till that only says no
    /// more: this one is gone, and a reset says so.
    void hang_up(till& one) const
    {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        if (load_.language == spoken::bridge)
            ::setsockopt(one.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        ::close(one.socket);
        one.socket = -1;
    }

    const till_load& load_;
    std::vector<till> tills_;
    std::vector<double> took_;
    int epoll_;
    int begun_ = 0;
};

}  // namespace

takings run_load(const till_load& load)
{
    return crowd_of_tills{load}.run();
}

}  // namespace ecr::bench
