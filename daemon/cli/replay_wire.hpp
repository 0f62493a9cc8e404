#pragma once

#include "daemon/cli/bridge_connection.hpp"
#include "protocol/till/trace_cutter.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ecr::cli {

/// A till's end of a link. Synchronous, as bridge_connection is.
class replay_wire {
public:
    explicit replay_wire(std::unique_ptr<protocol::till::trace_cutter> cutter)
        : cutter_{std::move(cutter)}
    {}
    virtual ~replay_wire() = default;

    /// Errors: the system's; errc::timed_out
    [[nodiscard]] virtual error_code write(const std::string& bytes, milliseconds patience) = 0;

    /// The next unit that the bridge says, masked as in a trace.
    /// Errors: the system's; errc::timed_out
    [[nodiscard]] result<protocol::till::trace_unit> next(milliseconds patience);

    /// What the bridge calls our end; empty: it has no name.
    [[nodiscard]] virtual std::string own_name() const = 0;

protected:
    [[nodiscard]] virtual result<std::string> read(milliseconds patience) = 0;

private:
    std::unique_ptr<protocol::till::trace_cutter> cutter_;
    std::deque<protocol::till::trace_unit> heard_;
};

using cutter_ptr = std::unique_ptr<protocol::till::trace_cutter>;

/// nullptr: `failed` says why.
[[nodiscard]] std::unique_ptr<replay_wire> connect_wire(const bridge_address& where,
                                                        milliseconds patience, cutter_ptr cutter,
                                                        error_code& failed);
[[nodiscard]] std::unique_ptr<replay_wire> open_wire(const std::string& device, cutter_ptr cutter,
                                                     error_code& failed);

}  // namespace ecr::cli
