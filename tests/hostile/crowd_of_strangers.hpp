#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace ecr::hostile {

/// Connections that are only there, and connections that say a byte now and then and never come to
/// an end. One that is closed is opened again. They live in a thread of their own.
class crowd_of_strangers {
public:
    struct group {
        std::uint16_t port = 0;
        int size = 0;
        std::string says;                      // for ever, from its beginning again; empty: nothing
        std::chrono::milliseconds pause{200};  // after each byte
    };

    /// Returns when all are connected. Throws std::runtime_error when one cannot.
    explicit crowd_of_strangers(std::vector<group> groups);
    ~crowd_of_strangers() = default;  // the thread stops first
    crowd_of_strangers(const crowd_of_strangers&) = delete;
    crowd_of_strangers& operator=(const crowd_of_strangers&) = delete;

    [[nodiscard]] int connections() const { return open_; }
    [[nodiscard]] int closed() const { return closed_; }  // by the bridge, so far
    [[nodiscard]] long bytes_said() const { return said_; }

private:
    struct stranger {
        int socket = -1;
        const group* of = nullptr;
        std::size_t at = 0;  // in what it says
        std::chrono::steady_clock::time_point next{};
    };

    void live(const std::stop_token& until);
    void look_up(stranger& who);
    void say_next(stranger& who);

    std::vector<group> groups_;
    std::vector<stranger> all_;
    std::atomic<int> open_ = 0;
    std::atomic<int> closed_ = 0;
    std::atomic<long> said_ = 0;
    std::jthread thread_;
};

}  // namespace ecr::hostile
