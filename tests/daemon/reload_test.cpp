#include "daemon/reload.hpp"

#include "config_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

namespace ecr::daemon {
namespace {

using list = std::vector<std::string>;

struct reload_case {
    const char* name;
    const char* before;
    const char* after;
    list at_once;
    list at_restart;
    list new_links;

    friend void PrintTo(const reload_case& c, std::ostream* out) { *out << c.name; }
};

class ReloadTest : public testing::TestWithParam<reload_case> {};

std::vector<config_section> sections_of(const std::string& text)
{
    config_report report;
    auto sections = read_sections(text, report);
    EXPECT_TRUE(sections) << report.to_text("x");
    return sections.value_or(std::vector<config_section>{});
}

TEST_P(ReloadTest, SaysWhatIsInForceAndWhatWaits)
{
    const auto& c = GetParam();
    const auto plan =
        plan_reload(sections_of(with({{12, c.before}})), sections_of(with({{12, c.after}})));
    EXPECT_EQ(plan.at_once, c.at_once);
    EXPECT_EQ(plan.at_restart, c.at_restart);
    EXPECT_EQ(plan.new_links, c.new_links);
    EXPECT_EQ(plan.changes_nothing(),
              c.at_once.empty() && c.at_restart.empty() && c.new_links.empty());
}

// clang-format off
const reload_case cases[] = {
    {"Nothing",        "[orders]\nqueue_max = 3", "# other words\n[orders]\nqueue_max = 3", {}, {}, {}},
    {"Orders",         "[orders]\nqueue_max = 3", "[orders]\nqueue_max = 4\nlate = 'refund'", {"[orders] late", "[orders] queue_max"}, {}, {}},
    {"DayStarts",      "", "[orders]\nday_starts_hour = 5", {}, {"[orders] day_starts_hour"}, {}},
    {"Log",            "[log]\nlevel = 'debug'", "", {"[log] level"}, {}, {}},
    {"Enquiry",        "", "[enquiry]\ndoubt_ms = 20000", {"[enquiry] doubt_ms"}, {}, {}},
    {"NewLink",        "", "[[link]]\nname = 'b'\ntype = 'pty'", {}, {}, {"b"}},
    {"LinkGone",       "[[link]]\nname = 'b'", "", {}, {"[[link]] b"}, {}},
    {"LinkChanged",    "channel = 'wx'", "channel = 'alipay'", {}, {"[[link]] lane-1 channel"}, {}},
    {"Terminal",       "", "[[terminal]]\nid = 'T2'", {}, {"[[terminal]] T2"}, {}},
    {"LinkOfTerminal", "", "[[terminal]]\nid = 'T2'\n[[link]]\nname = 'b'\nterminal = 'T2'", {}, {"[[terminal]] T2", "[[link]] b, held back with [[terminal]] T2"}, {}},
    {"LinksOfNewMerchant", "", "[[merchant]]\nname = 'm'\n[[link]]\nname = 'b'\n[[link]]\nname = 'c'", {}, {"[[merchant]] m", "[[link]] b, c, held back with [[merchant]] m"}, {}},
    {"Merchant",       "", "[[merchant]]\nname = 'm'", {}, {"[[merchant]] m"}, {}},
    {"Notifications",  "", "[notifications]\nlisten = '127.0.0.1:1'", {}, {"[notifications] listen"}, {}},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, ReloadTest, testing::ValuesIn(cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(ReloadTest, TheCloudAndTheJournalWait)
{
    const auto plan = plan_reload(
        sections_of(with({})),
        sections_of(with({{2, "journal = '/elsewhere'\ndrain_s = 1"}, {4, "app_code = 'OTHER'"}})));
    EXPECT_EQ(plan.at_once, list{"[bridge] drain_s"});
    EXPECT_EQ(plan.at_restart, (list{"[bridge] journal", "[cloud] app_code"}));
}

TEST(ReloadTest, ANewLinkOfAnAccountThatWaitsWaitsToo)
{
    const auto plan =
        plan_reload(sections_of(with({})),
                    sections_of(with({{4, "app_code = 'OTHER'"}, {12, "[[link]]\nname = 'b'"}})));
    EXPECT_TRUE(plan.new_links.empty());
    EXPECT_EQ(plan.at_restart,
              (list{"[cloud] app_code", "[[link]] b, held back with [cloud] app_code"}));
}

// --- One reload after the other -----------------------------------------------------------------

constexpr auto* second_link = "[[link]]\nname = 'b'\ntype = 'pty'\nchannel = 'wx'\n";

TEST(ReloadAgainTest, WhatIsInForceIsNoNews)
{
    settings_in_force now{sections_of(with({}))};
    const auto fresh =
        sections_of(with({{2, "journal = '/var/lib/j.db'\ndrain_s = 1"}, {12, second_link}}));
    const auto plan = now.plan(fresh);
    EXPECT_EQ(plan.at_once, list{"[bridge] drain_s"});
    EXPECT_EQ(plan.new_links, list{"b"});
    now.take(fresh, plan);
    EXPECT_TRUE(now.plan(fresh).changes_nothing());
    EXPECT_EQ(now.plan(sections_of(with({{12, second_link}}))).at_once, list{"[bridge] drain_s"});
}

TEST(ReloadAgainTest, ALinkOfAReloadIsComparedAsAnyOther)
{
    settings_in_force now{sections_of(with({}))};
    const auto fresh = sections_of(with({{12, second_link}}));
    now.take(fresh, now.plan(fresh));
    const auto changed = sections_of(with({{12, "[[link]]\nname = 'b'\ntype = 'pty'"}}));
    EXPECT_EQ(now.plan(changed).at_restart, list{"[[link]] b channel"});
    EXPECT_EQ(now.plan(sections_of(with({}))).at_restart, list{"[[link]] b"});
}

TEST(ReloadAgainTest, WhatCouldNotBeDoneIsTriedAgain)
{
    settings_in_force now{sections_of(with({}))};
    const auto fresh = sections_of(with({{12, second_link}}));
    now.take(fresh, {});
    EXPECT_EQ(now.plan(fresh).new_links, list{"b"});
}

TEST(ReloadAgainTest, WhatWaitsForARestartStillWaits)
{
    settings_in_force now{sections_of(with({}))};
    const auto fresh = sections_of(with({{4, "app_code = 'OTHER'"}}));
    now.take(fresh, now.plan(fresh));
    EXPECT_EQ(now.plan(fresh).at_restart, list{"[cloud] app_code"});
}

}  // namespace
}  // namespace ecr::daemon
