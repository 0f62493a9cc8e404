#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ecr::simulator {

/// Writes JSON as QFPay does: ", " and ": " between, \uXXXX for all that is not ASCII. The
/// signature of a body is over exactly these bytes.
class json_writer {
public:
    json_writer& add(std::string_view name, std::string_view value);
    json_writer& add(std::string_view name, std::int64_t value)
    {
        return add_raw(name, std::to_string(value));
    }
    json_writer& add_raw(std::string_view name, std::string_view value)
    {
        text_.append(text_.empty() ? "{\"" : ", \"").append(name).append("\": ").append(value);
        return *this;
    }
    [[nodiscard]] std::string text() const { return text_.empty() ? "{}" : text_ + "}"; }

private:
    std::string text_;
};

/// A string with its quotes.
[[nodiscard]] std::string quoted(std::string_view value);

/// "[a, b]" of values that are JSON already.
template <class Values>
[[nodiscard]] std::string json_list(const Values& values)
{
    std::string text;
    for (const auto& each : values)
        text.append(text.empty() ? "" : ", ").append(each);
    return "[" + text + "]";
}

}  // namespace ecr::simulator
