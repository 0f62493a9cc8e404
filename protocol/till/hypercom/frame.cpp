#include "protocol/till/hypercom/frame.hpp"

#include "protocol/till/control.hpp"
#include "protocol/till/hypercom/hypercom_dialect.hpp"

#include <cassert>
#include <utility>

namespace ecr::protocol::till::hypercom {
namespace {

constexpr std::size_t head_size = 3;  // STX, length
constexpr std::size_t tail_size = 2;  // ETX, LRC

char lrc_of(std::string_view bytes) noexcept
{
    unsigned sum = 0;
    for (const char c : bytes)
        sum ^= static_cast<unsigned char>(c);
    return static_cast<char>(sum);
}

}  // namespace

std::string packed(std::size_t value, std::size_t bytes)
{
    std::string out(bytes, '\0');
    for (auto at = bytes; at-- > 0; value /= 100)
        out[at] = static_cast<char>((value / 10 % 10) << 4 | value % 10);
    assert(value == 0);
    return out;
}

std::optional<std::size_t> unpacked(std::string_view bytes) noexcept
{
    std::size_t value = 0;
    for (const char c : bytes) {
        const auto high = static_cast<unsigned char>(c) >> 4U;
        const auto low = static_cast<unsigned char>(c) & 0x0FU;
        if (high > 9 || low > 9) return std::nullopt;
        value = value * 100 + std::size_t{10} * high + low;
    }
    return value;
}

std::string framed(std::string_view message)
{
    std::string bytes{control::stx};
    bytes.reserve(head_size + message.size() + tail_size);
    bytes += packed(message.size(), head_size - 1);
    bytes += message;
    bytes += control::etx;
    bytes += lrc_of(std::string_view{bytes}.substr(1));
    return bytes;
}

std::optional<frame_event> frame_reader::next(std::string_view& bytes)
{
    for (;;) {
        if (auto event = settle(false)) return event;
        if (bytes.empty()) return std::nullopt;
        const char c = bytes.front();
        bytes.remove_prefix(1);
        if (inside() || c == control::stx) {
            taken_ += c;
            continue;
        }
        if (c == control::ack) return frame_event{frame_event::kind::ack, {}};
        if (c == control::nak) return frame_event{frame_event::kind::nak, {}};
    }
}

std::optional<frame_event> frame_reader::expire()
{
    return inside() ? settle(true) : std::nullopt;
}

frame_reader::verdict frame_reader::judge() const noexcept
{
    if (taken_.size() < head_size) return verdict::more;
    const auto length = unpacked(std::string_view{taken_}.substr(1, head_size - 1));
    if (!length || *length == 0 || *length > message_size_max) return verdict::wrong;
    const auto etx_at = head_size + *length;
    if (taken_.size() > etx_at && taken_[etx_at] != control::etx) return verdict::wrong;
    if (taken_.size() < etx_at + tail_size) return verdict::more;
    const auto summed = std::string_view{taken_}.substr(1, etx_at);
    return taken_[etx_at + 1] == lrc_of(summed) ? verdict::good : verdict::wrong;
}

/// What the bytes so far amount to; nullopt: more are needed. `no_more`: they will not come.
std::optional<frame_event> frame_reader::settle(bool no_more)
{
    while (inside()) {
        const auto so_far = judge();
        if (so_far == verdict::good) return hand_out();
        if (so_far == verdict::more && !no_more) return std::nullopt;
        // A lone STX, or one with half a length, is rather noise than a message cut off: nobody
        // waits for an answer to it.
        doubtful_ = doubtful_ || taken_.size() > head_size || so_far == verdict::wrong;
        const auto before = taken_.size();
        drop_to_next_stx(1);
        dropped_ += before - taken_.size();
        if (dropped_ > dropped_size_max) {
            drop_to_next_stx(taken_.size());
            return frame_event{frame_event::kind::flood, {}};
        }
    }
    if (std::exchange(doubtful_, false)) return frame_event{frame_event::kind::bad, {}};
    return std::nullopt;
}

frame_event frame_reader::hand_out()
{
    const auto length = *unpacked(std::string_view{taken_}.substr(1, head_size - 1));
    message_ = taken_.substr(head_size, length);
    drop_to_next_stx(head_size + length + tail_size);
    doubtful_ = false;
    dropped_ = 0;
    return {frame_event::kind::frame, message_};
}

/// Drops what stands before the first STX at or after `from`. ACK and NAK in it say nothing: they
/// were inside of something.
void frame_reader::drop_to_next_stx(std::size_t from)
{
    const auto stx = taken_.find(control::stx, from);
    if (stx == std::string::npos)
        std::string{}.swap(taken_);
    else
        taken_.erase(0, stx);
}

}  // namespace ecr::protocol::till::hypercom
