#include "daemon/secret.hpp"

#include "daemon/limits.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;

class SecretTest : public testing::Test {
protected:
    ~SecretTest() override { ::unsetenv("CREDENTIALS_DIRECTORY"); }

    fs::path write(const std::string& text, mode_t mode = 0600)
    {
        const auto file = folder_ / "secret";
        std::ofstream{file, std::ios::binary} << text;
        EXPECT_EQ(::chmod(file.c_str(), mode), 0);
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

TEST_F(SecretTest, IsRefusedWhenOthersMayReadIt)
{
    for (const mode_t mode : {0640, 0604, 0660, 0644}) {
        const auto got = read_secret_file(write("4A8F", mode));
        EXPECT_EQ(got.secret, "") << mode;
        EXPECT_THAT(got.problem, testing::EndsWith("can be read by others: chmod 600 it"));
    }
}

TEST_F(SecretTest, MayBeReadOnly)
{
    EXPECT_EQ(read_secret_file(write("4A8F", 0400)).secret, "4A8F");
}

TEST_F(SecretTest, AMissingFileIsNamed)
{
    const auto file = folder_ / "nowhere";
    EXPECT_EQ(read_secret_file(file).problem, "cannot find " + file.string());
}

TEST_F(SecretTest, AFolderIsNotASecret)
{
    ::chmod(folder_.c_str(), 0700);
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

TEST_F(SecretTest, ACredentialComesFromItsFolder)
{
    write("4A8F\n", 0440);  // as systemd leaves it; its folder is private
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
    EXPECT_EQ(read_credential("secret").secret, "4A8F");
    EXPECT_EQ(read_credential("other").problem, "no credential named other");
}

TEST_F(SecretTest, AnEmptyCredentialSaysWhereItBelongs)
{
    write("\n", 0440);
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
    EXPECT_THAT(read_credential("secret").problem, testing::HasSubstr("LoadCredential=secret"));
}

TEST_F(SecretTest, AFileAmongTheCredentialsMayHaveTheirModes)
{
    write("4A8F\n", 0440);
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_THAT(read_secret_file(folder_ / "secret").problem, testing::HasSubstr("by others"));
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
    EXPECT_EQ(read_secret_file(folder_ / "secret").secret, "4A8F");
}

TEST_F(SecretTest, ACheckByHandKnowsWhatOnlyTheServiceSees)
{
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_TRUE(only_the_service_sees());
    EXPECT_TRUE(only_the_service_sees("/run/credentials/ecrbridged.service/keys_shop"));
    EXPECT_FALSE(only_the_service_sees("/etc/ecrbridge/client.key"));
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
    EXPECT_FALSE(only_the_service_sees());
}

TEST_F(SecretTest, ACredentialNeedsTheUnit)
{
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_EQ(read_credential("client-key").problem,
              "no credentials given: is LoadCredential=client-key in the unit?");
}

}  // namespace
}  // namespace ecr::daemon
