// Modes, and a full disk, as POSIX has them.
#include "safe_file_fixture.hpp"
#include "tests/support/full_disk.hpp"

#include <sys/stat.h>

namespace ecr::daemon {
namespace {

using testing::HasSubstr;

class SafeFileModeTest : public SafeFileTest {
protected:
    [[nodiscard]] static mode_t mode_of(const std::filesystem::path& file)
    {
        struct stat facts {};
        EXPECT_EQ(::stat(file.c_str(), &facts), 0);
        return facts.st_mode & 07777;
    }
};

TEST_F(SafeFileModeTest, ANewFileHasTheModeThatWasAskedFor)
{
    const mode_t before = ::umask(0077);
    EXPECT_EQ(write_whole(file_, "text", 0, over::nothing).problem, "");
    EXPECT_EQ(write_whole(place_ / "key", "k", 0600, over::nothing).problem, "");
    ::umask(before);
    EXPECT_EQ(text_of(file_), "text");
    EXPECT_EQ(mode_of(file_), 0644U);
    EXPECT_EQ(mode_of(place_ / "key"), 0600U);
    EXPECT_EQ(files(), 2U);
}

TEST_F(SafeFileModeTest, AKeyThatIsKeptIsAsPrivateAsTheNewOne)
{
    std::ofstream{file_} << "old key";
    ASSERT_EQ(::chmod(file_.c_str(), 0644), 0);
    EXPECT_EQ(write_whole(file_, "new key", 0600, over::existing).problem, "");
    EXPECT_EQ(mode_of(place_ / "f.old-1"), 0600U);
    EXPECT_EQ(mode_of(file_), 0600U);
}

TEST_F(SafeFileModeTest, TheSameAgainGetsTheModeThatWasAskedFor)
{
    std::ofstream{file_} << "text";
    EXPECT_EQ(write_whole(file_, "text", 0600, over::nothing).problem, "");
    EXPECT_EQ(mode_of(file_), 0600U);
}

TEST_F(SafeFileModeTest, ANewContentHasTheModeOfTheOldOne)
{
    std::ofstream{file_} << "1";
    ASSERT_EQ(::chmod(file_.c_str(), 0640), 0);
    EXPECT_EQ(write_whole(file_, "2", 0, over::existing).problem, "");
    EXPECT_EQ(mode_of(file_), 0640U);
}

// The limit of a file's size stands for a full disk.
TEST_F(SafeFileModeTest, AFullDiskLeavesTheOldContent)
{
    std::ofstream{file_} << "old";
    file_written made;
    {
        const test::full_disk disk{100};
        made = write_whole(file_, std::string(200, 'x'), 0, over::existing);
    }
    EXPECT_THAT(made.problem, HasSubstr("cannot write"));
    EXPECT_EQ(text_of(file_), "old");
    EXPECT_EQ(files(), 1U);
}

}  // namespace
}  // namespace ecr::daemon
