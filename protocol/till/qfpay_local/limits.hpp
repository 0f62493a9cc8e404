#pragma once

#include <chrono>
#include <cstddef>

/// Every limit of this dialect.
namespace ecr::protocol::till::qfpay_local {

// What a till may say.
inline constexpr std::size_t text_size_max = 8192;          // one request, decrypted
inline constexpr std::size_t message_size_max = 12 * 1024;  // the same in Base64, with line ends
inline constexpr std::size_t pairs_max = 32;                // of one object
inline constexpr int depth_max = 4;                         // envelope, content, and two more
inline constexpr std::size_t name_size_max = 64;
inline constexpr std::size_t amount_digits_max = 10;  // before the point
inline constexpr int bad_requests_max = 100;          // in a row; then it is hung up on
inline constexpr std::size_t pending_max = 8;         // requests without an answer

// What it is told.
inline constexpr std::size_t answer_text_size_max = 512;  // of respmsg

// HTTP.
inline constexpr std::size_t http_header_size_max = 8192;
inline constexpr std::size_t http_body_size_max = message_size_max;
inline constexpr std::size_t http_early_size_max = http_header_size_max + http_body_size_max;
inline constexpr std::size_t http_echo_size_max = 256;  // of a header that is given back
inline constexpr std::chrono::milliseconds http_request_wait{15'000};  // from its first byte

// TCP.
inline constexpr std::size_t tcp_starts_max = 8;                // where a message may begin
inline constexpr std::chrono::milliseconds tcp_gap_wait{5000};  // within a message

// Serial.
inline constexpr std::size_t frame_piece_size = 1024;  // more is sent in fragments
inline constexpr std::size_t frame_data_size_max = message_size_max;
inline constexpr std::chrono::milliseconds frame_byte_wait{500};      // within a frame
inline constexpr std::chrono::milliseconds frame_fragment_wait{500};  // between two
inline constexpr std::chrono::milliseconds frame_late_window{2000};   // for fragments of a lost one
inline constexpr std::chrono::milliseconds frame_ack_wait{1000};
inline constexpr int frame_tries_max = 5;
inline constexpr int frame_talked_over_max = 3;     // that count as one wait for the 20
inline constexpr std::size_t frame_queue_max = 16;  // answers that wait for a 20
inline constexpr std::chrono::milliseconds frame_repeat_window{5000};  // same frame: same request

}  // namespace ecr::protocol::till::qfpay_local
