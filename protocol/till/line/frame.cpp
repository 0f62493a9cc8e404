#include "protocol/till/line/frame.hpp"

#include "protocol/till/control.hpp"
#include "protocol/till/line/line_dialect.hpp"

#include <utility>

namespace ecr::protocol::till::line {

char lrc_of(std::string_view text) noexcept
{
    unsigned sum = static_cast<unsigned char>(control::etx);
    for (const char c : text)
        sum ^= static_cast<unsigned char>(c);
    return static_cast<char>(sum);
}

std::string framed(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size() + 3);
    bytes += control::stx;
    bytes += text;
    bytes += control::etx;
    bytes += lrc_of(text);
    return bytes;
}

std::optional<frame_event> frame_reader::next(std::string_view& bytes)
{
    if (std::exchange(used_up_, false)) std::string{}.swap(text_);
    while (!bytes.empty()) {
        const char c = bytes.front();
        bytes.remove_prefix(1);
        auto event = place_ == place::outside ? outside(c) : inside(c);
        if (event) return event;
    }
    return std::nullopt;
}

std::optional<frame_event> frame_reader::outside(char c)
{
    if (c == control::ack) return frame_event{frame_event::kind::ack, {}};
    if (c == control::nak) return frame_event{frame_event::kind::nak, {}};
    if (c == control::stx) place_ = place::text;
    return std::nullopt;
}

std::optional<frame_event> frame_reader::inside(char c)
{
    if (place_ == place::checksum) return close(c);
    if (c == control::etx) {
        place_ = place::checksum;
        return std::nullopt;
    }
    if (c == control::stx) {
        // No text contains one, so the end of a frame was lost and this is the next frame.
        std::string{}.swap(text_);
        too_long_ = false;
        return std::nullopt;
    }
    if (text_.size() == line_size_max) {
        too_long_ = true;
        std::string{}.swap(text_);
    }
    if (!too_long_) {
        text_ += c;
        return std::nullopt;
    }
    if (++dropped_ <= dropped_size_max) return std::nullopt;
    abandon();
    return frame_event{frame_event::kind::flood, {}};
}

frame_event frame_reader::close(char lrc)
{
    const bool good = !too_long_ && lrc == lrc_of(text_);
    place_ = place::outside;
    dropped_ = 0;
    too_long_ = false;
    used_up_ = true;
    if (!good) return {frame_event::kind::bad, {}};
    return {frame_event::kind::frame, text_};
}

void frame_reader::abandon() noexcept
{
    place_ = place::outside;
    too_long_ = false;
    dropped_ = 0;
    std::string{}.swap(text_);
}

}  // namespace ecr::protocol::till::line
