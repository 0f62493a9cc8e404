#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// STX length message ETX LRC, answered by ACK or NAK.
namespace ecr::protocol::till::hypercom {

/// `value` as `bytes` bytes of packed decimal digits, the most significant first.
[[nodiscard]] std::string packed(std::size_t value, std::size_t bytes);
/// nullopt: a digit above 9.
[[nodiscard]] std::optional<std::size_t> unpacked(std::string_view bytes) noexcept;

/// A complete frame. The LRC is the XOR of the length, the message and the ETX.
/// Source: dialects.md 2.
[[nodiscard]] std::string framed(std::string_view message);

struct frame_event {
    enum class kind : std::uint8_t {
        frame,  // `message` lives until the next call
        bad,    // wrong LRC, no ETX where the length says, an impossible length, or cut off
        ack,
        nak,
        flood,  // too much without a good frame: stop reading
    };

    kind what{};
    std::string_view message;
};

/// Cuts a stream into frames. Bytes between frames are ignored, but for ACK and NAK. An STX in the
/// noise does not hide the frame behind it: what a failed frame held is searched for another one.
class frame_reader {
public:
    /// Takes bytes from the front of `bytes`. Call until nullopt; then all of them are taken.
    [[nodiscard]] std::optional<frame_event> next(std::string_view& bytes);

    /// The rest of the frame will not come. Perhaps what was taken for its start was noise, and a
    /// whole frame stands behind it; else `bad`, but nullopt when no message had begun.
    [[nodiscard]] std::optional<frame_event> expire();

    /// A frame has begun and not ended.
    [[nodiscard]] bool inside() const noexcept { return !taken_.empty(); }

private:
    enum class verdict : std::uint8_t { more, good, wrong };

    [[nodiscard]] verdict judge() const noexcept;
    [[nodiscard]] std::optional<frame_event> settle(bool no_more);
    [[nodiscard]] frame_event hand_out();
    void drop_to_next_stx(std::size_t from);

    std::string taken_;    // from an STX on
    std::string message_;  // handed out last
    std::size_t dropped_ = 0;
    bool doubtful_ = false;  // an earlier STX has led nowhere
};

}  // namespace ecr::protocol::till::hypercom
