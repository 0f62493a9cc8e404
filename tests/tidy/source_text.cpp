#include "tests/tidy/source_text.hpp"

#include <algorithm>
#include <cctype>

namespace ecr::tidy {
namespace {

/// Walks over a file and knows at every character whether it is code, comment or text.
class scanner {
public:
    explicit scanner(std::string_view text) : text_{text} {}

    std::vector<source_line> lines()
    {
        while (at_ < text_.size())
            step();
        end_line();
        return std::move(lines_);
    }

private:
    void step()
    {
        if (starts("//")) return skip_until("\n", false);
        if (starts("/*")) return skip_until("*/", true);
        if (starts("R\"")) return raw_literal();
        if (text_[at_] == '"' || (text_[at_] == '\'' && !between_digits())) return literal();
        keep(true);
    }

    bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }

    // 1'000 is a number, 'x' is a character.
    bool between_digits() const
    {
        return at_ > 0 && std::isxdigit(static_cast<unsigned char>(text_[at_ - 1])) != 0;
    }

    void keep(bool is_code)
    {
        const char c = text_[at_++];
        if (c == '\n') return end_line();
        line_.raw += c;
        line_.with_texts += c;
        if (is_code) line_.code += c;
    }

    void skip_until(std::string_view end, bool past)
    {
        auto stop = std::min(text_.find(end, at_ + 1), text_.size());
        if (past) stop = std::min(stop + end.size(), text_.size());
        while (at_ < stop) {
            const char c = text_[at_++];
            if (c == '\n')
                end_line();
            else
                line_.raw += c;
        }
    }

    void literal()
    {
        const char quote = text_[at_];
        keep(true);
        while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) keep(false);
            keep(false);
        }
        if (at_ < text_.size() && text_[at_] == quote) keep(true);
    }

    void raw_literal()
    {
        const auto open = text_.find('(', at_);
        if (open == text_.npos) return keep(true);
        const auto delimiter = std::string{text_.substr(at_ + 2, open - at_ - 2)};
        const auto close = text_.find(')' + delimiter + '"', open);
        const auto end = close == text_.npos ? text_.size() : close + delimiter.size() + 2;
        line_.code += "\"\"";
        while (at_ < end)
            keep(false);
    }

    void end_line()
    {
        const auto first = std::min(line_.raw.find_first_not_of(' '), line_.raw.size());
        const auto words = std::string_view{line_.raw}.substr(first);
        if (words == "// clang-format off") by_hand_ = true;
        if (words == "// clang-format on") by_hand_ = false;
        line_.laid_out_by_hand = by_hand_;
        lines_.push_back(std::move(line_));
        line_ = {};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool by_hand_ = false;
    source_line line_;
    std::vector<source_line> lines_;
};

}  // namespace

std::vector<source_line> lines_of(std::string_view text)
{
    auto lines = scanner{text}.lines();
    // What follows the last line feed is no line.
    if (text.ends_with('\n')) lines.pop_back();
    return lines;
}

std::size_t columns_of(std::string_view line) noexcept
{
    return static_cast<std::size_t>(std::ranges::count_if(
        line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace ecr::tidy
