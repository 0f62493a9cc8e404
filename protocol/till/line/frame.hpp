#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// STX text ETX LRC, answered by ACK or NAK.
namespace ecr::protocol::till::line {

/// XOR of the text and the ETX.
[[nodiscard]] char lrc_of(std::string_view text) noexcept;
/// `text` holds no STX and no ETX.
[[nodiscard]] std::string framed(std::string_view text);

struct frame_event {
    enum class kind : std::uint8_t {
        frame,  // `text` lives until the next call
        bad,    // wrong LRC, or too long
        ack,
        nak,
        flood,  // too much without an ETX: stop reading
    };

    kind what{};
    std::string_view text;
};

/// Cuts a stream into frames. Bytes between frames are ignored, but for ACK and NAK.
class frame_reader {
public:
    /// Takes bytes from the front of `bytes`. Call until nullopt; then all of them are taken.
    [[nodiscard]] std::optional<frame_event> next(std::string_view& bytes);

    /// A frame has begun and not ended.
    [[nodiscard]] bool inside() const noexcept { return place_ != place::outside; }
    /// The rest of the frame will not come.
    void abandon() noexcept;

private:
    enum class place : std::uint8_t { outside, text, checksum };

    std::optional<frame_event> outside(char c);
    std::optional<frame_event> inside(char c);
    frame_event close(char lrc);

    place place_ = place::outside;
    std::string text_;
    bool used_up_ = false;   // the text has been handed out
    bool too_long_ = false;  // the text is no longer kept
    std::size_t dropped_ = 0;
};

}  // namespace ecr::protocol::till::line
