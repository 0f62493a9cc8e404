// `ecrbridge setup` as an installer runs it: with options, with a file, with questions; and the
// bridge with what it wrote.
#include "installer.hpp"

namespace ecr::process {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST_F(SetupTest, WithoutQuestionsTheBridgePaysWithWhatItWrote)
{
    EXPECT_EQ(set_up(options(), key_), 0) << said_;
    EXPECT_THAT(said_, AllOf(HasSubstr("fine   link shop"), HasSubstr("fine   terminal T1"),
                             HasSubstr("fine   terminal T2"), Not(HasSubstr(key_))));
    EXPECT_EQ(text_of(stored_key_), key_ + "\n");
    EXPECT_EQ(mode_of(stored_key_), 0600U);
    EXPECT_EQ(mode_of(config_), 0644U);
    EXPECT_THAT(text_of(config_), Not(HasSubstr(key_)));
    pays();
    EXPECT_EQ(cloud_.truth().pushes().size(), 1U);
}

TEST_F(SetupTest, WhatItWroteCanBeRehearsed)
{
    EXPECT_EQ(set_up(options(), key_), 0) << said_;
    pays({"--rehearse", "--rehearse-fast", "--rehearse-port", "0"});
    EXPECT_EQ(cloud_.truth().pushes().size(), 0U);
}

TEST_F(SetupTest, AnAnswersFileSaysTheSame)
{
    const auto answers =
        write("answers.toml", "[cloud]\nurl = \"" + url_ + "\"\nca_file = \"" +
                                  (folder_ / "ca.pem").string() + "\"\napp_code = \"" +
                                  std::string{simulator::test_app_code} +
                                  "\"\n[[terminal]]\nid = \"T1\"\n[[link]]\nname = \"shop\"\n"
                                  "type = \"tcp\"\nlisten = \"127.0.0.1:0\"\nchannel = \"wx\"\n"
                                  "[enquiry]\nfirst_ms = 60\nwhile_waiting_ms = 60\n");
    const auto key_file = write("the.key", key_ + "\n");
    EXPECT_EQ(set_up({"--no-questions", "--answers", answers, "--client-key-from", key_file}), 0)
        << said_;
    pays();
}

TEST_F(SetupTest, MistakesInTheAnswersHaveTheirLines)
{
    const auto answers = write("answers.toml", "[cloud]\napp_cod = \"A\"\nclient_key = \"K\"\n");
    EXPECT_EQ(set_up({"--no-questions", "--answers", answers}, key_), 2);
    EXPECT_THAT(said_, AllOf(HasSubstr(answers + ":2: unknown key 'app_cod'"),
                             HasSubstr("did you mean 'app_code'"), HasSubstr(answers + ":3: "),
                             HasSubstr("no [[terminal]]")));
    EXPECT_FALSE(fs::exists(config_));
    EXPECT_FALSE(fs::exists(stored_key_));
}

TEST_F(SetupTest, AWrongKeyIsFoundBeforeAnythingIsWritten)
{
    EXPECT_EQ(set_up(options(), "00000000000000000000000000000000"), 1);
    EXPECT_THAT(said_, AllOf(HasSubstr("WRONG  terminal T1: the cloud refuses the account"),
                             HasSubstr("client key"), HasSubstr("nothing was written")));
    EXPECT_TRUE(fs::is_empty(config_.parent_path()));
}

TEST_F(SetupTest, ACloudThatCannotBeReachedIsNoFault)
{
    cloud_.set_listening(false);
    EXPECT_EQ(set_up(options(), key_), 0);
    EXPECT_THAT(said_, HasSubstr("unsure cloud: not reached"));
    EXPECT_TRUE(fs::exists(config_));
}

TEST_F(SetupTest, AnUnboundTerminalIsNamed)
{
    auto all = options();
    all.insert(all.end(), {"--terminal", "T9"});
    EXPECT_EQ(set_up(all, key_), 0);
    EXPECT_THAT(said_, HasSubstr("unsure terminal T9"));
}

TEST_F(SetupTest, NothingIsReplacedUntold)
{
    std::ofstream{config_} << "mine";
    EXPECT_EQ(set_up(options(), key_), 2);
    EXPECT_THAT(said_, HasSubstr("--replace"));
    EXPECT_EQ(text_of(config_), "mine");
    EXPECT_FALSE(fs::exists(stored_key_));
}

TEST_F(SetupTest, ToldToReplaceItKeepsTheOldOnes)
{
    const auto mine = "[bridge]\njournal = \"" + (folder_ / "journal.db").string() + "\"\n";
    std::ofstream{config_} << mine;
    write("etc/client.key", "OLDKEY\n");
    auto all = options();
    all.emplace_back("--replace");
    EXPECT_EQ(set_up(all, key_), 0) << said_;
    EXPECT_EQ(text_of(config_.string() + ".old-1"), mine);
    EXPECT_EQ(text_of(stored_key_.string() + ".old-1"), "OLDKEY\n");
    EXPECT_EQ(mode_of(stored_key_.string() + ".old-1"), 0600U);
    pays();
}

TEST_F(SetupTest, TheSampleIsNobodysWork)
{
    std::ofstream{config_} << text_of(std::string{ECR_SOURCE_DIR} + "/packaging/ecrbridged.toml");
    EXPECT_EQ(set_up(options(), key_), 0) << said_;
    EXPECT_FALSE(fs::exists(config_.string() + ".old-1"));
}

TEST_F(SetupTest, AKeyThatIsStoredIsUsed)
{
    write("etc/client.key", key_ + "\n");
    EXPECT_EQ(set_up(options()), 0) << said_;
    EXPECT_THAT(said_, HasSubstr("fine   terminal T1"));
}

TEST_F(SetupTest, WithoutAKeyItSaysHowToGiveOne)
{
    EXPECT_EQ(set_up(options()), 2);
    EXPECT_THAT(said_, AllOf(HasSubstr("--client-key-from"), HasSubstr("ECRBRIDGE_CLIENT_KEY")));
    EXPECT_FALSE(fs::exists(config_));
}

TEST_F(SetupTest, AKeyFileThatOthersMayReadIsRefused)
{
    auto all = options();
    all.insert(all.end(), {"--client-key-from", write("the.key", key_, 0644)});
    EXPECT_EQ(set_up(all), 2);
    EXPECT_THAT(said_, HasSubstr("chmod 600"));
}

TEST_F(SetupTest, TheKeyMayComeFromStandardInput)
{
    auto all = options();
    all.insert(all.begin(), {"setup", "--config", config_.string(), "--client-key-from", "-"});
    person installer{all};
    installer.type(key_ + "\n\x04");  // and the end of the input
    EXPECT_EQ(installer.wait(), 0) << installer.screen();
    EXPECT_EQ(text_of(stored_key_), key_ + "\n");
}

TEST_F(SetupTest, AConversationLeadsToAPayment)
{
    person installer{{"setup", "--config", config_.string()}};
    installer.answer({{"Where is your account", url_},
                      {"certificate authority", (folder_ / "ca.pem").string()},
                      {"currency", ""},
                      {"app code", std::string{simulator::test_app_code}},
                      {"client key", key_},
                      {"signed", ""},
                      {"mchid", ""},
                      {"Device id", "T1"},
                      {"tills call it", "front"},
                      {"Another terminal", "n"},
                      {"What do you call", "my shop"},
                      {"What do you call", "shop"},  // that was no name
                      {"reach this machine", "1"},
                      {"Address and port", "127.0.0.1:0"},
                      {"What do the tills speak", ""},
                      {"order numbers", "unique"},
                      {"How do customers pay", "wx"},
                      {"Another way", ""}});
    EXPECT_EQ(installer.wait(), 0) << installer.screen();
    EXPECT_THAT(installer.screen(),
                AllOf(Not(HasSubstr(key_)), HasSubstr("! must be 1 to 20"),
                      HasSubstr("fine   terminal T1"), HasSubstr("Written: " + config_.string())));
    EXPECT_EQ(mode_of(stored_key_), 0600U);
    pays();
}

TEST_F(SetupTest, WhoChangesTheirMindLeavesAllAsItWas)
{
    std::ofstream{config_} << "mine";
    person installer{{"setup", "--config", config_.string()}};
    installer.answer({{"Make a new one?", "no"}});
    EXPECT_EQ(installer.wait(), 2);
    EXPECT_EQ(text_of(config_), "mine");
}

TEST_F(SetupTest, WhatIsWrongMayBeWrittenByWhoSaysSo)
{
    auto all = options();
    std::erase(all, "--no-questions");
    all.insert(all.begin(), {"setup", "--config", config_.string(), "--signature", "md5", "--mchid",
                             "m", "--currency", "HKD"});
    person installer{all};
    installer.answer({{"client key", "WRONGKEY"}, {"Write it all the same?", "yes"}});
    EXPECT_EQ(installer.wait(), 0) << installer.screen();
    EXPECT_EQ(text_of(stored_key_), "WRONGKEY\n");
}

TEST_F(SetupTest, GivingUpWhileTypingTheKeyShowsTypingAgain)
{
    person installer{{"setup", "--config", config_.string()}};
    installer.answer({{"Where is", "hk"}, {"app code", "A"}});
    installer.hear("client key");
    EXPECT_FALSE(installer.shows_typing());
    installer.type("HALF\x03");
    EXPECT_EQ(installer.wait(), 128 + SIGINT);
    EXPECT_TRUE(installer.shows_typing());
    EXPECT_TRUE(fs::is_empty(config_.parent_path()));
}

}  // namespace
}  // namespace ecr::process
