#include "protocol/till/registry.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace ecr::protocol::till;

namespace {

TEST(RegistryTest, NamesLeadToDialects)
{
    const auto kind = dialect_kind_of("line");
    ASSERT_EQ(kind, dialect_kind::line);
    EXPECT_EQ(name_of(*kind), "line");
    EXPECT_EQ(dialect_names(), "line, hypercom, qfpay-local");

    dialect_output out;
    const auto line = make_dialect(*kind, {});
    line->receive("ping\n", out);
    ASSERT_EQ(out.commands.size(), 1U);
    EXPECT_EQ(out.commands[0].what, verb::ping);
}

TEST(RegistryTest, OtherNamesLeadNowhere)
{
    for (const auto* name : {"", "Line", "lines", "linehypercom"})
        EXPECT_EQ(dialect_kind_of(name), std::nullopt) << name;
}

TEST(RegistryTest, HypercomIsOneOfThem)
{
    const auto kind = dialect_kind_of("hypercom");
    ASSERT_EQ(kind, dialect_kind::hypercom);
    EXPECT_EQ(name_of(*kind), "hypercom");
    EXPECT_NE(dialect_names().find("hypercom"), std::string::npos);
    EXPECT_TRUE(make_dialect(*kind, {})->confirms_delivery());
    EXPECT_FALSE(make_dialect(*kind, {.hypercom = {.acknowledges = false}})->confirms_delivery());
}

TEST(RegistryTest, SettingsReachTheDialect)
{
    const auto framed = make_dialect(dialect_kind::line, {.line = {.frames = line::framing::stx}});
    EXPECT_TRUE(framed->confirms_delivery());
}

TEST(RegistryTest, QfpayLocalIsOne)
{
    const auto kind = dialect_kind_of("qfpay-local");
    ASSERT_EQ(kind, dialect_kind::qfpay_local);
    EXPECT_FALSE(make_dialect(*kind, {})->confirms_delivery());
    const dialect_settings serial{.qfpay_local = {.wraps = qfpay_local::wrapping::serial}};
    EXPECT_TRUE(make_dialect(*kind, serial)->confirms_delivery());
}

TEST(StageTest, EveryStageHasItsOwnName)
{
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(stage::cloud_down); ++i)
        names.insert(name_of(static_cast<stage>(i)));
    EXPECT_EQ(names.size(), static_cast<std::size_t>(stage::cloud_down) + 1);
    EXPECT_EQ(names.count("?"), 0U);
    EXPECT_EQ(name_of(stage::on_terminal), "on_terminal");
}

}  // namespace
