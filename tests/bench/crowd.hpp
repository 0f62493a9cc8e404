#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ecr::bench {

/// Tills on TCP connections to one bridge.
class crowd {
public:
    /// Connects them all. Throws std::system_error.
    crowd(std::uint16_t port, int tills);
    ~crowd();
    crowd(const crowd&) = delete;
    crowd& operator=(const crowd&) = delete;

    /// Every till says ping and hears pong. Afterwards all connections are known to be served.
    void ping();

    /// Milliseconds from each command to its result; one row a till.
    struct takings {
        std::vector<std::vector<double>> latencies;
        double took_s = 0;
    };
    /// Every till makes `rounds` payments one after the other, all tills at once. `terminal` names
    /// a till's terminal. Throws std::runtime_error when one is not paid.
    [[nodiscard]] takings pay(int rounds, const std::string& name,
                              const std::function<std::string(int)>& terminal);

private:
    /// Says `next(till)` on each till, and again after each line that `ends` it, until it is empty.
    void converse(const std::function<std::string(int)>& next,
                  const std::function<bool(int, const std::string&)>& ends);
    void say(int till, const std::string& line);
    /// The lines that have arrived.
    [[nodiscard]] std::vector<std::string> hear(int till);

    std::vector<int> sockets_;
    std::vector<std::string> heard_;  // begun lines
};

}  // namespace ecr::bench
