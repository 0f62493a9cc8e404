#include "protocol/till/trace_mask.hpp"

#include "protocol/ascii.hpp"
#include "protocol/redact.hpp"

#include <algorithm>
#include <charconv>

namespace ecr::protocol::till {
namespace {

constexpr std::size_t harmless_digits_max = 11;
constexpr std::size_t noise_digits_max = 6;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}
bool is_name(char c)
{
    return is_digit(c) || is_letter(c) || c == '_' || c == '-';
}
bool is_quote(char c)
{
    return c == '"' || c == '\'';
}
void blot(std::string& text, std::size_t from, std::size_t to, std::size_t shown = 0)
{
    for (auto at = std::min(from + shown, to); at < to; ++at)
        text[at] = is_digit(text[at]) || text[at] == '*' ? '0' : 'x';
}

/// Hides what is secret in one text, from its begin to its end.
class pair_masker {
public:
    pair_masker(std::string_view text, const mask_rules& rules)
        : text_{without_card_numbers(text, card_place::alone)}, rules_{rules}
    {
        const auto first = text_.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
        if (first != text_.npos) structured_ = text_[first] == '{' || text_[first] == '[';
    }

    std::string run()
    {
        while (at_ < text_.size()) {
            if (is_name(text_[at_]) || text_[at_] == '\\')
                word();
            else
                pass(text_[at_++]);
        }
        return std::move(text_);
    }

private:
    [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

    /// Outside of a value no name rules any more.
    void pass(char c)
    {
        if (structured_ ? c == ',' || c == '{' || c == '}' : is_blank(c)) name_.clear();
    }

    /// A name, or what only looks like one. JSON may write its letters as \u0061.
    void word()
    {
        const auto begin = at_;
        std::string name;
        auto end = at_;
        while (is_name(at(end)) || at(end) == '\\') {
            unsigned code = 0;
            const auto* hex = text_.data() + end + 2;
            const bool escape = at(end) == '\\' && at(end + 1) == 'u' && end + 6 <= text_.size() &&
                                std::from_chars(hex, hex + 4, code, 16).ptr == hex + 4;
            if (escape)
                name += code < 0x80 ? ascii_lower(static_cast<char>(code)) : '?';
            else if (at(end) != '\\')
                name += ascii_lower(at(end));
            end += escape ? 6 : 1;
        }
        auto next = end;
        while (at(next) == '\\' || is_quote(at(next)))
            ++next;
        while (is_blank(at(next)))
            ++next;
        if (at(next) == '=' || at(next) == ':') {
            name_ = std::move(name);
            number(begin, end);  // a number before a colon is none of the names
            at_ = next + 1;
            if (rules_.is_secret(name_)) secret();
            return;
        }
        at_ = end;
        number(begin, end);
    }

    /// The value from here on, and whatever may be the rest of it.
    void secret()
    {
        while (is_blank(at(at_)) || at(at_) == '\\')
            ++at_;
        const bool code = name_.find("code") != name_.npos;
        const bool quoted = is_quote(at(at_));
        const auto begin = at_ + (quoted ? 1 : 0);
        const auto end = quoted ? end_of_quoted(begin, at(at_)) : end_of_bare(begin);
        const auto digits = static_cast<std::size_t>(
            std::count_if(text_.data() + begin, text_.data() + end, is_digit));
        blot(text_, begin, end, code && digits > code_digits_shown ? code_digits_shown : 0);
        at_ = std::min(quoted ? end + 1 : end, text_.size());
        rest_of_secret();
    }

    [[nodiscard]] std::size_t end_of_quoted(std::size_t i, char quote) const
    {
        // The inner text of a JSON string ends its own strings by \".
        const bool inner = i >= 2 && text_[i - 2] == '\\';
        for (; i < text_.size(); ++i) {
            if (text_[i] == quote) return i;
            if (text_[i] != '\\') continue;
            if (inner && at(i + 1) == quote) return i;
            ++i;
        }
        return text_.size();
    }

    [[nodiscard]] std::size_t end_of_bare(std::size_t i) const
    {
        const std::string_view ends = structured_ ? " \t\r\n,}]\"'\\" : " \t\r\n";
        return std::min(text_.find_first_of(ends, i), text_.size());
    }

    /// Up to the next name. A scanner's code may have been typed with blanks in it.
    void rest_of_secret()
    {
        while (at_ < text_.size() && at(at_) != '\r' && at(at_) != '\n') {
            if (structured_ && (at(at_) == ',' || at(at_) == '}')) return;
            if (is_blank(at(at_)) || is_quote(at(at_)) || at(at_) == '\\') {
                ++at_;
                continue;
            }
            const auto end = end_of_bare(at_);
            const auto equals = text_.find('=', at_);
            const bool is_pair = equals > at_ && equals < end &&
                                 std::all_of(text_.data() + at_, text_.data() + equals, is_name);
            if (is_pair && is_blank(at(at_ - 1))) return;
            blot(text_, at_, std::max(end, at_ + 1));
            at_ = std::max(end, at_ + 1);
        }
    }

    /// Digits in a word and, with single separators between them, behind it.
    void number(std::size_t begin, std::size_t end)
    {
        if (!std::any_of(text_.data() + begin, text_.data() + end, is_digit)) return;
        if (!name_.empty() && rules_.keeps_numbers(name_)) return;
        if (name_.empty() && rules_.keeps_numbers({})) return;
        auto last = begin;
        std::size_t digits = 0;
        for (auto i = begin; i < text_.size(); ++i) {
            const bool separates = !is_digit(text_[i]) && i + 1 < text_.size() &&
                                   (is_blank(text_[i]) || text_[i] == '-') &&
                                   is_digit(text_[i + 1]);
            if (i >= end && !is_digit(text_[i]) && !separates) break;
            if (!is_digit(text_[i])) continue;
            ++digits;
            last = i + 1;
        }
        if (digits <= harmless_digits_max) return;
        std::size_t seen = 0;
        for (auto i = begin; i < last; ++i)
            if (is_digit(text_[i]) && ++seen > code_digits_shown) text_[i] = '0';
        at_ = std::max(at_, last);
    }

    std::string text_;
    const mask_rules& rules_;
    bool structured_ = false;  // braces and commas; else blanks
    std::size_t at_ = 0;
    std::string name_;
};

}  // namespace

std::string blotted(std::string_view text, std::size_t shown)
{
    std::string out{text};
    blot(out, 0, out.size(), shown);
    return out;
}

std::string masked_pairs(std::string_view text, const mask_rules& rules)
{
    return pair_masker{text, rules}.run();
}

std::string masked_noise(std::string_view bytes)
{
    std::string out{bytes};
    for (char& c : out) {
        if (is_digit(c)) c = '0';
        if (is_letter(c)) c = 'x';
    }
    return out;
}

std::string masked_digits(std::string_view bytes)
{
    auto out = without_card_numbers(bytes);
    for (auto first = out.begin(); first != out.end();) {
        first = std::find_if(first, out.end(), is_digit);
        const auto last = std::find_if_not(first, out.end(), is_digit);
        if (last - first > static_cast<std::ptrdiff_t>(noise_digits_max))
            std::fill(first + code_digits_shown, last, '0');
        first = last;
    }
    return out;
}

}  // namespace ecr::protocol::till
