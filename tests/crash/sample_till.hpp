#pragma once

#include "tests/support/told.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ecr::crash {

/// What a till in these tests does. It says `command` until it has heard how that ended, however
/// often the bridge dies on the way, then asks until it is told how the order ended for good.
struct till_script {
    std::string name;
    std::string command;   // without `till=` and `tag=`
    std::string number{};  // of its order; empty: the till has none, the bridge makes one
    bool cancels = false;  // wishes the order cancelled as soon as the shopper has been asked
};

using test::told;

/// A till that speaks the line dialect over TCP. Never waits: the caller polls its socket.
class sample_till {
public:
    explicit sample_till(till_script script) : script_{std::move(script)} {}
    ~sample_till() { hang_up(); }
    sample_till(const sample_till&) = delete;
    sample_till& operator=(const sample_till&) = delete;

    /// Connects and says what is next to be said. A bridge that has just died is no error: then
    /// there is no socket.
    void connect(std::uint16_t port);
    /// -1: not connected.
    [[nodiscard]] int socket() const noexcept { return socket_; }
    /// Reads what has arrived and goes on with the conversation. Hangs up when the bridge did.
    void read();
    /// Reads all that a dead bridge has left in the socket.
    void read_to_the_end();
    void hang_up();

    /// It knows how its order ended, twice.
    [[nodiscard]] bool done() const noexcept { return step_ == step::done; }
    [[nodiscard]] const std::vector<told>& heard() const noexcept { return heard_; }
    [[nodiscard]] const till_script& script() const noexcept { return script_; }
    /// The number its order goes by in the cloud; empty: it has not been told.
    [[nodiscard]] std::string number() const;

private:
    enum class step { sells, asks, checks, done };

    [[nodiscard]] bool read_once();
    void say(const std::string& line);
    void say_what_is_next();
    void understand(const std::string& line);
    void answer(const told& what);

    till_script script_;
    step step_ = step::sells;
    int socket_ = -1;
    int connections_ = 0;
    bool wish_said_ = false;  // on this connection
    std::string unread_;
    std::vector<told> heard_;
};

}  // namespace ecr::crash
