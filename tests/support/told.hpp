#pragma once

#include <map>
#include <string>
#include <string_view>

namespace ecr::test {

/// A line of the line dialect that a till was told.
struct told {
    std::string word;  // accepted, progress, result, ok, error
    std::map<std::string, std::string> values{};
    int connection = 0;
    std::string line{};

    [[nodiscard]] std::string value(const std::string& key) const;
    [[nodiscard]] bool says_paid() const;  // or refunded
    /// A result that will not change, but for late money.
    [[nodiscard]] bool is_final() const;
};

[[nodiscard]] told read_told(std::string_view line);

}  // namespace ecr::test
