// `ecrbridge backup` and `verify` with a bridge that runs, and a bridge that goes on from a copy.
#include "shop.hpp"

#include <fstream>

namespace ecr::process {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class BackupTest : public ProcessTest {
protected:
    /// Runs it to its end. Gives the exit status; said_ has the output.
    int tool(std::vector<std::string> arguments)
    {
        bridge_process running{{.arguments = std::move(arguments), .program = "ecrbridge"}};
        const int status = running.wait();
        said_ = running.output();
        return status;
    }
    [[nodiscard]] std::string in_folder(const std::string& name) const
    {
        return (folder_ / name).string();
    }

    std::string said_;
};

TEST_F(BackupTest, ABridgeGoesOnFromACopyThatWasMadeWhileItRan)
{
    start();
    ASSERT_THAT(new_till().ask("pay order=A1 amount=110"), HasSubstr("state=paid"));
    EXPECT_EQ(tool({"backup", in_folder("copy.db"), "--config", in_folder("bridge.toml")}), 0)
        << said_;
    EXPECT_THAT(said_, AllOf(HasSubstr("copy.db: whole. 1 order, "), HasSubstr("newest order")));
    EXPECT_THAT(new_till().ask("pay order=A2 amount=110"), HasSubstr("state=paid"));
    EXPECT_EQ(tool({"verify", "--journal", in_folder("journal.db")}), 0);
    EXPECT_THAT(said_, HasSubstr("journal.db: whole. 2 orders, "));
    bridge_->stop();

    start({.journal = in_folder("copy.db")});
    EXPECT_THAT(new_till().ask("status order=A1"), HasSubstr("state=paid"));
    EXPECT_THAT(new_till().ask("status order=A2"), HasSubstr("error"));
}

TEST_F(BackupTest, AConfigurationWithMistakesStillNamesTheJournal)
{
    start();
    ASSERT_THAT(new_till().ask("pay order=A1 amount=110"), HasSubstr("state=paid"));
    const auto journal = in_folder("journal.db");
    const auto broken = write("broken.toml", "[bridge]\njournal = \"" + journal + "\"\nno = 1\n");
    EXPECT_EQ(tool({"backup", in_folder("copy.db"), "--config", broken}), 0) << said_;
    EXPECT_THAT(said_, AllOf(HasSubstr("Journal: " + journal + " (named in " + broken),
                             HasSubstr("copy.db: whole. 1 order, ")));
}

TEST_F(BackupTest, AConfigurationThatNamesNoJournalIsRefused)
{
    for (const auto* text : {"[bridge]\n", "this is no TOML"}) {
        EXPECT_EQ(tool({"backup", in_folder("copy.db"), "--config", write("bad.toml", text)}), 2);
        EXPECT_THAT(said_, AllOf(HasSubstr("bad.toml"), HasSubstr("--journal FILE")));
    }
    EXPECT_FALSE(fs::exists(folder_ / "copy.db"));
}

TEST_F(BackupTest, ACopyOverwritesNothing)
{
    start();
    const auto mine = write("copy.db", "mine");
    EXPECT_EQ(tool({"backup", mine, "--journal", in_folder("journal.db")}), 2);
    EXPECT_THAT(said_, HasSubstr(mine));
    EXPECT_EQ(read("copy.db"), "mine");
}

TEST_F(BackupTest, WhatIsNoJournalIsSaid)
{
    EXPECT_EQ(tool({"verify", in_folder("absent.db")}), 2);
    EXPECT_THAT(said_, HasSubstr("absent.db"));
    EXPECT_EQ(tool({"verify", write("letter", "this is a letter and no database at all")}), 2);
}

TEST_F(BackupTest, ADamagedJournalIsSaidToBeDamaged)
{
    start();
    ASSERT_THAT(new_till().ask("pay order=A1 amount=110"), HasSubstr("state=paid"));
    bridge_->stop();
    const auto size = fs::file_size(folder_ / "journal.db");
    std::fstream file{folder_ / "journal.db", std::ios::binary | std::ios::in | std::ios::out};
    file.seekp(static_cast<std::streamoff>(size) - 4096);
    file << std::string(4096, 'x');
    file.close();
    EXPECT_EQ(tool({"verify", in_folder("journal.db")}), 1);
    EXPECT_THAT(said_, AllOf(HasSubstr("DAMAGED"), HasSubstr("rebuild")));
}

}  // namespace
}  // namespace ecr::process
