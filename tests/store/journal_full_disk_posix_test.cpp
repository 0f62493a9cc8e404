#include "store/journal.hpp"
#include "tests/store/child_process.hpp"
#include "tests/store/other_program.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/story.hpp"
#include "tests/store/temporary_directory.hpp"

#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <array>
#include <signal.h>
#include <sys/resource.h>

namespace ecr::store {
namespace {

/// From here on no file of this process can grow beyond `size`: writing fails as on a full disk.
void limit_files_to(rlim_t size)
{
    const rlimit limit{size, size};
    ::signal(SIGXFSZ, SIG_IGN);
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(97);
}

struct outcome {
    std::size_t acknowledged = 0;
    bool sqlite_error = false;  // of the verb or commit that failed
    bool broken = false;
    bool refused_later = false;     // by the same error, with room on the disk or not
    bool failed_in_a_verb = false;  // and not only at the commit
};

/// Runs `body` in a child and brings its outcome home.
template <class Body>
[[nodiscard]] outcome in_child(Body body)
{
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    const auto child = start_child([&] {
        const outcome seen = body();
        return ::write(ends[1], &seen, sizeof seen) == sizeof seen ? 0 : 1;
    });
    ::close(ends[1]);
    outcome seen;
    EXPECT_EQ(::read(ends[0], &seen, sizeof seen), static_cast<ssize_t>(sizeof seen));
    ::close(ends[0]);
    EXPECT_EQ(wait_for(child), 0);
    return seen;
}

/// What the journal says after `failed`.
void look_at(journal& broken, const error_code& failed, outcome& seen)
{
    seen.sqlite_error = failed.category() == sqlite_category();
    seen.broken = broken.broken();
    seen.refused_later = broken.add(new_order("later"), "") == failed &&
                         broken.find("A0").error() == failed && broken.begin_group() == failed;
}

class JournalFullDiskTest : public testing::Test {
protected:
    temporary_directory directory_;
    std::filesystem::path path_ = directory_ / "journal.db";
};

TEST_F(JournalFullDiskTest, ALoneVerbThatFindsNoRoomBreaksTheJournalAndLosesNothingElse)
{
    const auto seen = in_child([&] {
        outcome out;
        journal on{path_};
        limit_files_to(200'000);
        for (;; ++out.acknowledged)
            if (const auto failed = perform(on, out.acknowledged)) {
                look_at(on, failed, out);
                return out;
            }
    });
    EXPECT_GT(seen.acknowledged, 0U);
    EXPECT_TRUE(seen.sqlite_error);
    EXPECT_TRUE(seen.broken);
    EXPECT_TRUE(seen.refused_later);

    journal reopened{path_};
    expect_story(reopened, seen.acknowledged);
    EXPECT_EQ(perform(reopened, seen.acknowledged), error_code{}) << "with room it goes on";
}

TEST_F(JournalFullDiskTest, AGroupThatFindsNoRoomAtTheCommitIsLostWhole)
{
    constexpr std::size_t group_size = 6;
    const auto seen = in_child([&] {
        outcome out;
        journal on{path_};
        limit_files_to(200'000);
        for (;; out.acknowledged += group_size) {
            if (on.begin_group()) ::_exit(1);
            for (std::size_t i = 0; i < group_size; ++i)
                if (perform(on, out.acknowledged + i)) ::_exit(2);
            if (const auto failed = on.commit_group()) {
                look_at(on, failed, out);
                return out;
            }
        }
    });
    EXPECT_GT(seen.acknowledged, 0U);
    EXPECT_TRUE(seen.sqlite_error);
    EXPECT_TRUE(seen.broken);
    EXPECT_TRUE(seen.refused_later);

    journal reopened{path_};
    expect_story(reopened, seen.acknowledged);
}

// A group too large for the page cache writes to the log before its commit.
TEST_F(JournalFullDiskTest, AGroupThatFindsNoRoomInAVerbIsLostWhole)
{
    const auto seen = in_child([&] {
        outcome out;
        journal on{path_};
        for (; out.acknowledged < 10; ++out.acknowledged)
            if (perform(on, out.acknowledged)) ::_exit(1);
        if (on.begin_group()) ::_exit(2);
        limit_files_to(std::filesystem::file_size(path_.string() + "-wal") + 100'000);
        auto large = new_order("");
        large.content = std::string(20'000, 'x');
        error_code failed;
        for (int i = 0; i < 500 && !failed; ++i) {
            large.out_trade_no = "L" + std::to_string(i);
            failed = on.add(large, "");
        }
        out.failed_in_a_verb = failed.failed();
        const auto committed = on.commit_group();
        look_at(on, committed, out);
        return out;
    });
    EXPECT_TRUE(seen.failed_in_a_verb);
    EXPECT_TRUE(seen.sqlite_error);
    EXPECT_TRUE(seen.broken);
    EXPECT_TRUE(seen.refused_later);

    journal reopened{path_};
    expect_story(reopened, seen.acknowledged);
}

TEST_F(JournalFullDiskTest, NoRoomForANewJournalIsAnErrorOfTheDisk)
{
    for (const rlim_t room : {0, 1000, 5000, 40'000}) {
        SCOPED_TRACE(room);
        const auto path = directory_ / ("journal" + std::to_string(room));
        const auto seen = in_child([&] {
            outcome out;
            limit_files_to(room);
            try {
                const journal on{path};
            } catch (const boost::system::system_error& failed) {
                out.sqlite_error = failed.code().category() == sqlite_category();
            }
            return out;
        });
        EXPECT_TRUE(seen.sqlite_error);
        journal with_room{path};
        expect_story(with_room, 0);
    }
}

}  // namespace
}  // namespace ecr::store
