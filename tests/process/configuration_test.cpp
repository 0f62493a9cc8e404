// What an installer sees when the configuration is wrong.
#include "shop.hpp"

namespace ecr::process {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ConfigurationTest : public ProcessTest {
protected:
    /// The program with this configuration: it must refuse to start, and say why.
    std::string refused(const std::string& text)
    {
        const auto bridge = run(text);
        EXPECT_EQ(bridge->wait(), 2);
        EXPECT_THAT(bridge->output(), Not(HasSubstr("link.open")));
        return bridge->output();
    }
};

TEST_F(ConfigurationTest, EveryMistakeIsReportedWithItsLine)
{
    const auto said = refused(
        "[bridge]\njurnal = \"/nowhere/journal.db\"\ndrain_s = -1\n"
        "[cloud]\nurl = \"http://localhost\"\nclient_key_file = \"k\"\n"
        "[[link]]\nname = \"a b\"\ntype = \"tcp\"\nlisten = \"localhost\"\n"
        "channel = \"wechat\"\n");
    for (const auto* each :
         {"bridge.toml:2: ", "journal", "bridge.toml:3: ", "bridge.toml:5: ", "https://",
          "bridge.toml:8: ", "bridge.toml:10: ", "bridge.toml:11: ", "app_code", "no [[terminal]]"})
        EXPECT_THAT(said, HasSubstr(each));
}

TEST_F(ConfigurationTest, TheCheckReportsTheSameMistakes)
{
    const auto bad = text_of({.bridge = "drain_s = \"long\"\n"});
    const auto bridge = run(bad, {.arguments = {"--check-config"}});
    EXPECT_EQ(bridge->wait(), 2);
    EXPECT_EQ(bridge->output(), refused(bad));
    EXPECT_THAT(bridge->output(), HasSubstr("drain_s"));
}

TEST_F(ConfigurationTest, TheCheckOfAGoodOneStartsNothing)
{
    const auto bridge = run(text_of({}), {.arguments = {"--check-config"}});
    EXPECT_EQ(bridge->wait(), 0);
    EXPECT_EQ(bridge->output(), (folder_ / "bridge.toml").string() + ": fine\n");
    EXPECT_FALSE(std::filesystem::exists(folder_ / "journal.db"));
}

TEST_F(ConfigurationTest, AFileThatIsNotThereIsNamed)
{
    bridge_process bridge{{.arguments = {"--config", (folder_ / "absent.toml").string()}}};
    EXPECT_EQ(bridge.wait(), 2);
    EXPECT_EQ(bridge.output(),
              "ecrbridged: cannot read " + (folder_ / "absent.toml").string() + "\n");
}

TEST_F(ConfigurationTest, AFolderIsNoConfiguration)
{
    bridge_process bridge{{.arguments = {"--config", folder_.string()}}};
    EXPECT_EQ(bridge.wait(), 2);
    EXPECT_EQ(bridge.output(), "ecrbridged: cannot read " + folder_.string() + ": it is no file\n");
}

TEST_F(ConfigurationTest, AFileWithoutAnEndIsNoConfiguration)
{
    bridge_process bridge{{.arguments = {"--config", "/dev/zero"}}};
    EXPECT_EQ(bridge.wait(), 2);
    EXPECT_EQ(bridge.output(), "ecrbridged: /dev/zero is too long for a configuration\n");
}

TEST_F(ConfigurationTest, ATokenThatOthersMayReadIsRefused)
{
    const auto file = write("token", "S3CRETTOKEN", 0644);
    const auto said = refused(text_of({.link = "token_file = \"" + file + "\"\n"}));
    EXPECT_THAT(said,
                AllOf(HasSubstr("link shop: token"), HasSubstr(file), HasSubstr("chmod 600")));
    EXPECT_THAT(said, Not(HasSubstr("S3CRETTOKEN")));
}

struct bad_key {
    const char* name;
    const char* text;
    int mode;
    bool there;
    const char* said;
};

void PrintTo(const bad_key& c, std::ostream* out)
{
    *out << c.name;
}

class ClientKeyTest : public ConfigurationTest, public testing::WithParamInterface<bad_key> {};

TEST_P(ClientKeyTest, IsRefusedWithWhatToDo)
{
    const auto& c = GetParam();
    const auto file = (folder_ / "other.key").string();
    if (c.there) write("other.key", c.text, c.mode);
    const auto said = refused(text_of({.key = file}));
    EXPECT_THAT(said, AllOf(HasSubstr("client key"), HasSubstr(file), HasSubstr(c.said)));
    if (c.there && *c.text != '\0') {
        EXPECT_THAT(said, Not(HasSubstr(c.text)));
    }
}

// clang-format off
const bad_key bad_keys[] = {
    {"OthersMayRead", "S3CRETKEY", 0644, true,  "can be read by others: chmod 600 it"},
    {"GroupMayRead",  "S3CRETKEY", 0640, true,  "can be read by others: chmod 600 it"},
    {"Empty",         "",          0600, true,  "is empty"},
    {"Missing",       "",          0600, false, "cannot find"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, ClientKeyTest, testing::ValuesIn(bad_keys),
                         [](const auto& instance) { return instance.param.name; });

TEST_F(ConfigurationTest, ASecretInTheFileIsRefusedAndNotRepeated)
{
    for (const auto* key : {"client_key", "key"}) {
        const auto said = refused(text_of({.cloud = std::string{key} + " = \"S3CRETKEY\"\n"}));
        EXPECT_THAT(said, AllOf(HasSubstr("bridge.toml:"), HasSubstr(key), HasSubstr("_file")));
        EXPECT_THAT(said, Not(HasSubstr("S3CRETKEY")));
    }
    const auto said = refused(text_of({.link = "token = \"S3CRETTOKEN\"\n"}));
    EXPECT_THAT(said, AllOf(HasSubstr("token"), HasSubstr("token_file")));
    EXPECT_THAT(said, Not(HasSubstr("S3CRETTOKEN")));
}

// While the installer is looking, and not at the first payment.
TEST_F(ConfigurationTest, AnAuthorityThatCannotBeReadIsSaidAtOnce)
{
    const auto absent = (folder_ / "absent.pem").string();
    EXPECT_THAT(refused(text_of({.ca = absent})),
                AllOf(HasSubstr("cannot read certificates"), HasSubstr(absent)));
    const auto empty = write("empty.pem", "");
    EXPECT_THAT(refused(text_of({.ca = empty})), HasSubstr(empty));
}

TEST_F(ConfigurationTest, BrokenTomlNamesItsLine)
{
    const auto said = refused("[bridge]\njournal = \"/j\n");
    EXPECT_THAT(said, HasSubstr("bridge.toml:2"));
}

}  // namespace
}  // namespace ecr::process
