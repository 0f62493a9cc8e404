#pragma once

#include <chrono>

namespace ecr::test {

/// Whether the kernel has carried what was written to pseudo-terminals.
///
/// A worker of the kernel's own carries their bytes, in its own time. A byte that is written later,
/// to a pseudo-terminal that nobody else knows, arrives later: when it is there, so are the others.
class port_probe {
public:
    using moment = std::chrono::steady_clock::time_point;

    port_probe();
    ~port_probe();
    port_probe(const port_probe&) = delete;
    port_probe& operator=(const port_probe&) = delete;

    /// False: what was written before `since` may still be under way. Asks anew for each `since`,
    /// and says true only from the second look on, so that there is one between arrival and answer.
    [[nodiscard]] bool has_carried(moment since);

private:
    void send();
    [[nodiscard]] bool arrived(int fd, bool& there);

    int master_ = -1;
    int slave_ = -1;
    moment since_{};
    bool up_ = true;
    bool down_ = true;
    bool seen_ = true;
};

}  // namespace ecr::test
