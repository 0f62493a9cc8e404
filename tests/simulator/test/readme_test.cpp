// The manual against the code: whatever can be said to the simulator is in README.md.
#include "tests/simulator/fault.hpp"
#include "tests/simulator/plans.hpp"
#include "tests/simulator/settings.hpp"
#include "tests/simulator/shopper.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace ecr::simulator {
namespace {

std::string readme()
{
    std::ifstream file{std::string{ECR_SOURCE_DIR} + "/tests/simulator/README.md"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(ReadmeTest, NamesEverySettingWithItsValues)
{
    const auto text = readme();
    for (const auto& each : list_settings(settings{})) {
        const auto row = text.find("`" + std::string{each.name} + "`");
        ASSERT_NE(row, std::string::npos) << each.name;
        if (each.allowed.find('|') == std::string::npos || each.allowed == "true|false") continue;
        std::string values = each.allowed;
        for (auto bar = values.find('|'); bar != std::string::npos; bar = values.find('|'))
            values.replace(bar, 1, ", ");
        EXPECT_NE(text.find("| `" + std::string{each.name} + "` | " + values + " |"),
                  std::string::npos)
            << each.name << " | " << values;
    }
}

TEST(ReadmeTest, NamesEverythingThatCanBePlanned)
{
    const auto text = readme();
    for (int i = 0; name_of(static_cast<act>(i)) != "?"; ++i)
        EXPECT_NE(text.find("`" + std::string{name_of(static_cast<act>(i))} + "`"),
                  std::string::npos)
            << name_of(static_cast<act>(i));
    for (int i = 0; name_of(static_cast<fault_kind>(i)) != "?"; ++i)
        EXPECT_NE(text.find("`" + std::string{name_of(static_cast<fault_kind>(i))} + "`"),
                  std::string::npos)
            << name_of(static_cast<fault_kind>(i));
    for (int i = 0; name_of(static_cast<notice>(i)) != "?"; ++i)
        EXPECT_NE(text.find("| `" + std::string{name_of(static_cast<notice>(i))} + "` |"),
                  std::string::npos)
            << name_of(static_cast<notice>(i));
}

TEST(ReadmeTest, EveryNameIsReadBack)
{
    int acts = 0;
    for (; name_of(static_cast<act>(acts)) != "?"; ++acts)
        EXPECT_EQ(act_of(name_of(static_cast<act>(acts))), static_cast<act>(acts));
    int faults = 0;
    for (; name_of(static_cast<fault_kind>(faults)) != "?"; ++faults)
        EXPECT_EQ(fault_kind_of(name_of(static_cast<fault_kind>(faults))),
                  static_cast<fault_kind>(faults));
    EXPECT_EQ(acts, static_cast<int>(act::never_shown) + 1);
    EXPECT_EQ(faults, static_cast<int>(fault_kind::stale) + 1);
    EXPECT_FALSE(act_of("runs"));
    EXPECT_FALSE(fault_kind_of(""));
}

}  // namespace
}  // namespace ecr::simulator
