#pragma once

#include "store/journal.hpp"

#include <cstddef>
#include <filesystem>

namespace ecr::store {

// An endless story for tests that pull the plug: verb n is the (n % 4)-th verb of order n / 4: add
// it, send it, push it, pay it. So the number of verbs a journal has kept says what it must hold.

/// Does verb `n`.
[[nodiscard]] error_code perform(journal& on, std::size_t n);

/// How many verbs of the story the file has kept, counted in its history.
[[nodiscard]] std::size_t verbs_kept(const std::filesystem::path& path);

/// Expects the journal to hold the first `kept` verbs of the story: whole, and nothing else.
void expect_story(journal& in, std::size_t kept);

}  // namespace ecr::store
