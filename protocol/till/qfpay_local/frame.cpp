#include "protocol/till/qfpay_local/frame.hpp"

#include "protocol/till/qfpay_local/limits.hpp"

#include <algorithm>

namespace ecr::protocol::till::qfpay_local {
namespace {

constexpr std::string_view mark = "\x2F\x6E";
constexpr char version = 0x01;
constexpr std::size_t header_size = 9;
constexpr std::size_t overhead = header_size + mark.size();

std::size_t byte_at(std::string_view text, std::size_t at)
{
    return static_cast<unsigned char>(text[at]);
}

std::size_t number_at(std::string_view text, std::size_t at)
{
    return byte_at(text, at) << 8U | byte_at(text, at + 1);
}

std::string number_bytes(std::size_t number)
{
    return {static_cast<char>(number >> 8U), static_cast<char>(number & 0xFFU)};
}

/// Leaves a buffer that begins with a start, or with what may become one.
void drop_noise(std::string& buffer)
{
    std::size_t at = 0;
    for (; at < buffer.size(); ++at) {
        const auto rest = std::string_view{buffer}.substr(at, mark.size() + 1);
        if (rest[0] != mark[0]) continue;
        if (rest.size() > 1 && rest[1] != mark[1]) continue;
        if (rest.size() > 2 && rest[2] != version) continue;
        break;
    }
    buffer.erase(0, at);
}

}  // namespace

std::optional<frame_event> frame_reader::next()
{
    for (;;) {
        drop_noise(buffer_);
        if (buffer_.size() < header_size) return std::nullopt;

        const auto ref = byte_at(buffer_, 4);
        const auto total = number_at(buffer_, 5);
        const auto data_size = number_at(buffer_, 7);
        const bool has_ref = ref >= 1 && ref <= frame_ref_max;
        const bool plausible = has_ref && total >= overhead && data_size >= total - overhead &&
                               data_size <= frame_data_size_max;
        if (plausible && buffer_.size() < total) return std::nullopt;
        if (plausible && buffer_.compare(total - mark.size(), mark.size(), mark) == 0) {
            frame_event whole{.bad = false,
                              .type = static_cast<std::uint8_t>(byte_at(buffer_, 3)),
                              .ref = static_cast<std::uint8_t>(ref),
                              .piece = buffer_.substr(header_size, total - overhead),
                              .data_size = data_size};
            buffer_.erase(0, total);
            return whole;
        }
        buffer_.erase(0, 1);  // a frame may begin within what was none
        if (has_ref)
            return frame_event{.bad = true,
                               .type = 0,
                               .ref = static_cast<std::uint8_t>(ref),
                               .piece = {},
                               .data_size = 0};
    }
}

void frame_reader::abandon()
{
    if (!buffer_.empty()) buffer_.erase(0, 1);
    drop_noise(buffer_);
}

std::string framed(std::uint8_t type, std::uint8_t ref, std::string_view data)
{
    std::string out;
    std::size_t at = 0;
    do {
        const auto piece = data.substr(at, frame_piece_size);
        out += mark;
        out += {version, static_cast<char>(type), static_cast<char>(ref)};
        out += number_bytes(piece.size() + overhead);
        out += number_bytes(data.size());
        out += piece;
        out += mark;
        at += piece.size();
    } while (at < data.size());
    return out;
}

}  // namespace ecr::protocol::till::qfpay_local
