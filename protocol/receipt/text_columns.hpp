#pragma once

#include "protocol/till/text_encoding.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Text in the columns of a receipt printer. All text is UTF-8; `as` is what the printer is sent:
/// a character of two bytes of GBK or Big5 takes two columns there, also where Unicode is
/// undecided.
namespace ecr::protocol {

using till::text_encoding;

/// How many columns it takes. What the encoding cannot write becomes '?', and takes one.
[[nodiscard]] std::size_t columns_of(std::string_view text, text_encoding as);

/// Cut into pieces of at most `columns` each, at blanks where there are any; no piece begins or
/// ends with a blank. A character that is wider than that stays whole. None for an empty text.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t columns,
                                               text_encoding as);

/// In the middle of so many columns; too long, it is wrapped and each piece is.
[[nodiscard]] std::vector<std::string> centred(std::string_view text, std::size_t columns,
                                               text_encoding as);

/// Left and right on one line, a blank at least between them; if they do not fit, left on the first
/// and right, wrapped, on the next ones.
[[nodiscard]] std::vector<std::string> justified(std::string_view left, std::string_view right,
                                                 std::size_t columns, text_encoding as);

}  // namespace ecr::protocol
