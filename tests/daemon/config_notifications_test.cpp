// [notifications]: its keys, its defaults, and one mistake at a time.
#include "config_lines.hpp"

#include <gmock/gmock.h>

namespace ecr::daemon {
namespace {

notification_config read(const std::string& lines)
{
    config_report report;
    const auto settings = parse_config(with({{12, "[notifications]"}, {13, lines}}), report);
    EXPECT_EQ(report.to_text("x"), "");
    return settings.value_or(config{}).notifications;
}

TEST(NotificationConfigTest, NothingListensByItself)
{
    const auto c = read("");
    EXPECT_EQ(c.address, "");
    EXPECT_EQ(c.path, "/qfpay/notify");
    EXPECT_EQ(c.return_path, "/qfpay/return");
    EXPECT_THAT(c.allow, testing::IsSupersetOf(
                             {"13.228.112.115", "18.138.115.47", "18.166.202.92", "127.0.0.0/8"}));
    EXPECT_EQ(c.rule, protocol::cloud::notify_rule::raw_body);
}

TEST(NotificationConfigTest, EveryKeyIsRead)
{
    const auto c = read(R"(listen = "[::1]:9180"
path = "/n"
return_path = ""
allow = ["10.0.0.0/8", "::1"]
trust_forwarded = "10.0.0.1"
rule = "sorted-2016"
certificate_file = "/c.pem"
certificate_key_file = "/k.pem")");
    EXPECT_EQ(c.address, "::1");
    EXPECT_EQ(c.port, 9180);
    EXPECT_EQ(c.path, "/n");
    EXPECT_EQ(c.return_path, "");
    EXPECT_THAT(c.allow, testing::ElementsAre("10.0.0.0/8", "::1"));
    EXPECT_EQ(c.trust_forwarded, "10.0.0.1");
    EXPECT_EQ(c.rule, protocol::cloud::notify_rule::sorted_fields_2016);
    EXPECT_EQ(c.certificate_file, "/c.pem");
    EXPECT_EQ(c.certificate_key_file, "/k.pem");
}

struct mistake {
    std::string name;
    std::string line;
    std::string problem;

    friend void PrintTo(const mistake& m, std::ostream* out) { *out << m.name; }
};

class NotificationMistakeTest : public testing::TestWithParam<mistake> {};

TEST_P(NotificationMistakeTest, IsReported)
{
    const auto toml = with({{12, "[notifications]"}, {13, GetParam().line}});
    EXPECT_EQ(problems_of(toml), "x:13: [notifications] " + GetParam().problem + "\n");
}

// clang-format off
const mistake mistakes[] = {
    // name           line                                      problem
    {"Listen",        "listen = '9180'",                        "listen: must be an address and a port from 0 (any free one) to 65535, such as \"127.0.0.1:9100\" or \"[::1]:9100\""},
    {"Name",          "listen = 'localhost:9180'",              "listen: 'localhost' is not an address: a name may mean several"},
    {"TakenByALink",  "listen = '127.0.0.1:9100'",              "listen: is the same as that of the link 'lane-1'"},
    {"Path",          "path = 'n'",                             "path: must begin with \"/\" and hold A-Z a-z 0-9 _ - . / ~ only"},
    {"PathWithBlank", "return_path = '/a b'",                   "return_path: must begin with \"/\" and hold A-Z a-z 0-9 _ - . / ~ only"},
    {"SamePaths",     "return_path = '/qfpay/notify'",          "return_path: must not be the same as path"},
    {"AllowText",     "allow = '::1'",                          "allow: must be a list of texts in quotes, not text"},
    {"AllowMixed",    "allow = ['::1', 2]",                     "allow: must be a list of texts in quotes, not a list"},
    {"AllowName",     "allow = ['::1', 'qfpay']",               "allow: 'qfpay' is neither an address nor a network such as 10.0.0.0/8"},
    {"AllowNobody",   "allow = []",                             "allow: is empty: nobody could notify the bridge"},
    {"Proxy",         "trust_forwarded = '10.0.0.0/8'",         "trust_forwarded: '10.0.0.0/8' is not an address"},
    {"Rule",          "rule = 'sorted'",                        "rule: 'sorted' is not one of raw, sorted-2016"},
    {"Certificate",   "certificate_file = '/c'",                "certificate_file: certificate_file and certificate_key_file go together"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Settings, NotificationMistakeTest, testing::ValuesIn(mistakes),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::daemon
