#pragma once

#include "store/sqlite.hpp"

namespace ecr::store {

/// In the header of the database file, for file(1) and for our own check: "ECRB".
inline constexpr std::int64_t journal_application_id = 0x45435242;

/// The version this program writes: PRAGMA user_version.
[[nodiscard]] int schema_version() noexcept;

/// Tells a journal, or a file in which nothing is yet, from everything else. Writes nothing.
///
/// Throws boost::system::system_error:
///         errc::journal_too_new  a later program wrote it, and has not said that this one may
///         sqlite category        SQLITE_NOTADB: not a database, or another program's
void check_is_journal(database& db);

/// Brings the schema up to date, one transaction a version. A later schema is left as it is.
///
/// Throws boost::system::system_error (sqlite category)
void migrate(database& db);

}  // namespace ecr::store
