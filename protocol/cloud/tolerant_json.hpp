#pragma once

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// QFPay's JSON, read as it comes: numbers or text for every field, null, missing and unknown
/// fields, bare result codes. Source: contract 2.5.
namespace ecr::protocol::cloud {

/// Puts quotes around every value that looks like a number but is more than a plain integer: a
/// syssn of 26 digits and 0.0 would lose digits on their way through a double, and 0000 (contract
/// 2.5) or 113****619 (the samples of S0) are not JSON at all.
[[nodiscard]] std::string with_numbers_as_text(std::string_view body);

/// Parses a body, numbers as above. Nothing: not JSON, not UTF-8, or nested too deep.
[[nodiscard]] std::optional<nlohmann::json> parse_tolerantly(std::string_view body);

/// A string, or a number or truth value as text; "" for null, anything nested, or a missing field.
[[nodiscard]] std::string text_in(const nlohmann::json& object, std::string_view name);

/// The same, but what is nested comes as JSON text: respmsg is a text or an object.
[[nodiscard]] std::string any_text_in(const nlohmann::json& object, std::string_view name);
[[nodiscard]] std::string text_of_value(const nlohmann::json& value);

/// A result code. A bare number has lost its leading zeros: 0 is 0000.
[[nodiscard]] std::string code_in(const nlohmann::json& object, std::string_view name = "respcd");

/// A whole, non-negative number, also as "511" or 511.0. Anything else is nothing: a wrong amount
/// would be believed.
[[nodiscard]] std::optional<std::int64_t> integer_in(const nlohmann::json& object,
                                                     std::string_view name);

/// A field of an answer that is kept as text.
template <class Row>
struct text_field {
    std::string_view name;
    std::string Row::*member;
};

template <class Row, std::size_t Size>
void read_texts(const nlohmann::json& object, const std::array<text_field<Row>, Size>& fields,
                Row& row)
{
    for (const auto& [name, member] : fields)
        row.*member = text_in(object, name);
}

}  // namespace ecr::protocol::cloud
