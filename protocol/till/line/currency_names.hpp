#pragma once

#include <string>
#include <string_view>

/// Currencies as tills write and read them: ISO 4217, alphabetic.
namespace ecr::protocol::till::line {

/// "344" → "HKD"; what is not known comes back as it is.
[[nodiscard]] std::string alphabetic_currency(std::string_view numeric);

/// "hkd" → "HKD"; empty when it is none of contract 9.
[[nodiscard]] std::string_view known_currency(std::string_view name);

}  // namespace ecr::protocol::till::line
