// Modes of files, and the credentials of systemd.
#include "daemon/secret.hpp"
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

class CredentialTest : public testing::Test {
protected:
    ~CredentialTest() override { ::unsetenv("CREDENTIALS_DIRECTORY"); }

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

TEST_F(CredentialTest, IsRefusedWhenOthersMayReadIt)
{
    for (const mode_t mode : {0640, 0604, 0660, 0644}) {
        const auto got = read_secret_file(write("4A8F", mode));
        EXPECT_EQ(got.secret, "") << mode;
        EXPECT_THAT(got.problem, testing::EndsWith("can be read by others: chmod 600 it"));
    }
}

TEST_F(CredentialTest, ACredentialComesFromItsFolder)
{
    write("4A8F\n", 0440);  // as systemd leaves it; its folder is private
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
    EXPECT_EQ(read_credential("secret").secret, "4A8F");
    EXPECT_EQ(read_credential("other").problem, "no credential named other");
}

TEST_F(CredentialTest, AnEmptyCredentialSaysWhereItBelongs)
{
    write("\n", 0440);
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
    EXPECT_THAT(read_credential("secret").problem, testing::HasSubstr("LoadCredential=secret"));
}

TEST_F(CredentialTest, AFileAmongTheCredentialsMayHaveTheirModes)
{
    write("4A8F\n", 0440);
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_THAT(read_secret_file(folder_ / "secret").problem, testing::HasSubstr("by others"));
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
    EXPECT_EQ(read_secret_file(folder_ / "secret").secret, "4A8F");
}

TEST_F(CredentialTest, ACheckByHandKnowsWhatOnlyTheServiceSees)
{
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_TRUE(only_the_service_sees());
    EXPECT_TRUE(only_the_service_sees("/run/credentials/ecrbridged.service/keys_shop"));
    EXPECT_FALSE(only_the_service_sees("/etc/ecrbridge/client.key"));
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
    EXPECT_FALSE(only_the_service_sees());
}

TEST_F(CredentialTest, ACredentialNeedsTheUnit)
{
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_EQ(read_credential("client-key").problem,
              "no credentials given: is LoadCredential=client-key in the unit?");
}

}  // namespace
}  // namespace ecr::daemon
