#pragma once

#include "daemon/till_desk.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::daemon {

/// A till that is there, for the status page.
struct present_till_state {
    std::string name;
    milliseconds last_heard{};  // by the clock that never jumps
    bool waits = false;         // for the end of a command
};

/// How a link is doing, for the status page.
struct link_state {
    bool open = true;     // tills can come; false: its port is not there
    std::string problem;  // why not, for people
    std::vector<present_till_state> tills{};
};

/// A way for tills to reach the bridge: listens, or keeps a port open, until told to stop.
class till_link {
public:
    virtual ~till_link() = default;

    /// Throws boost::system::system_error when the link cannot work at all: the address is taken,
    /// the symlink's place is. A serial port that is absent is no such thing: it is waited for.
    virtual void start() = 0;

    /// No new tills and no new commands. Tills in hand hear the end of theirs; `now`: at once.
    virtual void stop(bool now) = 0;

    /// Where tills find it: "tcp 127.0.0.1:9100", "serial /dev/ttyUSB0", "pty /run/…/till1".
    [[nodiscard]] virtual std::string where() const = 0;
    /// The TCP port, when it is one.
    [[nodiscard]] virtual std::uint16_t port() const { return 0; }
    [[nodiscard]] virtual link_state state() const { return {}; }
};

[[nodiscard]] std::unique_ptr<till_link> make_link(const link_config& config, till_desk& desk);

// The two kinds, for make_link().
[[nodiscard]] std::unique_ptr<till_link> make_tcp_link(const link_config& config, till_desk& desk);
[[nodiscard]] std::unique_ptr<till_link> make_port_link(const link_config& config, till_desk& desk);

/// The till's name on a link without one of its own: "<link>-<address>", in the characters of an
/// order number.
[[nodiscard]] std::string till_name_of(std::string_view link, std::string_view address);

}  // namespace ecr::daemon
