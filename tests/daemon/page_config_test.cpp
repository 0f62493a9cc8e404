// [page]: its keys, its defaults, and one mistake at a time.
#include "config_lines.hpp"
#include "daemon/config_keys.hpp"
#include "daemon/config_page.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace ecr::daemon {
namespace {

page_config read(const std::string& lines)
{
    config_report report;
    const auto settings = parse_config(with({{12, lines}}), report);
    EXPECT_EQ(report.to_text("x"), "");
    return settings.value_or(config{}).page;
}

TEST(PageConfigTest, WithoutItsTableThereIsNone)
{
    EXPECT_FALSE(read("").on);
}

TEST(PageConfigTest, WithItsTableItListensOnThisMachineOnly)
{
    const auto c = read("[page]");
    EXPECT_TRUE(c.on);
    EXPECT_EQ(c.address, "127.0.0.1");
    EXPECT_EQ(c.port, 9190);
    EXPECT_TRUE(c.token_file.empty());
    EXPECT_TRUE(c.actions);
}

TEST(PageConfigTest, AnEmptyListenTurnsItOff)
{
    EXPECT_FALSE(read("[page]\nlisten = ''").on);
}

TEST(PageConfigTest, EveryKeyIsRead)
{
    const auto c = read(R"([page]
listen = "0.0.0.0:443"
hosts = ["bridge.example.com"]
allow = ["10.0.0.0/8"]
token_file = "/t"
certificate_file = "/c"
certificate_key_file = "/k"
actions = false)");
    EXPECT_TRUE(c.on);
    EXPECT_EQ(c.address, "0.0.0.0");
    EXPECT_EQ(c.port, 443);
    EXPECT_THAT(c.hosts, testing::ElementsAre("bridge.example.com"));
    EXPECT_THAT(c.allow, testing::ElementsAre("10.0.0.0/8"));
    EXPECT_EQ(c.token_file, "/t");
    EXPECT_EQ(c.certificate_file, "/c");
    EXPECT_EQ(c.certificate_key_file, "/k");
    EXPECT_FALSE(c.actions);
}

TEST(PageConfigTest, TheSampleExplainsEveryKeyWithItsDefault)
{
    std::ifstream in{std::string{ECR_SOURCE_DIR} + "/packaging/ecrbridged.toml"};
    std::ostringstream all;
    all << in.rdbuf();
    const auto table = all.str().substr(all.str().find("\n[page]\n"));
    for (const auto key : known_keys("page"))
        EXPECT_THAT(table, testing::HasSubstr("\n#" + std::string{key} + " = ")) << key;
}

struct mistake {
    std::string name;
    std::string line;
    std::string problem;

    friend void PrintTo(const mistake& m, std::ostream* out) { *out << m.name; }
};

class PageMistakeTest : public testing::TestWithParam<mistake> {};

TEST_P(PageMistakeTest, IsReported)
{
    const auto toml = with({{12, "[page]"}, {13, GetParam().line}});
    EXPECT_THAT(problems_of(toml), testing::HasSubstr("[page] " + GetParam().problem));
}

// clang-format off
const mistake mistakes[] = {
    // name           line                                      problem
    {"Listen",        "listen = '9190'",                        "listen: must be an address and a port"},
    {"Name",          "listen = 'localhost:9190'",              "listen: 'localhost' is not an address: a name may mean several"},
    {"TakenByALink",  "listen = '127.0.0.1:9100'",              "listen: is the same as that of the link 'lane-1'"},
    {"RemoteToken",   "listen = '0.0.0.0:9190'",                "token_file: is missing: others than this machine can reach 0.0.0.0"},
    {"RemoteTls",     "listen = '192.168.1.2:9190'",            "certificate_file: is missing: others than this machine can reach 192.168.1.2"},
    {"RemoteIp6",     "listen = '[::]:9190'",                   "token_file: is missing"},
    {"Certificate",   "certificate_file = '/c'",                "certificate_file: certificate_file and certificate_key_file go together"},
    {"Host",          "hosts = ['Bridge:9190']",                "hosts: 'Bridge:9190' must be a name in lower case, without a port"},
    {"Allow",         "allow = ['shop']",                       "allow: 'shop' is neither an address nor a network such as 10.0.0.0/8"},
    {"Actions",       "actions = 'no'",                         "actions: must be"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, PageMistakeTest, testing::ValuesIn(mistakes),
                         [](const auto& one) { return one.param.name; });

TEST(PageConfigTest, AShortTokenIsNoToken)
{
    EXPECT_NE(page_token_problem("0123456789abcde"), "");
    EXPECT_EQ(page_token_problem("0123456789abcdef"), "");
}

}  // namespace
}  // namespace ecr::daemon
