// Every allocation of the journal fails: each in turn, once and for good. A verb reports it or is
// done; what was acknowledged is there afterwards; nothing ends the program.
#include "store/journal.hpp"
#include "store/sqlite.hpp"
#include "tests/failing/failing_memory.hpp"
#include "tests/store/full_story.hpp"
#include "tests/store/temporary_directory.hpp"

#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <new>
#include <optional>

namespace ecr::store {
namespace {

using failing::memory;

class JournalMemoryTest : public testing::TestWithParam<bool> {
protected:
    // Before anything of SQLite has been used in this process.
    static void SetUpTestSuite() { memory::give_to_sqlite(); }

    /// Lives a short life of which that allocation fails, counted from the opening on or from when
    /// it is open: whether there was so late a one.
    bool live_and_fail(std::int64_t nth, bool from_opening);
    void live(journal& on);
    [[nodiscard]] bool ends_with(journal& on, const error_code& failed);
    void read_all(journal& on);

    // Real files: what the test's own disk allocates could not fail.
    void put_on_disk(const disk_image& files);
    [[nodiscard]] disk_image on_disk() const;

    temporary_directory directory_;
    std::filesystem::path path_ = directory_ / "journal.db";
    disk_image start_ = started();
    full_story story_{path_, start_, 10};
    promise made_;
    std::string lie_;

private:
    [[nodiscard]] disk_image started()
    {
        unflushed_disk disk;
        std::optional<journal> on{path_};
        disk.kill([&] { on.reset(); });
        return disk.seen();
    }
};

bool JournalMemoryTest::ends_with(journal& on, const error_code& failed)
{
    const bool of_memory = failed.category() == sqlite_category() && (failed.value() & 0xff) != 0;
    if (!of_memory) lie_ = "fails with: " + failed.message();
    return on.broken();
}

void JournalMemoryTest::put_on_disk(const disk_image& files)
{
    for (const auto* suffix : {"", "-wal", "-shm", "-journal"})
        std::filesystem::remove(path_.string() + suffix);
    for (const auto& [name, bytes] : files)
        std::ofstream{directory_ / name, std::ios::binary} << *bytes;
}

disk_image JournalMemoryTest::on_disk() const
{
    disk_image files;
    for (const auto* suffix : {"", "-wal", "-journal"}) {
        const std::filesystem::path file{path_.string() + suffix};
        if (!std::filesystem::exists(file)) continue;
        std::ifstream in{file, std::ios::binary};
        files[file.filename().string()] = std::make_shared<const std::string>(
            std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
    }
    return files;
}

/// Every verb that reads. What is not said must not be said wrongly.
void JournalMemoryTest::read_all(journal& on)
{
    const auto kept = [&](const auto& answer, bool right) {
        if (answer ? !right : !ends_with(on, answer.error()) && !answer.error().failed())
            lie_ = "reads what is not there";
    };
    const auto one = on.find("P0");
    kept(one, one && one->has_value() && (*one)->out_trade_no == "P0");
    const auto last = on.last_of_till("till-1");
    kept(last, last && last->has_value());
    const auto none = on.find_till_order("till-1", "no such number");
    kept(none, none && !none->has_value());
    const auto all = on.list({});
    kept(all, all && all->size() == 1);
    const auto open = on.open_orders();
    kept(open, open && open->size() <= 1);
    const auto steps = on.steps_of("P0");
    kept(steps, steps && !steps->empty());
    const auto notified = on.notifications_of("P0");
    kept(notified, notified.has_value());
    const auto counted = on.count_orders();
    kept(counted, counted && counted->total == 1);
    const auto number = on.invoice_of("P0");
    kept(number, number && *number == 1);
    const auto intact = on.integrity();
    kept(intact, intact && intact->empty());
}

void JournalMemoryTest::live(journal& on)
{
    made_.opened = true;
    while (made_.acknowledged < 3) {
        made_.begun = made_.acknowledged + 1;
        const auto failed = story_.tell(on, made_.acknowledged);
        if (failed && ends_with(on, failed)) return;
        if (!failed) made_.acknowledged = made_.begun;
    }
    read_all(on);
    if (on.broken()) return;
    if (on.begin_group()) return;
    // A verb that is refused leaves the others standing.
    std::size_t done = 0;
    while (done < 3 && !story_.tell(on, made_.acknowledged + done).failed())
        ++done;
    made_.begun = made_.acknowledged + done;
    if (!on.commit_group()) made_.acknowledged = made_.begun;
    (void)on.checkpoint();  // nothing hangs on it
}

bool JournalMemoryTest::live_and_fail(std::int64_t nth, bool from_opening)
{
    put_on_disk(start_);
    made_ = {.begun = 0, .acknowledged = 0, .opened = true, .watched = false};
    lie_.clear();
    std::int64_t asked = 0;
    try {
        if (from_opening) memory::run_out(nth, GetParam());
        journal on{path_};
        if (!from_opening) memory::run_out(nth, GetParam());
        live(on);
        asked = memory::asked();
    } catch (const std::bad_alloc&) {
        asked = memory::asked();  // the opening, or this test: the verbs throw nothing
    } catch (const boost::system::system_error&) {
        asked = memory::asked();
    }
    memory::be_plenty();
    EXPECT_EQ(lie_, "");
    EXPECT_EQ(story_.look_at(on_disk(), made_).complaint, "");
    return asked > nth;
}

TEST_P(JournalMemoryTest, NoLieIsToldWhenMemoryRunsOutInAVerb)
{
    std::int64_t nth = 0;
    for (; live_and_fail(nth, false); ++nth)
        ASSERT_FALSE(HasFailure()) << "allocation " << nth;
    std::printf("%jd allocations failed\n", nth);
    EXPECT_GT(nth, 100) << "is the memory ours?";
}

// Thousands, most of them for statements to be compiled, of which one is like the other.
TEST_P(JournalMemoryTest, NothingIsLostWhenMemoryRunsOutInTheOpening)
{
    std::int64_t nth = 0;
    for (; live_and_fail(nth, true); nth += 53)
        ASSERT_FALSE(HasFailure()) << "allocation " << nth;
    EXPECT_GT(nth, 1000) << "is the memory ours?";
}

INSTANTIATE_TEST_SUITE_P(Allocations, JournalMemoryTest, testing::Values(false, true),
                         [](const auto& instance) { return instance.param ? "ForGood" : "Once"; });

}  // namespace
}  // namespace ecr::store
