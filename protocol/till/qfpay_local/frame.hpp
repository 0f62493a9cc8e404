#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The serial frame. Source: dialects.md 1.4.
///
///     2F 6E | 01 | type | ref 01..7F | total length (2) | data length (2) | data | 2F 6E
///
/// Not stuffed: the lengths say where it ends. Total length is that of this frame, from 2F to 6E;
/// data length that of the whole message, of which a fragment carries a part.
namespace ecr::protocol::till::qfpay_local {

namespace frame_type {
inline constexpr std::uint8_t request = 0x10;
inline constexpr std::uint8_t ok = 0x20;
inline constexpr std::uint8_t unknown = 0x30;
inline constexpr std::uint8_t bad_format = 0x31;
inline constexpr std::uint8_t bad_digest = 0x32;
inline constexpr std::uint8_t not_decrypted = 0x33;
inline constexpr std::uint8_t bad_data = 0x34;
inline constexpr std::uint8_t bad_fragment = 0x35;
inline constexpr std::uint8_t last_error = 0x3F;
}  // namespace frame_type

inline constexpr std::uint8_t frame_ref_max = 0x7F;

struct frame_event {
    bool bad = false;  // a start with a version and a ref, and then no frame
    std::uint8_t type = 0;
    std::uint8_t ref = 0;
    std::string piece;          // the data of this frame
    std::size_t data_size = 0;  // of the whole message
};

/// Finds frames in a stream, with noise before and between them.
class frame_reader {
public:
    void feed(std::string_view bytes) { buffer_ += bytes; }

    /// Call until nullopt; then more bytes are needed.
    [[nodiscard]] std::optional<frame_event> next();

    /// Within a frame, or what looks like one.
    [[nodiscard]] bool inside() const noexcept { return buffer_.size() > 2; }

    /// The frame stopped: another one may stand in what came of it.
    void abandon();

private:
    std::string buffer_;  // nothing but a start, once next() has returned nullopt
};

/// One frame, or fragments of frame_piece_size, for the whole of `data`.
[[nodiscard]] std::string framed(std::uint8_t type, std::uint8_t ref, std::string_view data);

}  // namespace ecr::protocol::till::qfpay_local
