#pragma once

#include "protocol/result.hpp"

#include <string>
#include <string_view>
#include <vector>

/// A QR code as something that a till without graphics can show or print.
namespace ecr::protocol::till {

inline constexpr int qr_blocks_quiet = 2;        // modules; the code's neighbours are blanks anyway
inline constexpr int qr_escpos_quiet = 4;        // modules. Source: ISO/IEC 18004, 9.1
inline constexpr int qr_escpos_width_max = 384;  // dots: a 58 mm printer
inline constexpr int qr_escpos_module = 6;       // dots, 0.75 mm: read at arm's length

/// Rows of block characters (UTF-8: U+2580, U+2584, U+2588 and blanks), two modules high each, all
/// of the same width. Dark modules are drawn, as on paper: on a dark screen set black on white.
///
/// Errors: errc::bad_parameter  empty, or too long for any QR code (2331 bytes)
[[nodiscard]] result<std::vector<std::string>> qr_blocks(std::string_view text);

/// ESC/POS: one GS v 0 raster image, a module as many dots wide as asked for, or fewer when the
/// paper is too narrow.
///
/// Errors: errc::bad_parameter  as above, or `module_dots` below 1
[[nodiscard]] result<std::string> qr_escpos(std::string_view text,
                                            int module_dots = qr_escpos_module);

}  // namespace ecr::protocol::till
