#include "protocol/errc.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace ecr {
namespace {

constexpr auto last = errc::unknown_merchant;

TEST(ErrcTest, EveryValueHasAMessageOfItsOwn)
{
    std::set<std::string> messages;
    for (int value = 1; value <= static_cast<int>(last); ++value) {
        const error_code error = static_cast<errc>(value);
        EXPECT_FALSE(error.message().empty()) << value;
        EXPECT_EQ(error.message().find("unknown"), std::string::npos) << value;
        messages.insert(error.message());
    }
    EXPECT_EQ(messages.size(), static_cast<std::size_t>(last));
}

// So that a value appended to the enum cannot escape the test above.
TEST(ErrcTest, NoValueFollowsTheLast)
{
    const error_code error = static_cast<errc>(static_cast<int>(last) + 1);
    EXPECT_EQ(error.message(), "unknown ecr error " + std::to_string(error.value()));
}

TEST(ErrcTest, ZeroIsNoError)
{
    EXPECT_FALSE(error_code{});
    EXPECT_EQ(static_cast<int>(errc::bad_amount), 1);
    const error_code zero{0, bridge_category()};
    EXPECT_FALSE(zero);
}

TEST(ErrcTest, EveryValueIsAnErrorOfOurCategory)
{
    for (int value = 1; value <= static_cast<int>(last); ++value) {
        const error_code error = static_cast<errc>(value);
        EXPECT_TRUE(error) << value;
        EXPECT_EQ(&error.category(), &bridge_category());
        EXPECT_EQ(error, static_cast<errc>(value));
    }
    EXPECT_STREQ(bridge_category().name(), "ecr");
}

}  // namespace
}  // namespace ecr
