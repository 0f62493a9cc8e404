#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The house rules that a compiler cannot check, as functions of a file's name and text, so that a
/// test can show them a file that breaks them.
namespace ecr::tidy {

/// What one file of ours does wrong: "daemon/x.cpp:12: what is wrong", in the order of the lines.
/// `path` is relative to the top folder and decides which rules apply.
[[nodiscard]] std::vector<std::string> violations_of(std::string_view path, std::string_view text);

/// Folders at the top that the design does not know. Hidden ones and `ignored` are nobody's
/// business.
[[nodiscard]] std::vector<std::string> unknown_folders(const std::vector<std::string>& folders,
                                                       const std::vector<std::string>& ignored);

}  // namespace ecr::tidy
