// Everything that SQLite asks of a disk fails: each call in turn, once and for good. What was
// acknowledged is there afterwards, also when the power goes out, and the journal does not lie.
#include "store/sqlite.hpp"
#include "tests/store/full_story.hpp"
#include "tests/store/power_cut.hpp"
#include "tests/store/sqlite_pool.hpp"
#include "tests/store/temporary_directory.hpp"

#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <ostream>

namespace ecr::store {
namespace {

struct failing_case {
    const char* name;
    disk_call call;
    int code;
    bool forgets = false;  // see unflushed_disk::forgets_after_failed_sync

    friend void PrintTo(const failing_case& c, std::ostream* out) { *out << c.name; }
};

// clang-format off
constexpr failing_case failing_cases[] = {
    {"Open",                disk_call::open,      SQLITE_CANTOPEN},
    {"OpenFull",            disk_call::open,      SQLITE_FULL},
    {"Read",                disk_call::read,      SQLITE_IOERR_READ},
    {"Write",               disk_call::write,     SQLITE_IOERR_WRITE},
    {"WriteFull",           disk_call::write,     SQLITE_FULL},
    {"Truncate",            disk_call::truncate,  SQLITE_IOERR_TRUNCATE},
    {"Sync",                disk_call::sync,      SQLITE_IOERR_FSYNC},
    {"SyncForgotten",       disk_call::sync,      SQLITE_IOERR_FSYNC, true},
    {"Size",                disk_call::size,      SQLITE_IOERR_FSTAT},
    {"Lock",                disk_call::lock,      SQLITE_IOERR_LOCK},
    {"LockBusy",            disk_call::lock,      SQLITE_BUSY},
    {"Unlock",              disk_call::unlock,    SQLITE_IOERR_UNLOCK},
    {"Reserved",            disk_call::reserved,  SQLITE_IOERR_CHECKRESERVEDLOCK},
    {"SharedMemory",        disk_call::shm_map,   SQLITE_IOERR_SHMMAP},
    {"SharedMemoryNone",    disk_call::shm_map,   SQLITE_NOMEM},
    {"SharedLock",          disk_call::shm_lock,  SQLITE_IOERR_SHMLOCK},
    {"SharedLockBusy",      disk_call::shm_lock,  SQLITE_BUSY},
    {"Remove",              disk_call::remove,    SQLITE_IOERR_DELETE},
    {"Access",              disk_call::access,    SQLITE_IOERR_ACCESS},
    {"FullPath",            disk_call::full_path, SQLITE_CANTOPEN},
};
// clang-format on

/// A life of which one call fails. Goes on for as long as the journal says that it may.
class failing_life {
public:
    failing_life(const full_story& story, unflushed_disk& disk) : story_{&story}, disk_{&disk} {}

    void live();

    [[nodiscard]] const promise& made() const noexcept { return made_; }
    [[nodiscard]] const std::string& lie() const noexcept { return lie_; }

private:
    [[nodiscard]] bool verb(journal& on);
    [[nodiscard]] bool group(journal& on, std::size_t size);
    /// False when the journal is of no more use. An error may be the moment's, or break it.
    [[nodiscard]] bool still_good(journal& on, const error_code& failed);
    void promised(std::size_t begun, std::size_t acknowledged);

    const full_story* story_;
    unflushed_disk* disk_;
    promise made_;
    std::string lie_;
};

void failing_life::promised(std::size_t begun, std::size_t acknowledged)
{
    made_.begun = begun;
    made_.acknowledged = acknowledged;
    disk_->note(made_);
}

bool failing_life::still_good(journal& on, const error_code& failed)
{
    const bool moment = failed == make_sqlite_error(SQLITE_BUSY);
    if (!moment && !on.broken()) lie_ = "goes on after: " + failed.message();
    if (!on.broken()) return lie_.empty();
    if (on.count_orders().error() != failed || on.mark_delivered("P0") != failed)
        lie_ = "broken, and says something else than: " + failed.message();
    return false;
}

bool failing_life::verb(journal& on)
{
    const auto n = made_.acknowledged;
    promised(n + 1, n);
    for (int tries = 0; tries < 3; ++tries) {
        const auto failed = story_->tell(on, n);
        if (!failed) {
            promised(n + 1, n + 1);
            return true;
        }
        if (!still_good(on, failed)) return false;
    }
    return false;
}

bool failing_life::group(journal& on, std::size_t size)
{
    const auto n = made_.acknowledged;
    for (int tries = 0;; ++tries) {
        const auto failed = on.begin_group();
        if (!failed) break;
        if (!still_good(on, failed) || tries == 3) return false;
    }
    promised(n + size, n);
    for (std::size_t i = 0; i < size; ++i) {
        const auto failed = story_->tell(on, n + i);
        if (!failed) continue;
        // Those before it may still be committed.
        const bool good = still_good(on, failed);
        if (!good) promised(n, n);
        const auto committed = on.commit_group();
        if (!good && !committed) lie_ = "commits what is lost";
        return false;
    }
    if (const auto failed = on.commit_group()) return still_good(on, failed);
    promised(n + size, n + size);
    return true;
}

void failing_life::live()
{
    try {
        disk_->note(made_);
        journal on{story_->path()};
        made_.opened = true;
        disk_->note(made_);
        if (!verb(on) || !verb(on) || !group(on, 4)) return;
        if (const auto failed = on.checkpoint(); failed && !still_good(on, failed)) return;
        if (!verb(on)) return;
    } catch (const boost::system::system_error& failed) {
        if (made_.opened) lie_ = "throws: " + std::string{failed.what()};
    }
}

class JournalFailingDiskTest : public testing::TestWithParam<failing_case> {
protected:
    static void SetUpTestSuite() { pool_ = std::make_unique<sqlite_pool>(); }
    static void TearDownTestSuite() { pool_.reset(); }

