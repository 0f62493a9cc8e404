#include "daemon/config_file.hpp"

#include "daemon/limits.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace ecr::daemon {
namespace {

class ConfigTextTest : public testing::TestWithParam<std::size_t> {
protected:
    /// Of that size, with no two pieces alike.
    [[nodiscard]] static std::string some_text(std::size_t size)
    {
        std::string text;
        while (text.size() < size)
            text += std::to_string(text.size()) + '\n';
        text.resize(size);
        return text;
    }

    test::temporary_folder folder_;
};

/// It is kept while the bridge runs: what is asked to be in force is compared with it.
TEST_P(ConfigTextTest, IsReadWholeAndTakesNoMoreRoomThanItNeeds)
{
    const auto written = some_text(GetParam());
    std::ofstream{folder_.path() / "c.toml", std::ios::binary} << written;
    std::string text{"of another file"};
    EXPECT_EQ(read_config_text(folder_.path() / "c.toml", text), "");
    EXPECT_TRUE(text == written);
    EXPECT_LE(text.capacity(), 2 * std::max<std::size_t>(written.size(), 64));
}

INSTANTIATE_TEST_SUITE_P(Size, ConfigTextTest,
                         testing::Values(0, 1, 300, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 40'000,
                                         limits::config_size_max));

TEST_F(ConfigTextTest, OneByteTooManyIsTooLong)
{
    std::ofstream{folder_.path() / "c.toml", std::ios::binary}
        << some_text(limits::config_size_max + 1);
    std::string text;
    EXPECT_THAT(read_config_text(folder_.path() / "c.toml", text),
                testing::HasSubstr("is too long for a configuration"));
}

}  // namespace
}  // namespace ecr::daemon
