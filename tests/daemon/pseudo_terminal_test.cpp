#include "daemon/link/pseudo_terminal.hpp"

#include "tests/support/temporary_folder.hpp"

#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;

class PseudoTerminalTest : public testing::Test {
protected:
    /// As a till program does it: by name, and without touching the modes.
    [[nodiscard]] unique_fd open_as_till() const
    {
        return unique_fd{::open(name_.c_str(), O_RDWR | O_NOCTTY)};
    }

    [[nodiscard]] std::size_t entries() const
    {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator{folder_}, fs::directory_iterator{}));
    }

    test::temporary_folder place_;
    fs::path folder_ = place_.path();
    fs::path name_ = folder_ / "tty-pos";
};

void write_all(int fd, const std::string& bytes)
{
    ASSERT_EQ(::write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
}

std::string read_all(int fd, std::size_t size)
{
    std::string bytes;
    std::array<char, 256> part{};
    while (bytes.size() < size) {
        pollfd ready{.fd = fd, .events = POLLIN, .revents = 0};
        if (::poll(&ready, 1, 1000) <= 0) break;
        const auto got = ::read(fd, part.data(), part.size());
        if (got <= 0) break;
        bytes.append(part.data(), static_cast<std::size_t>(got));
    }
    return bytes;
}

boost::system::error_code failure_of(const fs::path& symlink)
{
    try {
        pseudo_terminal port{symlink};
        return {};
    } catch (const boost::system::system_error& failed) {
        EXPECT_THAT(failed.what(), testing::HasSubstr(symlink.string()));
        return failed.code();
    }
}

TEST_F(PseudoTerminalTest, CarriesEveryByteUnchangedBothWays)
{
    std::string bytes;
    for (int i = 0; i < 256; ++i)
        bytes += static_cast<char>(i);
    const pseudo_terminal port{name_};
    const auto till = open_as_till();
    write_all(till.get(), bytes);
    EXPECT_EQ(read_all(port.descriptor(), 256), bytes);
    write_all(port.descriptor(), bytes);
    EXPECT_EQ(read_all(till.get(), 256), bytes);
}

TEST_F(PseudoTerminalTest, DoesNotEchoToTheBridge)
{
    const pseudo_terminal port{name_};
    write_all(port.descriptor(), "result code=00\r\n");
    char c = 0;
    EXPECT_EQ(::read(port.descriptor(), &c, 1), -1);
    EXPECT_EQ(errno, EAGAIN);
}

TEST_F(PseudoTerminalTest, OutlivesATillThatComesAgain)
{
    const pseudo_terminal port{name_};
    for (int i = 0; i < 3; ++i) {
        const auto till = open_as_till();
        ASSERT_TRUE(till);
        write_all(till.get(), "ping\n");
        EXPECT_EQ(read_all(port.descriptor(), 5), "ping\n");
        write_all(port.descriptor(), "pong\n");
        EXPECT_EQ(read_all(till.get(), 5), "pong\n");
    }
}

TEST_F(PseudoTerminalTest, ATillThatLeavesIsNotAnEnd)
{
    const pseudo_terminal port{name_};
    ASSERT_TRUE(open_as_till());
    pollfd state{.fd = port.descriptor(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&state, 1, 0), 0);
    char c = 0;
    EXPECT_EQ(::read(port.descriptor(), &c, 1), -1);
    EXPECT_EQ(errno, EAGAIN);
}

TEST_F(PseudoTerminalTest, EveryProgramOfTheMachineMayOpenIt)
{
    const pseudo_terminal port{name_};
    struct stat facts {};
    ASSERT_EQ(::stat(name_.c_str(), &facts), 0);
    EXPECT_TRUE(S_ISCHR(facts.st_mode));
    EXPECT_EQ(facts.st_mode & 0777, 0666U);
}

TEST_F(PseudoTerminalTest, TheNameGoesWithThePort)
{
    {
        const pseudo_terminal port{name_};
        EXPECT_EQ(fs::read_symlink(name_), port.device());
        EXPECT_EQ(entries(), 1U);
    }
    EXPECT_EQ(entries(), 0U);
}

TEST_F(PseudoTerminalTest, ANameTakenOverStays)
{
    {
        const pseudo_terminal port{name_};
        fs::remove(name_);
        fs::create_symlink("/dev/null", name_);
    }
    EXPECT_EQ(fs::read_symlink(name_), "/dev/null");
}

TEST_F(PseudoTerminalTest, ReplacesWhatAnEarlierRunLeftBehind)
{
    for (const auto* target : {"/dev/pts/99999", "/dev/pts/0", "/nowhere"}) {
        fs::create_symlink(target, name_);
        const pseudo_terminal port{name_};
        EXPECT_EQ(fs::read_symlink(name_), port.device());
        EXPECT_EQ(entries(), 1U);
    }
}

TEST_F(PseudoTerminalTest, LeavesAFileAlone)
{
    std::ofstream{name_} << "precious";
    EXPECT_EQ(failure_of(name_), boost::system::errc::file_exists);
    EXPECT_EQ(fs::file_size(name_), 8U);
    EXPECT_EQ(entries(), 1U);
}

TEST_F(PseudoTerminalTest, LeavesAFolderAlone)
{
    fs::create_directory(name_);
    EXPECT_EQ(failure_of(name_), boost::system::errc::file_exists);
}

TEST_F(PseudoTerminalTest, LeavesALinkToSomethingElseAlone)
{
    fs::create_symlink("/dev/null", name_);
    EXPECT_EQ(failure_of(name_), boost::system::errc::file_exists);
    EXPECT_EQ(fs::read_symlink(name_), "/dev/null");
}

TEST_F(PseudoTerminalTest, SaysWhenTheFolderIsMissing)
{
    EXPECT_EQ(failure_of(folder_ / "run" / "tty"), boost::system::errc::no_such_file_or_directory);
}

TEST_F(PseudoTerminalTest, ADuplicateMayBeClosed)
{
    const pseudo_terminal port{name_};
    const auto till = open_as_till();
    {
        const auto copy = port.duplicate();
        write_all(till.get(), "a");
        EXPECT_EQ(read_all(copy.get(), 1), "a");
    }
    write_all(till.get(), "b");
    EXPECT_EQ(read_all(port.descriptor(), 1), "b");
}

TEST_F(PseudoTerminalTest, ExclusiveUseEndsWithTheTillThatAskedForIt)
{
    pseudo_terminal port{name_};
    ASSERT_EQ(::ioctl(open_as_till().get(), TIOCEXCL), 0);
    const auto next = open_as_till();  // as root, who is let in
    if (!next) GTEST_SKIP() << "needs root to look at a port in exclusive use";
    int exclusive = 0;
    ASSERT_EQ(::ioctl(next.get(), TIOCGEXCL, &exclusive), 0);
    EXPECT_EQ(exclusive, 1);
    port.forget_exclusive_use();
    ASSERT_EQ(::ioctl(next.get(), TIOCGEXCL, &exclusive), 0);
    EXPECT_EQ(exclusive, 0);
}

}  // namespace
}  // namespace ecr::daemon
