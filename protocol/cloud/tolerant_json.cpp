#include "protocol/cloud/tolerant_json.hpp"

#include "protocol/json.hpp"

#include <algorithm>
#include <charconv>

namespace ecr::protocol::cloud {
namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::size_t exact_digits_max = 18;  // every integer of so many digits fits int64

// Digits, and what surrounds them in a number or, in the documents' samples, masks them.
constexpr std::string_view number_chars = "0123456789*.+-eE";

bool is_plain_integer(std::string_view token) noexcept
{
    const bool padded = token.size() > 1 && token.starts_with('0');
    return !padded && token.size() <= exact_digits_max &&
           token.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string with_numbers_as_text(std::string_view body)
{
    std::string text;
    text.reserve(body.size() + 16);
    bool in_string = false;
    bool after_colon = false;
    for (std::size_t at = 0; at < body.size();) {
        const char c = body[at];
        if (!in_string && after_colon && number_chars.find(c) != std::string_view::npos) {
            const auto end = std::min(body.find_first_not_of(number_chars, at), body.size());
            const auto token = body.substr(at, end - at);
            const std::string_view quote = is_plain_integer(token) ? "" : "\"";
            text.append(quote).append(token).append(quote);
            after_colon = false;
            at = end;
            continue;
        }
        if (in_string && c == '\\' && at + 1 < body.size()) text += body[at++];
        text += body[at++];
        if (c == '"') in_string = !in_string;
        if (in_string || blanks.find(c) == std::string_view::npos)
            after_colon = !in_string && c == ':';
    }
    return text;
}

std::optional<json> parse_tolerantly(std::string_view body)
{
    return parse_json(with_numbers_as_text(body));
}

std::string text_in(const json& object, std::string_view name)
{
    const auto field = object.find(name);
    if (field == object.end() || field->is_null() || field->is_structured()) return {};
    if (field->is_string()) return field->get_ref<const std::string&>();
    return to_text(*field);
}

std::string code_in(const json& object, std::string_view name)
{
    auto code = text_in(object, name);
    const auto field = object.find(name);
    if (field != object.end() && field->is_number_unsigned() && code.size() < 4)
        code.insert(0, 4 - code.size(), '0');
    return code;
}

std::optional<std::int64_t> integer_in(const json& object, std::string_view name)
{
    const auto text = text_in(object, name);
    std::string_view digits = text;
    if (const auto point = digits.find('.'); point != std::string_view::npos) {
        const auto fraction = digits.substr(point + 1);
        if (fraction.empty() || fraction.find_first_not_of('0') != std::string_view::npos)
            return std::nullopt;
        digits = digits.substr(0, point);
    }
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failed != std::errc{} || end != digits.data() + digits.size() || digits.starts_with('-'))
        return std::nullopt;
    return value;
}

std::string text_of_value(const json& value)
{
    if (value.is_null()) return {};
    if (value.is_string()) return value.get_ref<const std::string&>();
    return to_text(value);
}

std::string any_text_in(const json& object, std::string_view name)
{
    const auto field = object.find(name);
    return field == object.end() ? std::string{} : text_of_value(*field);
}

}  // namespace ecr::protocol::cloud
