#pragma once

#include "protocol/till/dialect.hpp"

namespace ecr::protocol::till::line {

inline constexpr std::size_t line_size_max = 4096;
inline constexpr std::size_t parameters_max = 32;
inline constexpr int frame_tries_max = 3;
inline constexpr std::chrono::milliseconds frame_ack_wait{2000};
inline constexpr std::size_t frame_queue_max = 64;  // replies waiting for an ACK

enum class framing : std::uint8_t {
    plain,  // CR LF or LF
    stx,    // STX text ETX LRC, ACK/NAK
};

struct settings {
    framing frames = framing::plain;
    bool progress = true;  // send accepted and progress lines
};

/// Our own language, see README.md beside this file. A line that starts with '{' is JSON and its
/// command gets JSON back.
[[nodiscard]] std::unique_ptr<dialect> make_line_dialect(const settings& how);

}  // namespace ecr::protocol::till::line
