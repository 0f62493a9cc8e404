#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ecr::protocol::till::line {

struct line_event {
    enum class kind : std::uint8_t {
        line,      // `text` is a line without its end
        too_long,  // what follows, up to LF, is dropped; `text` is how it starts
        flood,     // too much was dropped without an LF: stop reading
    };

    kind what{};
    std::string_view text;         // lives until the next call
    bool carriage_return = false;  // the line ended in CR LF
};

/// Cuts a stream into lines that end in LF or CR LF. Holds no memory between lines, and never more
/// than one line of the largest size.
class line_reader {
public:
    /// Takes bytes from the front of `bytes`. Call until nullopt; then all of them are taken.
    [[nodiscard]] std::optional<line_event> next(std::string_view& bytes);

private:
    std::optional<line_event> drop(std::string_view& bytes);
    std::string_view join(std::string_view head);

    std::string buffer_;
    bool buffer_used_up_ = false;  // its line has been handed out
    bool dropping_ = false;
    std::size_t dropped_ = 0;
};

}  // namespace ecr::protocol::till::line
