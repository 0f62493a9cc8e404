// A copy's mode, and several processes that make one: as POSIX has them.
#include "store/journal.hpp"
#include "store/journal_copy.hpp"
#include "tests/store/child_process.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace ecr::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

class JournalCopyPosixTest : public testing::Test {
protected:
    JournalCopyPosixTest()
    {
        // Closed again: what SQLite knows of open files does not go over to a child.
        journal writer{path_};
        EXPECT_EQ(put(writer, new_order("A1"), protocol::order_state::paid), error_code{});
    }

    temporary_directory directory_;
    fs::path path_ = directory_ / "journal.db";
    fs::path copy_ = directory_ / "copy.db";
};

TEST_F(JournalCopyPosixTest, TheCopyIsPrivate)
{
    copy_journal(path_, copy_);
    EXPECT_EQ(fs::status(copy_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(JournalCopyPosixTest, OfTwoCopiesOfOneNameOneIsMade)
{
    constexpr int makers = 4;
    std::vector<pid_t> children;
    for (int i = 0; i < makers; ++i)
        children.push_back(start_child([this] {
            copy_journal(path_, copy_);
            return 0;
        }));
    int made = 0;
    for (const auto child : children)
        made += wait_for(child) == 0 ? 1 : 0;
    EXPECT_EQ(made, 1);
    EXPECT_THAT(examine_journal(copy_).problems, IsEmpty());
    for (const auto& entry : fs::directory_iterator{fs::path{copy_}.parent_path()})
        EXPECT_THAT(entry.path().string(), testing::Not(HasSubstr(".part")));
}

}  // namespace
}  // namespace ecr::store
