#include "daemon/secret.hpp"

#include "daemon/limits.hpp"
#include "tests/support/private_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;

class SecretTest : public testing::Test {
protected:
    /// A file that only its owner may read, in the way of this system.
    fs::path write(const std::string& text)
    {
        const auto file = folder_ / "secret";
        fs::remove(file);
        test::write_private(file, text);
        return file;
    }

    test::temporary_folder place_;
    fs::path folder_ = place_.path();
};

TEST_F(SecretTest, IsReadWithoutTheBlanksAroundIt)
{
    const auto got = read_secret_file(write(" \t4A 8F\r\n\n"));
    EXPECT_EQ(got.secret, "4A 8F");
    EXPECT_EQ(got.problem, "");
}

TEST_F(SecretTest, MayBeReadOnly)
{
    const auto file = write("4A8F");
    fs::permissions(file, fs::perms::owner_read);
    EXPECT_EQ(read_secret_file(file).secret, "4A8F");
    fs::permissions(file, fs::perms::owner_all);  // or Windows does not remove it
}

TEST_F(SecretTest, AMissingFileIsNamed)
{
    const auto file = folder_ / "nowhere";
    EXPECT_EQ(read_secret_file(file).problem, "cannot find " + file.string());
}

TEST_F(SecretTest, AFolderIsNotASecret)
{
    fs::permissions(folder_, fs::perms::owner_all);
    EXPECT_NE(read_secret_file(folder_).problem, "");
    EXPECT_EQ(read_secret_file(folder_).secret, "");
}

TEST_F(SecretTest, NothingButBlanksIsEmpty)
{
    EXPECT_THAT(read_secret_file(write("")).problem, testing::EndsWith(" is empty"));
    EXPECT_THAT(read_secret_file(write(" \n")).problem, testing::EndsWith(" is empty"));
}

TEST_F(SecretTest, HasALargestSize)
{
    EXPECT_EQ(read_secret_file(write(std::string(limits::secret_size_max, 'k'))).problem, "");
    EXPECT_THAT(read_secret_file(write(std::string(limits::secret_size_max + 1, 'k'))).problem,
                testing::EndsWith(" is too long"));
}

}  // namespace
}  // namespace ecr::daemon
