#pragma once

#include <string>
#include <thread>
#include <vector>

namespace ecr::daemon {

/// One command of the client, and what it is told. The line that came is kept in `heard`.
struct scripted_exchange {
    std::vector<std::string> replies;
};

/// What happens on one connection; after the last exchange it is closed.
using scripted_connection = std::vector<scripted_exchange>;

/// A bridge that only plays a script, on a port of its own. Once the script is over nobody listens.
class scripted_bridge {
public:
    explicit scripted_bridge(std::vector<scripted_connection> script);
    ~scripted_bridge();
    scripted_bridge(const scripted_bridge&) = delete;
    scripted_bridge& operator=(const scripted_bridge&) = delete;

    /// "127.0.0.1:40001"
    [[nodiscard]] std::string address() const;

    /// Every line that came, in order. To be asked for once the client has ended.
    [[nodiscard]] std::vector<std::string> heard();

private:
    void play(const std::vector<scripted_connection>& script);
    void serve(int client, const scripted_connection& connection);
    void stop();

    int listener_ = -1;
    unsigned short port_ = 0;
    std::vector<std::string> heard_;
    std::thread thread_;
};

}  // namespace ecr::daemon