    /// How many calls of the kind there were.
    std::size_t fail(const full_story& story, std::size_t nth, bool for_good);
    void expect_kept(const full_story& story, unflushed_disk& disk, const promise& made);
    void fail_each(const disk_image& start);

    static inline std::unique_ptr<sqlite_pool> pool_;
    temporary_directory directory_;
    std::filesystem::path path_ = directory_ / "journal.db";
};

/// What is left when the power goes out and nothing is written that was not flushed.
[[nodiscard]] disk_image after_power_cut(const full_story& story, const unflushed_disk& disk)
{
    platter left{story.start()};
    for (const auto& event : disk.events)
        left.happens(event);
    fate lost;
    lost.kept = false;
    return left.left_by(std::vector<fate>(left.on_their_way().size(), lost), '\0');
}

/// The power goes out at once; or the journal is opened again on the running machine, is told one
/// verb more, and then the power goes out.
void JournalFailingDiskTest::expect_kept(const full_story& story, unflushed_disk& disk,
                                         const promise& made)
{
    EXPECT_EQ(story.look_at(after_power_cut(story, disk), made).complaint, "") << "power cut";
    const auto seen = disk.seen();
    const auto found = story.by_plain_sqlite(seen, made);
    ASSERT_EQ(found.complaint, "") << "the machine runs on";
    try {
        std::optional<journal> again{path_};
        ASSERT_EQ(story.tell(*again, found.kept), error_code{});
        disk.kill([&] { again.reset(); });
    } catch (const boost::system::system_error& failed) {
        FAIL() << "does not open any more: " << failed.what();
    }
    const promise later{found.kept + 1, found.kept + 1, true, true};
    EXPECT_EQ(story.look_at(after_power_cut(story, disk), later).complaint, "")
        << "power cut after opening it again";
}

std::size_t JournalFailingDiskTest::fail(const full_story& story, std::size_t nth, bool for_good)
{
    const auto& failing = GetParam();
    unflushed_disk disk{story.start()};
    disk.forgets_after_failed_sync = failing.forgets;
    std::size_t calls = 0;
    disk.fault = [&](disk_call call) {
        if (call != failing.call) return SQLITE_OK;
        const auto index = calls++;
        return index == nth || (for_good && index > nth) ? failing.code : SQLITE_OK;
    };
    failing_life life{story, disk};
    life.live();
    disk.fault = nullptr;
    EXPECT_EQ(life.lie(), "");
    if (calls > nth) expect_kept(story, disk, life.made());
    return calls;
}

void JournalFailingDiskTest::fail_each(const disk_image& start)
{
    const full_story story{path_, start, 10};
    std::size_t tried = 0;
    for (const bool for_good : {false, true})
        for (std::size_t nth = 0;; ++nth) {
            SCOPED_TRACE(std::string{for_good ? "from call " : "call "} + std::to_string(nth));
            if (fail(story, nth, for_good) <= nth) break;
            ASSERT_FALSE(HasFailure());
            ++tried;
        }
    // Only a rollback journal asks for it, and there is one only while a journal is made.
    if (GetParam().call != disk_call::reserved) {
        EXPECT_GT(tried, 0U) << "there was nothing to fail";
    }
    std::printf("%s: %zu failures\n", GetParam().name, tried);
}

TEST_P(JournalFailingDiskTest, NoLieIsToldWhenAJournalIsMade)
{
    fail_each({});
}

TEST_P(JournalFailingDiskTest, NoLieIsToldWhenALogIsTakenOver)
{
    // Left by a program that was killed.
    disk_image start;
    {
        unflushed_disk disk;
        std::optional<journal> on{path_};
        disk.kill([&] { on.reset(); });
        start = disk.seen();
    }
    fail_each(start);
}

INSTANTIATE_TEST_SUITE_P(Calls, JournalFailingDiskTest, testing::ValuesIn(failing_cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::store
