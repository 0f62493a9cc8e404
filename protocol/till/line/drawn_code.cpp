// The drawing of a code, cut into rows that fit into lines.
#include "protocol/till/line/line_dialect.hpp"
#include "protocol/till/line/written_reply.hpp"
#include "protocol/till/qr_drawing.hpp"

#include <algorithm>

namespace ecr::protocol::till::line {
namespace {

static_assert(drawn_part_size_max <= value_size_max && drawn_part_size_max % 4 == 0,
              "each part is decoded on its own, and none is cut");

/// Source: RFC 4648, section 4.
std::string base64(std::string_view bytes)
{
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(3, bytes.size()))) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8 | (i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            out += i <= bytes.size() ? digits[group >> (18 - 6 * i) & 0x3f] : '=';
    }
    return out;
}

std::vector<row> block_rows(const std::string& text)
{
    const auto drawing = qr_blocks(text);
    std::vector<row> rows;
    if (!drawing) return rows;
    for (const auto& line : *drawing)
        rows.push_back({.tag = {}, .name = "qr", .fields = {{"line", line}}});
    return rows;
}

std::vector<row> escpos_rows(const std::string& text)
{
    const auto image = qr_escpos(text);
    const auto data = image ? base64(*image) : std::string{};
    const auto parts =
        static_cast<std::int64_t>((data.size() + drawn_part_size_max - 1) / drawn_part_size_max);
    std::vector<row> rows;
    for (std::int64_t part = 1; part <= parts; ++part) {
        const auto at = static_cast<std::size_t>(part - 1) * drawn_part_size_max;
        rows.push_back(
            {.tag = {},
             .name = "escpos",
             .fields = {
                 {"part", part}, {"of", parts}, {"data", data.substr(at, drawn_part_size_max)}}});
    }
    return rows;
}

}  // namespace

std::vector<row> drawn(const code_to_show& what)
{
    switch (what.draw) {
        case drawing::none: return {};
        case drawing::blocks: return block_rows(what.text);
        case drawing::escpos: return escpos_rows(what.text);
    }
    return {};
}

}  // namespace ecr::protocol::till::line
