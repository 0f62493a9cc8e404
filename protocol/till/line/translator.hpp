#pragma once

#include "protocol/till/dialect.hpp"
#include "protocol/till/line/line_dialect.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ecr::protocol::till::line {

/// Lines to commands and replies to lines, whatever carries them.
class translator {
public:
    explicit translator(const settings& how) : how_{how} {}

    /// A line without its end, in the till's bytes as all that is written: nothing for an empty
    /// one, a command, or the error to answer with.
    [[nodiscard]] std::variant<std::monostate, command, std::string> read(std::string_view bytes);

    /// The error for a line that starts with `start` and cannot be read at all.
    [[nodiscard]] std::string complain(result_code code, std::string_view sentence,
                                       std::string_view start);

    /// Lines without their ends; none for a reply that this link does not want. More than one for
    /// a code that is to be drawn: its own line comes first.
    [[nodiscard]] std::vector<std::string> write(const reply& what) const;

    /// Something that was not even a line.
    void count_bad() noexcept { ++bad_in_a_row_; }
    [[nodiscard]] bool too_many_bad() const noexcept { return bad_in_a_row_ >= bad_lines_max; }

private:
    [[nodiscard]] std::string in_the_tills_bytes(std::string line, bool as_json) const;
    [[nodiscard]] bool can_draw(const command& heard) const;

    settings how_;
    int bad_in_a_row_ = 0;
    bool heard_json_ = false;
    bool heard_text_ = false;
};

}  // namespace ecr::protocol::till::line
