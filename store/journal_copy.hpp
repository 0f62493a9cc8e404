#pragma once

#include "protocol/timestamp.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ecr::store {

/// What a look at all of a journal has found.
struct journal_examination {
    std::int64_t schema = 0;
    std::int64_t orders = 0;
    std::int64_t steps = 0;
    std::int64_t attention = 0;         // orders on the operator's list
    std::optional<timestamp> newest{};  // when the newest order was made
    /// What is damaged, for people, the first few; none: the journal is whole.
    std::vector<std::string> problems{};
};

/// Reads all of a journal, or of a copy: whether the database is whole, whether every order has its
/// history, and whether that history leads to where the order stands. Writes nothing, and hinders
/// no bridge that runs.
///
/// Throws boost::system::system_error:
///         errc::journal_too_new  a later program wrote it
///         sqlite category        no such file, no permission; SQLITE_NOTADB: no journal
[[nodiscard]] journal_examination examine_journal(const std::filesystem::path& journal);

/// How many orders of a journal the cloud has yet to answer for: open, or in doubt. Writes nothing,
/// and hinders no bridge that runs.
///
/// Throws boost::system::system_error, as above
[[nodiscard]] std::int64_t count_open_orders(const std::filesystem::path& journal);

/// Copies a journal, also one that a bridge is writing to: the copy is as the journal was at one
/// moment, private to its owner, one file, and durable. `copy` must not be there, and of two copies
/// of one name at a time one is made. An end by power cut leaves a file with ".part-" and a process
/// id behind its name.
///
/// Throws boost::system::system_error:
///         file_exists            there is a file of that name
///         errc::journal_too_new, sqlite category  as above; of the copy, too: no space
void copy_journal(const std::filesystem::path& journal, const std::filesystem::path& copy);

}  // namespace ecr::store
