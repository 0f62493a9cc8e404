// `ecrbridge setup` where a bridge has already worked: its journal and its open orders stay its
// own.
#include "installer.hpp"

#include <algorithm>

namespace ecr::process {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class SetupAgainTest : public SetupTest {
protected:
    /// A first setup, with a journal that is not where setup puts one, and a payment in it.
    void begin()
    {
        auto all = with({"--set", "bridge.journal=" + journal_.string()});
        ASSERT_EQ(set_up(all, key_), 0) << said_;
        before_ = text_of(config_);
        pays();
    }
    /// The same, and an order that is open when the bridge is killed.
    void begin_with_open_order()
    {
        begin();
        cloud_.plan(simulator::shopper{.after = std::chrono::minutes{5}});
        bridge_ = std::make_unique<bridge_process>(
            bridge_options{.arguments = {"--config", config_.string()}});
        bridge_->line_with("bridge.ready");
        auto lane = new_till();
        lane.say("pay order=OPEN amount=110");
        lane.next("progress order=OPEN stage=on_terminal");
        bridge_->signal(SIGKILL);
        EXPECT_EQ(bridge_->wait(), -SIGKILL);
    }
    [[nodiscard]] std::vector<std::string> with(std::vector<std::string> more) const
    {
        auto all = options();
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }

    [[nodiscard]] std::vector<std::string> of_another_account() const
    {
        auto all = with({"--replace", "--no-try"});
        std::ranges::replace(all, std::string{simulator::test_app_code}, std::string{"ANOTHER"});
        return all;
    }

    fs::path journal_ = folder_ / "elsewhere.db";
    std::string before_;
};

TEST_F(SetupAgainTest, TheJournalStaysWhereItIs)
{
    begin();
    EXPECT_EQ(set_up(with({"--replace"}), key_), 0) << said_;
    EXPECT_THAT(text_of(config_), HasSubstr(journal_.string()));
    pays();  // the same number again: the same order
    EXPECT_EQ(cloud_.truth().pushes().size(), 1U);
}

TEST_F(SetupAgainTest, AnotherJournalIsRefused)
{
    begin();
    const auto other = (folder_ / "other.db").string();
    EXPECT_EQ(set_up(with({"--replace", "--set", "bridge.journal=" + other}), key_), 2);
    EXPECT_THAT(said_, AllOf(HasSubstr(journal_.string()), HasSubstr("none of its orders")));
    EXPECT_EQ(text_of(config_), before_);

    fs::rename(journal_, other);
    EXPECT_EQ(set_up(with({"--replace", "--set", "bridge.journal=" + other}), key_), 0) << said_;
    pays();
    EXPECT_EQ(cloud_.truth().pushes().size(), 1U);
}

TEST_F(SetupAgainTest, WhoCannotSayWhereTheJournalIsIsAsked)
{
    std::ofstream{config_} << "mine";
    EXPECT_EQ(set_up(with({"--replace"}), key_), 2);
    EXPECT_THAT(said_, HasSubstr("--set bridge.journal=FILE"));
    EXPECT_EQ(text_of(config_), "mine");
}

TEST_F(SetupAgainTest, AnotherAccountIsRefusedWhileOrdersAreOpen)
{
    begin_with_open_order();
    EXPECT_EQ(set_up(of_another_account(), key_), 2);
    EXPECT_THAT(said_, AllOf(HasSubstr("1 open order"), HasSubstr("another account")));
    EXPECT_EQ(text_of(config_), before_);
    EXPECT_EQ(set_up(with({"--replace"}), key_), 0) << said_;  // the same account
}

TEST_F(SetupAgainTest, AnotherAccountIsFineWhenNoOrderIsOpen)
{
    begin();
    EXPECT_EQ(set_up(of_another_account(), key_), 0) << said_;
}

TEST_F(SetupAgainTest, WithoutRoomForTheConfigurationTheKeyStays)
{
    write("etc/client.key", "OLDKEY\n");
    fs::create_directories(config_.string() + ".new/full");  // nothing can be written there
    EXPECT_EQ(set_up(with({"--replace"}), key_), 2);
    EXPECT_EQ(text_of(stored_key_), "OLDKEY\n");
    EXPECT_FALSE(fs::exists(stored_key_.string() + ".old-1"));
}

TEST_F(SetupAgainTest, AKeyThatHasNoPlaceIsRefused)
{
    EXPECT_EQ(set_up(with({"--set", "cloud.client_key_credential=shop-key"}), key_), 2);
    EXPECT_THAT(said_, HasSubstr("credential shop-key"));
    EXPECT_FALSE(fs::exists(config_));
}

TEST_F(SetupAgainTest, AKeyThatCanBeNoneIsRefusedHoweverItComes)
{
    EXPECT_EQ(set_up(options(), "two words"), 2);
    EXPECT_THAT(said_, HasSubstr("the client key has blanks"));
    EXPECT_EQ(set_up(with({"--client-key-from", write("the.key", "two words")})), 2);
    EXPECT_THAT(said_, HasSubstr("the client key has blanks"));
}

}  // namespace
}  // namespace ecr::process
