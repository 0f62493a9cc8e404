#pragma once

#include <filesystem>

namespace ecr::bench {

/// A journal of the shipped schema, with `paid` orders of the last months and `open` ones that are
/// at a terminal since just now, one after the other at BENCH10000 and its neighbours.
///
/// Throws std::runtime_error.
void make_journal(const std::filesystem::path& file, int paid, int open);

/// Ends what is open in a journal of an earlier run, or it would hold its terminals.
void settle_open_orders(const std::filesystem::path& file);

}  // namespace ecr::bench
