#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace ecr::test {

/// A bound datagram socket, as systemd has one for notifications and one for its journal.
class datagram_box {
public:
    explicit datagram_box(std::filesystem::path path) : path_{std::move(path)}
    {
        sockaddr_un here{};
        here.sun_family = AF_UNIX;
        path_.string().copy(here.sun_path, sizeof(here.sun_path) - 1);
        socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (::bind(socket_, reinterpret_cast<const sockaddr*>(&here), sizeof(here)) != 0)
            throw std::runtime_error("cannot bind " + path_.string());
    }
    ~datagram_box()
    {
        ::close(socket_);
        ::unlink(path_.c_str());
    }
    datagram_box(const datagram_box&) = delete;
    datagram_box& operator=(const datagram_box&) = delete;

    [[nodiscard]] std::string path() const { return path_.string(); }

    /// The next datagram; nothing when none has come for that long.
    std::optional<std::string> next(std::chrono::milliseconds limit)
    {
        const auto microseconds = std::chrono::microseconds{limit}.count();
        const timeval wait{.tv_sec = microseconds / 1'000'000, .tv_usec = microseconds % 1'000'000};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
        std::array<char, 65536> piece{};
        const auto size = ::recv(socket_, piece.data(), piece.size(), 0);
        if (size < 0) return std::nullopt;
        return std::string{piece.data(), static_cast<std::size_t>(size)};
    }

    /// The next one that contains `text`; nothing when none has come in that time.
    std::optional<std::string> next_with(const std::string& text, std::chrono::milliseconds limit)
    {
        using std::chrono::milliseconds;
        const auto end = std::chrono::steady_clock::now() + limit;
        while (true) {
            // Not zero: that would wait for ever.
            const auto left =
                std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
            auto got = next(std::max(left, milliseconds{1}));
            if (!got || got->find(text) != std::string::npos) return got;
            if (left.count() <= 0) return std::nullopt;
        }
    }

private:
    std::filesystem::path path_;
    int socket_ = -1;
};

}  // namespace ecr::test
