#include "protocol/till/line/line_reader.hpp"

#include "protocol/till/line/line_dialect.hpp"

#include <utility>

namespace ecr::protocol::till::line {

std::optional<line_event> line_reader::next(std::string_view& bytes)
{
    using enum line_event::kind;
    // Swapped, not cleared: a thousand idle tills must not hold a thousand lines' worth of memory.
    if (std::exchange(buffer_used_up_, false)) std::string{}.swap(buffer_);
    if (dropping_)
        if (auto flooded = drop(bytes)) return flooded;
    if (bytes.empty()) return std::nullopt;

    // Room for the line and a CR. Looking no further makes the answer the same whatever the pieces.
    const auto room = line_size_max + 1 - buffer_.size();
    const auto window = bytes.substr(0, room + 1);
    const auto end = window.find('\n');

    if (end == std::string_view::npos && window.size() <= room) {
        buffer_ += window;
        bytes = {};
        return std::nullopt;
    }
    if (end == std::string_view::npos) {
        dropping_ = true;
        dropped_ = buffer_.size();
        return line_event{too_long, join(window)};
    }

    auto text = join(window.substr(0, end));
    bytes.remove_prefix(end + 1);
    const bool carriage_return = text.ends_with('\r');
    if (carriage_return) text.remove_suffix(1);
    return line_event{text.size() > line_size_max ? too_long : line, text, carriage_return};
}

std::optional<line_event> line_reader::drop(std::string_view& bytes)
{
    const auto window = bytes.substr(0, dropped_size_max - dropped_ + 1);
    const auto end = window.find('\n');
    if (end != std::string_view::npos) {
        bytes.remove_prefix(end + 1);
        dropping_ = false;
        return std::nullopt;
    }
    dropped_ += window.size();
    bytes.remove_prefix(window.size());
    if (dropped_ <= dropped_size_max) return std::nullopt;
    bytes = {};
    dropped_ = dropped_size_max;
    return line_event{line_event::kind::flood, {}};
}

/// What is buffered and `head` as one view, without copying when nothing is buffered.
std::string_view line_reader::join(std::string_view head)
{
    if (buffer_.empty()) return head;
    buffer_ += head;
    buffer_used_up_ = true;
    return buffer_;
}

}  // namespace ecr::protocol::till::line
