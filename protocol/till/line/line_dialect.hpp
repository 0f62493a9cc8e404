#pragma once

#include "protocol/till/dialect.hpp"
#include "protocol/till/text_encoding.hpp"

namespace ecr::protocol::till::line {

inline constexpr std::size_t line_size_max = 4096;
inline constexpr std::size_t parameters_max = 32;
inline constexpr int frame_tries_max = 3;
inline constexpr int frame_talked_over_max = 3;  // frames of the till that count as one ack wait
inline constexpr std::chrono::milliseconds frame_ack_wait{2000};
inline constexpr std::size_t frame_queue_max = 64;                  // replies waiting for an ACK
inline constexpr std::chrono::milliseconds frame_settle_wait{500};  // for ACKs to earlier repeats
inline constexpr std::chrono::milliseconds frame_byte_wait{1000};   // between bytes of a frame
inline constexpr std::chrono::milliseconds frame_resend_window{5000};  // same frame: same command

inline constexpr int bad_lines_max = 100;                   // in a row; then the till is hung up on
inline constexpr std::size_t dropped_size_max = 64 * 1024;  // of one line; then likewise
inline constexpr std::size_t value_size_max = 1024;         // of one value of a reply
inline constexpr std::size_t drawn_part_size_max = 1000;    // characters of Base64 in a row

inline constexpr int list_limit_max = 500;        // orders limit=
inline constexpr int framed_list_limit_max = 50;  // a list must fit into the queue
static_assert(framed_list_limit_max < static_cast<int>(frame_queue_max));

enum class framing : std::uint8_t {
    plain,  // CR LF or LF
    stx,    // STX text ETX LRC, ACK/NAK
};

struct settings {
    framing frames = framing::plain;
    bool progress = true;  // send accepted and progress lines
    // Of the till's lines. Unset: UTF-8, and a line that is not is refused.
    std::optional<text_encoding> encoding = {};
};

/// Our own language, see README.md beside this file. A line that starts with '{' is JSON and its
/// command gets JSON back.
[[nodiscard]] std::unique_ptr<dialect> make_line_dialect(const settings& how);

}  // namespace ecr::protocol::till::line
