// The key's file as Windows keeps it: encrypted, and closed to others by its list of access.
#include "daemon/access_windows.hpp"
#include "daemon/secret.hpp"
#include "tests/support/private_text.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecr::daemon {
namespace {

using testing::HasSubstr;

class SecretOnWindowsTest : public testing::Test {
protected:
    std::filesystem::path write(const std::string& text)
    {
        const auto file = place_ / "secret";
        test::write_private(file, text);
        return file;
    }

    test::temporary_folder place_;
};

TEST_F(SecretOnWindowsTest, WhatIsKeptIsEncryptedAndReadAgain)
{
    const auto kept = kept_form("4A8F");
    EXPECT_THAT(kept, testing::StartsWith("dpapi:"));
    EXPECT_THAT(kept, testing::Not(HasSubstr("4A8F")));
    EXPECT_EQ(read_secret_file(write(kept + "\n")).secret, "4A8F");
}

TEST_F(SecretOnWindowsTest, OneThatWasDamagedIsRefused)
{
    auto kept = kept_form("4A8F");
    auto& damaged = kept[kept.size() - 10];  // wine does not look at all of it
    damaged = damaged == 'A' ? 'B' : 'A';
    for (const auto& text : {kept, std::string{"dpapi:"}, std::string{"dpapi:not Base64"}}) {
        const auto got = read_secret_file(write(text));
        EXPECT_EQ(got.secret, "");
        EXPECT_THAT(got.problem, HasSubstr("cannot be decrypted")) << text;
    }
}

TEST_F(SecretOnWindowsTest, IsRefusedWhenOthersMayReadIt)
{
    const auto file = write("4A8F");
    ASSERT_FALSE(set_access(file, L"D:P(A;;FA;;;SY)(A;;FR;;;WD)"));
    const auto got = read_secret_file(file);
    EXPECT_EQ(got.secret, "");
    EXPECT_THAT(got.problem, HasSubstr("can be read by others"));
}

TEST_F(SecretOnWindowsTest, ThereAreNoCredentials)
{
    EXPECT_THAT(read_credential("client-key").problem, HasSubstr("name a file"));
    EXPECT_FALSE(only_the_service_sees(place_ / "secret"));
}

}  // namespace
}  // namespace ecr::daemon
