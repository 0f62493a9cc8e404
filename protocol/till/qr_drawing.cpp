#include "protocol/till/qr_drawing.hpp"

#include "protocol/errc.hpp"

#include <algorithm>
#include <cstdint>
#include <qrcodegen/qrcodegen.hpp>

namespace ecr::protocol::till {
namespace {

using qrcodegen::QrCode;

/// Errors: errc::bad_parameter  empty, or too long
result<QrCode> code_of(std::string_view text)
{
    if (text.empty()) return make_error_code(errc::bad_parameter);
    try {
        // Medium: a code on a receipt is folded and stained, one on a screen is seen at an angle.
        return QrCode::encodeText(std::string{text}.c_str(), QrCode::Ecc::MEDIUM);
    } catch (const std::length_error&) {
        return make_error_code(errc::bad_parameter);
    }
}

std::string_view block_of(bool upper, bool lower)
{
    if (upper && lower) return "█";
    if (upper) return "▀";
    return lower ? "▄" : " ";
}

}  // namespace

result<std::vector<std::string>> qr_blocks(std::string_view text)
{
    const auto code = code_of(text);
    if (!code) return code.error();
    // Outside the code getModule() says light, which is the quiet zone.
    const int end = code->getSize() + qr_blocks_quiet;
    std::vector<std::string> rows;
    for (int y = -qr_blocks_quiet; y < end; y += 2) {
        std::string row;
        for (int x = -qr_blocks_quiet; x < end; ++x)
            row += block_of(code->getModule(x, y), code->getModule(x, y + 1));
        rows.push_back(std::move(row));
    }
    return rows;
}

result<std::string> qr_escpos(std::string_view text, int module_dots)
{
    if (module_dots < 1) return make_error_code(errc::bad_parameter);
    const auto code = code_of(text);
    if (!code) return code.error();

    const int modules = code->getSize() + 2 * qr_escpos_quiet;
    const int scale = std::min(module_dots, qr_escpos_width_max / modules);
    const int dots = modules * scale;
    const int row_size = (dots + 7) / 8;
    const auto put_number = [](std::string& into, int number) {  // low byte first
        into += static_cast<char>(number & 0xff);
        into += static_cast<char>(number >> 8);
    };
    std::string image{"\x1dv0\0", 4};  // GS v 0, normal size
    put_number(image, row_size);
    put_number(image, dots);
    for (int y = 0; y < modules; ++y) {
        std::string row(static_cast<std::size_t>(row_size), '\0');
        for (int dot = 0; dot < dots; ++dot) {
            if (!code->getModule(dot / scale - qr_escpos_quiet, y - qr_escpos_quiet)) continue;
            char& byte = row[static_cast<std::size_t>(dot / 8)];
            byte = static_cast<char>(static_cast<std::uint8_t>(byte) | (0x80U >> (dot % 8)));
        }
        for (int repeat = 0; repeat < scale; ++repeat)
            image += row;
    }
    return image;
}

}  // namespace ecr::protocol::till
