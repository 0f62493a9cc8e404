#include "safe_file_fixture.hpp"

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST_F(SafeFileTest, WhatIsThereIsNotReplacedUntold)
{
    std::ofstream{file_} << "mine";
    EXPECT_THAT(write_whole(file_, "text", 0, over::nothing).problem, HasSubstr("there already"));
    EXPECT_EQ(text_of(file_), "mine");
    EXPECT_EQ(files(), 1U);
}

TEST_F(SafeFileTest, TheSameAgainIsNoReplacement)
{
    std::ofstream{file_} << "text";
    const auto made = write_whole(file_, "text", 0600, over::nothing);
    EXPECT_EQ(made.problem, "");
    EXPECT_EQ(made.old, "");
}

TEST_F(SafeFileTest, EveryOldContentIsKept)
{
    std::ofstream{file_} << "1";
    EXPECT_EQ(write_whole(file_, "2", 0, over::existing).old, place_ / "f.old-1");
    EXPECT_EQ(write_whole(file_, "3", 0, over::existing).old, place_ / "f.old-2");
    EXPECT_EQ(text_of(place_ / "f.old-1"), "1");
    EXPECT_EQ(text_of(place_ / "f.old-2"), "2");
    EXPECT_EQ(text_of(file_), "3");
}

TEST_F(SafeFileTest, WhatWaitsAndNeverTakesItsPlaceLeavesNothing)
{
    std::ofstream{file_} << "old";
    {
        const file_in_waiting waiting{file_, "new", 0, over::existing};
        EXPECT_EQ(waiting.problem(), "");
        EXPECT_EQ(text_of(file_), "old");
        EXPECT_EQ(files(), 3U);  // the old one under two names, and the new one
    }
    EXPECT_EQ(text_of(file_), "old");
    EXPECT_EQ(files(), 1U);
}

TEST_F(SafeFileTest, WhatIsWorthlessIsNotKept)
{
    std::ofstream{file_} << "sample";
    EXPECT_EQ(write_whole(file_, "text", 0, over::worthless).problem, "");
    EXPECT_EQ(files(), 1U);
}

TEST_F(SafeFileTest, ASymbolicLinkStaysOne)
{
    std::ofstream{place_ / "real"} << "old";
    fs::create_symlink("real", file_);
    EXPECT_EQ(write_whole(file_, "new", 0, over::existing).problem, "");
    EXPECT_TRUE(fs::is_symlink(file_));
    EXPECT_EQ(text_of(place_ / "real"), "new");
    EXPECT_EQ(text_of(place_ / "real.old-1"), "old");
}

TEST_F(SafeFileTest, AFolderThatIsNotThereIsNamed)
{
    EXPECT_THAT(write_whole(place_ / "no/f", "x", 0, over::nothing).problem, HasSubstr("no/f"));
}

TEST_F(SafeFileTest, AFolderIsNoFile)
{
    fs::create_directory(file_);
    EXPECT_THAT(write_whole(file_, "x", 0, over::existing).problem, HasSubstr("is no file"));
}

TEST_F(SafeFileTest, ALeftoverOfAKilledRunIsNotInTheWay)
{
    std::ofstream{place_ / "f.new"} << "half";
    EXPECT_EQ(write_whole(file_, "new", 0, over::nothing).problem, "");
    EXPECT_EQ(text_of(file_), "new");
    EXPECT_EQ(files(), 1U);
}

}  // namespace
}  // namespace ecr::daemon
