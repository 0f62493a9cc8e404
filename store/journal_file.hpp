#pragma once

#include "store/sqlite.hpp"

#include <filesystem>

namespace ecr::store {

/// Opens or creates the database of a journal, sets it up for durability, and brings its schema up
/// to date. The caller holds the lock.
///
/// Throws boost::system::system_error as journal::journal does.
[[nodiscard]] database open_journal_file(const std::filesystem::path& journal);

}  // namespace ecr::store
