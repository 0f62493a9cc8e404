#pragma once

#include "protocol/timestamp.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// One event of a trace, and the line of a trace file that says it. See daemon/trace/README.md.
namespace ecr::protocol::till {

enum class trace_event : char {
    opened = '+',  // the bytes are the name of who is there
    closed = '-',
    from_till = '>',
    to_till = '<',
};

struct trace_record {
    timestamp at;
    std::string link;
    std::uint64_t connection = 0;  // counted since the bridge's start
    std::string till;
    std::string language;
    trace_event what = trace_event::opened;
    std::string form;
    std::string bytes;

    friend bool operator==(const trace_record&, const trace_record&) = default;
};

/// How a trace file begins: other files are never appended to.
inline constexpr std::string_view trace_file_mark = "# ecrbridge trace 1";

/// Without the end of the line. Blanks in names become '_'.
[[nodiscard]] std::string to_trace_line(const trace_record& record);

/// nullopt: no such line. An empty one and a comment are none.
[[nodiscard]] std::optional<trace_record> parse_trace_line(std::string_view line);

/// Lower case, two digits a byte.
[[nodiscard]] std::string hex_of(std::string_view bytes);
/// nullopt: not pairs of hexadecimal digits.
[[nodiscard]] std::optional<std::string> bytes_of_hex(std::string_view hex);

}  // namespace ecr::protocol::till
