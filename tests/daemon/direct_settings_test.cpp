// What the settings of an account and of a link add to a signed request, and what they leave out.
#include "tests/daemon/direct_story.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::shopper;

/// The request with which this order went to the cloud.
simulator::push_fact push_of(shop& s, const std::string& order)
{
    for (const auto& each : s.truth().pushes())
        if (each.out_trade_no == order) return each;
    ADD_FAILURE() << order << " was never sent";
    return {};
}

/// "2026-11-18T04:00:00.123Z", to the second; nothing: not that.
std::optional<timestamp> moment_of(const std::string& iso8601)
{
    if (iso8601.size() < 19) return std::nullopt;
    const auto in_cloud_time =
        parse_cloud_time(iso8601.substr(0, 10) + ' ' + iso8601.substr(11, 8));
    return in_cloud_time ? std::optional{*in_cloud_time + cloud_utc_offset} : std::nullopt;
}

constexpr const char* absent = "(absent)";
constexpr const char* notify = "https://shop.example:443/qfpay/notify?a=1&b=%2B";
constexpr const char* back = "https://shop.example/thanks?till=1";
constexpr const char* lane = "https://lane.example:8443/";

void say_addresses(daemon::config& c)
{
    c.cloud.notify_url = notify;
    c.cloud.return_url = back;
}
void say_seconds(daemon::config& c)
{
    c.cloud.valid_time = 600s;
}
void say_link(daemon::config& c)
{
    c.links[0].return_url = lane;
    c.links[0].qr_minutes = 7;
}

struct sent_case {
    std::string name;
    std::vector<void (*)(daemon::config&)> settings;
    std::string command;
    std::string notify_url;
    std::string return_url;
    std::string expired_time;
    std::string valid_time;
    milliseconds life;  // what the till is told: from the order to the code's end; 0: no code

    friend void PrintTo(const sent_case& c, std::ostream* out) { *out << c.name; }
};

class SentSettingTest : public testing::TestWithParam<sent_case> {};

TEST_P(SentSettingTest, IsInTheSignedRequest)
{
    const auto& c = GetParam();
    shop s{{.bridge = [&](daemon::config& settings) {
        for (const auto& say : c.settings)
            say(settings);
    }}};
    const auto till = s.tcp_till();
    till->say(c.command + " order=A1 amount=500");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid") << till->last("error");
    const auto push = push_of(s, "A1");
    const auto sent = [&](const char* name) { return push.sent(name).value_or(absent); };
    EXPECT_EQ(sent("notify_url"), c.notify_url);
    EXPECT_EQ(sent("return_url"), c.return_url);
    EXPECT_EQ(sent("expired_time"), c.expired_time);
    EXPECT_EQ(sent("valid_time"), c.valid_time);
    EXPECT_EQ(s.truth().signature_failures(), 0);
    const auto until = moment_of(value_of(till->last("code"), "until"));
    ASSERT_EQ(until.has_value(), c.life > 0ms);
    if (until) {
        const auto off = *until - push.at - c.life;
        EXPECT_LE(std::chrono::abs(off), 1s);
    }
}

// clang-format off
const sent_case sent_cases[] = {
    {"Shown",             {},                          "qr channel=wx",                 absent, absent, "30",   absent, 30min},
    {"Page",              {},                          "qr pay_type=801107",            absent, absent, "30",   absent, 30min},
    {"Scanned",           {},                          "scan auth_code=134857903088557", absent, absent, absent, absent, 0ms},
    {"AddressesShown",    {say_addresses},             "qr channel=wx",                 notify, absent, "30",   absent, 30min},
    {"AddressesPage",     {say_addresses},             "qr pay_type=801107",            notify, back,   "30",   absent, 30min},
    {"AddressesScanned",  {say_addresses},             "scan auth_code=134857903088557", notify, absent, absent, absent, 0ms},
    {"PageOfTheLink",     {say_addresses, say_link},   "qr pay_type=801107",            notify, lane,   "7",    absent, 7min},
    {"ShownOnTheLink",    {say_link},                  "qr channel=wx",                 absent, absent, "7",    absent, 7min},
    {"TheTillKnowsBest",  {say_link},                  "qr channel=wx timeout=300",     absent, absent, "5",    absent, 5min},
    {"Untold",            {say_link},                  "qr channel=payme",              absent, absent, absent, absent, 30min},
    {"Seconds",           {say_seconds},               "qr channel=wx",                 absent, absent, absent, "600",  10min},
    {"SecondsPage",       {say_seconds, say_addresses}, "qr pay_type=800151",           notify, back,   absent, "600",  30min},
    {"SecondsOfTheTill",  {say_seconds},               "qr channel=wx timeout=301",     absent, absent, absent, "600",  10min},
    {"SecondsOfTheLink",  {say_seconds, say_link},     "qr channel=wx",                 absent, absent, absent, "600",  10min},
    {"SecondsUnheeded",   {say_seconds},               "qr channel=payme",              absent, absent, absent, "600",  30min},
    {"SecondsScanned",    {say_seconds},               "scan auth_code=134857903088557", absent, absent, absent, absent, 0ms},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Settings, SentSettingTest, testing::ValuesIn(sent_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(SentSettingTest, ACodeThatLivesForSecondsEndsInThem)
{
    shop s{{.bridge = say_seconds}};
    s.cloud().plan(shopper{.does = act::walks_away});
    const auto till = s.tcp_till();
    till->say("qr order=A1 amount=500 channel=wx");
    s.pass(9min);
    EXPECT_EQ(till->count("result"), 0U);
    EXPECT_EQ(value_of(s.result_of(*till, "A1", 5min), "safe_to_retry"), "yes");
    expect_truth(s, "A1", s.journal("A1")->state);
}

TEST(SentSettingTest, EachMerchantHasItsOwnAddresses)
{
    const std::string code(32, 'C');
    shop s{{.bridge =
                [&](daemon::config& c) {
                    auto cafe = c.cloud;
                    cafe.name = "cafe";
                    cafe.app_code = code;
                    cafe.notify_url = "https://cafe.example/n";
                    c.merchants = {cafe};
                    say_addresses(c);
                    c.links[1].merchant = "cafe";
                    c.terminals[1].merchant = "cafe";
                    c.links[1].terminal = "T2";
                },
            .cloud =
                [&](simulator::settings& c) {
                    c.merchants = {{code, std::string(32, '7')}};
                }}};
    const auto mine = s.tcp_till();
    const auto cafe = s.port_till();
    mine->say("qr order=A1 amount=500 pay_type=801107");
    cafe->say("qr order=C1 amount=500 pay_type=801107");
    EXPECT_EQ(value_of(s.result_of(*mine, "A1"), "state"), "paid");
    EXPECT_EQ(value_of(s.result_of(*cafe, "C1"), "state"), "paid");
    EXPECT_EQ(push_of(s, "A1").sent("notify_url"), notify);
    EXPECT_EQ(push_of(s, "C1").sent("notify_url"), "https://cafe.example/n");
    EXPECT_EQ(push_of(s, "C1").sent("return_url"), std::nullopt);
}

}  // namespace
}  // namespace ecr::test
