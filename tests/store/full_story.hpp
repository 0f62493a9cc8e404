#pragma once

#include "store/journal.hpp"
#include "tests/store/unflushed_disk.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ecr::store {

/// An endless story like that of story.hpp, of every verb that writes: verb n is the (n % 6)-th of
/// order n / 6: add it, send it, push it, be notified of it, pay it, deliver it.
[[nodiscard]] error_code tell(journal& on, std::size_t n, std::size_t content_size = 0);

/// All a file holds, as plain SQLite reads it: version, schema and every column of every row.
/// Throws boost::system::system_error when it cannot be read, or when SQLite's own checks complain.
[[nodiscard]] std::string content_of(const std::filesystem::path& path);

/// What a journal says it holds.
[[nodiscard]] std::string told_by(journal& from);

/// What a journal must hold after each verb, which it was told one by one with nothing in its way.
class full_story {
public:
    /// Begins with the journal in `start`, or with none, and goes on for `verbs` verbs. `path` is
    /// in a folder of this machine.
    full_story(const std::filesystem::path& path, const disk_image& start, std::size_t verbs,
               std::size_t content_size = 0);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] const disk_image& start() const noexcept { return start_; }
    [[nodiscard]] error_code tell(journal& on, std::size_t n) const
    {
        return store::tell(on, n, content_size_);
    }

    /// What is wrong with a disk that has to keep `made`; empty when nothing is. Opens it with
    /// plain SQLite and with the journal, and goes on. `life` is given the journal's part of it.
    struct survival {
        std::string complaint;
        std::size_t kept = 0;
    };
    [[nodiscard]] survival look_at(const disk_image& left, const promise& made,
                                   unflushed_disk* life = nullptr) const;

    /// The part of it that plain SQLite has.
    [[nodiscard]] survival by_plain_sqlite(const disk_image& left, const promise& made) const;

private:
    [[nodiscard]] std::string go_on(journal& on, std::size_t kept) const;
    [[nodiscard]] std::string after_going_on(const disk_image& left, std::size_t kept) const;
    [[nodiscard]] std::string by_the_journal(unflushed_disk& disk, std::size_t kept,
                                             const promise& made) const;

    std::filesystem::path path_;
    disk_image start_;
    std::size_t content_size_;
    std::vector<std::string> before_;    // while the first opening has not succeeded
    std::vector<std::string> contents_;  // [n]: after n verbs
    std::vector<std::string> told_;
};

}  // namespace ecr::store
