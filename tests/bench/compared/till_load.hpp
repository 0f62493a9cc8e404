#pragma once

#include <cstdint>
#include <string>

namespace ecr::bench {

/// What a program under comparison understands.
enum class spoken {
    bridge,  // our line dialect: from "pay" to the progress line that says that the terminal has it
    peer,    // "PAY <order> <amount>", and "OK <order> <code>"
    http,    // a relay: the push itself, in clear
};

struct till_load {
    std::uint16_t port = 0;
    spoken language = spoken::peer;
    int tills = 1;     // at once
    int commands = 1;  // of all together
    std::string prefix;
    int first_terminal = 0;  // bridge: each command goes to a terminal of its own, from this one on
};

/// What tills have seen. Times run from before connect() until the whole answer was read.
struct takings {
    double per_second = 0;
    double p50_ms = 0;
    double p99_ms = 0;
    double max_ms = 0;
};

/// Gives `load.commands` commands, each over a TCP connection of its own, `load.tills` at once.
///
/// Throws std::runtime_error when a command is not acknowledged, or nothing happens for 30 s.
[[nodiscard]] takings run_load(const till_load& load);

}  // namespace ecr::bench
