#pragma once

#include "tests/store/full_story.hpp"

#include <optional>
#include <ostream>

namespace ecr::store {

/// A journal that lives its story on a disk whose power will be cut, and keeps the record of its
/// promises. Every error is the test's failure.
class power_life {
public:
    power_life(const full_story& story, unflushed_disk& disk) : story_{&story}, disk_{&disk} {}

    void open();
    void close() { on_.reset(); }
    /// Ends as a program does that is killed: the machine goes on.
    void kill();
    void verbs(std::size_t count);
    void group(std::size_t size);
    /// Verbs, until the log has so many pages.
    void fill_log(std::size_t pages);
    void checkpoint();
    /// Power cuts are tried from now on. Before, the story is only told.
    void watch();

    [[nodiscard]] std::size_t acknowledged() const noexcept { return now_.acknowledged; }

private:
    const full_story* story_;
    unflushed_disk* disk_;
    std::optional<journal> on_;
    promise now_;
};

struct power_scenario {
    const char* name = "";
    int start = 0;                 // a version of tests/data; 0: no file; -1: one of today
    std::size_t verbs = 0;         // at most, without those after a cut
    std::size_t content_size = 0;  // of every order
    std::uint64_t cost = 0;        // of a state, to share out the time
    void (*live)(power_life&) = nullptr;
    const char* settings = "";  // see unflushed_disk
    const char* ignored_setting = "";
    const char* ignored_answer = "";

    friend void PrintTo(const power_scenario& s, std::ostream* out) { *out << s.name; }
};

/// What a test run has found out about one scenario.
struct power_figures {
    std::uint64_t built = 0;       // states of the disk
    std::uint64_t checked = 0;     // of those: not the same as one before
    std::uint64_t again = 0;       // of those: cuts while what a cut had left was opened
    std::uint64_t exhaustive = 0;  // moments at which all subsets were tried
    std::uint64_t moments = 0;
    std::uint64_t lost = 0;
    std::string first_complaint;
};

/// Which states are tried.
struct power_choice {
    std::uint64_t seed = 0;
    std::uint64_t states = 0;          // about how many
    std::uint64_t complaints_max = 1;  // ends after so many
    std::optional<std::uint64_t> only_event{};
    std::optional<std::uint64_t> only_number{};
};

[[nodiscard]] power_figures cut_power(const power_scenario& scenario,
                                      const std::filesystem::path& path,
                                      const power_choice& choice);

}  // namespace ecr::store
