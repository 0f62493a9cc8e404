#include "protocol/till/qfpay_local/content.hpp"

#include "protocol/json.hpp"
#include "protocol/till/qfpay_local/limits.hpp"

#include <algorithm>

namespace ecr::protocol::till::qfpay_local {
namespace {

constexpr bool is_blank(char c) noexcept
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

constexpr bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

constexpr bool is_bare(char c) noexcept
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '+' || c == '.';
}

std::string_view taken_digits(std::string_view& text) noexcept
{
    const auto size = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto digits = text.substr(0, size);
    text.remove_prefix(size);
    return digits;
}

/// Source: RFC 8259, section 6.
bool is_number(std::string_view text) noexcept
{
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto whole = taken_digits(text);
    if (whole.empty() || (whole.size() > 1 && whole.starts_with('0'))) return false;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (taken_digits(text).empty()) return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
        if (taken_digits(text).empty()) return false;
    }
    return text.empty();
}

class reader {
public:
    explicit reader(std::string_view text) : rest_{text} {}

    std::optional<std::vector<pair>> whole()
    {
        auto pairs = object(1);
        skip_blanks();
        return pairs && rest_.empty() ? std::move(pairs) : std::nullopt;
    }

private:
    std::optional<std::vector<pair>> object(int depth)
    {
        std::vector<pair> pairs;
        if (depth > depth_max || !take('{')) return std::nullopt;
        if (take('}')) return pairs;
        do {
            auto name = read_name();
            if (!name || name->empty() || name->size() > name_size_max) return std::nullopt;
            // Two values of one name: whose amount would be the right one?
            if (find(pairs, *name) != nullptr || pairs.size() >= pairs_max) return std::nullopt;
            if (!take(':') && !take('=')) return std::nullopt;
            auto what = read_value(depth);
            if (!what) return std::nullopt;
            pairs.push_back({std::move(*name), std::move(*what)});
        } while (take(','));
        if (!take('}')) return std::nullopt;
        return pairs;
    }

    std::optional<std::string> read_name()
    {
        skip_blanks();
        if (rest_.starts_with('"')) return double_quoted();
        if (rest_.starts_with('\'')) return single_quoted();
        return std::string{bare()};
    }

    std::optional<value> read_value(int depth)
    {
        skip_blanks();
        if (rest_.starts_with('{')) {
            auto pairs = object(depth + 1);
            if (!pairs) return std::nullopt;
            return value{value_kind::object, {}, std::move(*pairs)};
        }
        if (rest_.starts_with('"') || rest_.starts_with('\'')) {
            auto text = rest_.starts_with('"') ? double_quoted() : single_quoted();
            if (!text) return std::nullopt;
            return value{value_kind::text, std::move(*text), {}};
        }
        const auto word = bare();
        if (word == "null") return value{};
        if (word == "true" || word == "false")
            return value{value_kind::word, std::string{word}, {}};
        if (!is_number(word)) return std::nullopt;
        return value{value_kind::number, std::string{word}, {}};
    }

    /// A JSON string.
    std::optional<std::string> double_quoted()
    {
        std::size_t end = 1;
        while (end < rest_.size() && rest_[end] != '"')
            end += rest_[end] == '\\' ? 2U : 1U;
        if (end >= rest_.size()) return std::nullopt;
        const auto parsed = parse_json(rest_.substr(0, end + 1));
        if (!parsed || !parsed->is_string()) return std::nullopt;
        rest_.remove_prefix(end + 1);
        return parsed->get<std::string>();
    }

    /// The field form knows no escapes: what stands between the quotes is meant, and digested.
    std::optional<std::string> single_quoted()
    {
        const auto end = rest_.find('\'', 1);
        if (end == rest_.npos) return std::nullopt;
        std::string text{rest_.substr(1, end - 1)};
        rest_.remove_prefix(end + 1);
        return text;
    }

    std::string_view bare()
    {
        const auto* const end = std::ranges::find_if_not(rest_, is_bare);
        const auto size = static_cast<std::size_t>(end - rest_.begin());
        const auto word = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return word;
    }

    bool take(char c)
    {
        skip_blanks();
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    void skip_blanks()
    {
        while (!rest_.empty() && is_blank(rest_.front()))
            rest_.remove_prefix(1);
    }

    std::string_view rest_;
};

}  // namespace

std::optional<std::vector<pair>> parse_object(std::string_view text)
{
    if (text.size() > text_size_max) return std::nullopt;
    return reader{text}.whole();
}

const value* find(const std::vector<pair>& pairs, std::string_view name) noexcept
{
    const auto found = std::ranges::find(pairs, name, &pair::name);
    return found == pairs.end() ? nullptr : &found->what;
}

std::optional<envelope> parse_envelope(std::string_view text)
{
    auto pairs = parse_object(text);
    if (!pairs) return std::nullopt;
    const auto* const digest = find(*pairs, "digest");
    const auto* const content = find(*pairs, "content");
    if (digest == nullptr || digest->kind != value_kind::text || content == nullptr)
        return std::nullopt;
    if (content->kind == value_kind::object) return envelope{content->pairs, digest->text};
    if (content->kind != value_kind::text) return std::nullopt;
    auto inner = parse_object(content->text);
    if (!inner) return std::nullopt;
    return envelope{std::move(*inner), digest->text};
}

bool object_scanner::ends_with(char c) noexcept
{
    if (seconds_.is_second(c)) return false;
    if (escaped_) {
        escaped_ = false;
    } else if (quote_ != 0) {
        escaped_ = c == '\\' && quote_ == '"';
        if (c == quote_) quote_ = 0;
    } else if (c == '"' || c == '\'') {
        quote_ = c;
    } else if (c == '{') {
        ++depth_;
    } else if (c == '}') {
        return --depth_ <= 0;
    }
    return false;
}

}  // namespace ecr::protocol::till::qfpay_local
