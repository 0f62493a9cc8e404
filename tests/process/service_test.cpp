// The program as systemd starts it.
#include "shop.hpp"
#include "tests/support/datagram_box.hpp"

#include <csignal>

namespace ecr::process {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Optional;
using testing::StartsWith;

constexpr milliseconds patience{300};

class ServiceTest : public ProcessTest {
protected:
    bridge_options under_systemd()
    {
        const auto usec = std::to_string(std::chrono::microseconds{patience}.count());
        return {.environment = {{"NOTIFY_SOCKET", systemd_.path()}, {"WATCHDOG_USEC", usec}}};
    }
    /// The next message that contains the text.
    std::optional<std::string> told(const std::string& text)
    {
        return systemd_.next_with(text, limit);
    }

    test::datagram_box systemd_{folder_ / "notify"};
};

TEST_F(ServiceTest, ReadyMeansThatTillsCanCome)
{
    bridge_ = run(text_of({.links = "[[link]]\nname = \"other\"\ntype = \"tcp\"\n"
                                    "listen = \"127.0.0.1:0\"\n"}),
                  under_systemd());
    EXPECT_THAT(systemd_.next(limit),  // the very first
                Optional(AllOf(StartsWith("READY=1\n"), HasSubstr("Links: 2."))));
    // Not waited for: both are there already.
    const auto said = bridge_->output();
    EXPECT_THAT(said, AllOf(HasSubstr("link.open link=shop"), HasSubstr("link.open link=other")));
    EXPECT_EQ(value_of(new_till().ask("ping"), "code"), "00");
}

TEST_F(ServiceTest, TheWatchdogIsFedAndAStandstillStarvesIt)
{
    start({}, under_systemd());
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(told("WATCHDOG=1"));
    bridge_->signal(SIGSTOP);
    while (systemd_.next(milliseconds{20})) {
    }
    EXPECT_EQ(systemd_.next(patience), std::nullopt);
    bridge_->signal(SIGCONT);
    EXPECT_TRUE(told("WATCHDOG=1"));
}

TEST_F(ServiceTest, TheSentenceCountsTheOrdersInHand)
{
    // In hand until somebody has seen that it is, however long that takes.
    cloud_.plan(simulator::shopper{.does = simulator::act::walks_away});
    start({}, under_systemd());
    auto lane = new_till();
    lane.say("pay order=A1 amount=110");
    EXPECT_TRUE(told("STATUS=Ready. Links: 1. Orders in hand: 1"));
    lane.next("progress order=A1 stage=on_terminal");
    lane.say("cancel order=A1");
    EXPECT_EQ(value_of(lane.next("result order=A1"), "state"), "cancelled");
    EXPECT_TRUE(told("STATUS=Ready. Links: 1. Orders in hand: 0"));
}

TEST_F(ServiceTest, AStopSaysWhatItWaitsForAndHowLong)
{
    cloud_.plan(simulator::shopper{.after = milliseconds{500}});
    start({.bridge = "drain_s = 100\n"}, under_systemd());
    auto lane = new_till();
    lane.say("pay order=A1 amount=110");
    lane.next("progress order=A1 stage=on_terminal");
    bridge_->signal(SIGTERM);
    EXPECT_THAT(told("STOPPING=1"), Optional(AllOf(HasSubstr("Orders in hand: 1"),
                                                   HasSubstr("EXTEND_TIMEOUT_USEC=160000000"))));
    EXPECT_EQ(value_of(lane.end(), "state"), "paid");
    EXPECT_EQ(bridge_->wait(), 0);
}

TEST_F(ServiceTest, WhatKeepsItFromStartingIsInTheStatus)
{
    bridge_ = run("[bridge\n", under_systemd());
    EXPECT_EQ(bridge_->wait(), 2);
    EXPECT_THAT(systemd_.next(limit), Optional(StartsWith("STATUS=Cannot start: ")));

    bridge_ = run(text_of({.journal = (folder_ / "missing/journal.db").string()}), under_systemd());
    EXPECT_EQ(bridge_->wait(), 1);
    EXPECT_THAT(systemd_.next(limit), Optional(StartsWith("STATUS=Failed: the journal ")));
}

TEST_F(ServiceTest, ALinkThatCannotListenIsNeverReady)
{
    bridge_ = run(text_of({.link = "listen = \"192.0.2.1:9100\"\n"}), under_systemd());
    EXPECT_EQ(bridge_->wait(), 1);
    EXPECT_THAT(systemd_.next(limit), Optional(StartsWith("STATUS=Failed: link shop ")));
    EXPECT_EQ(systemd_.next(milliseconds{1}), std::nullopt);
}

TEST_F(ServiceTest, SecretsOfTheServiceAreNotAskedForByACheck)
{
    auto text =
        text_of({.link = "token_file = \"/run/credentials/ecrbridged.service/keys_shop\"\n"});
    const auto key = text.find("client_key_file");
    text.replace(key, text.find('\n', key) - key, "client_key_credential = \"client-key\"");
    bridge_ = run(text, {.arguments = {"--check-config"}});
    EXPECT_EQ(bridge_->wait(), 0) << bridge_->output();

    // As a service it needs them.
    bridge_ = run(text);
    EXPECT_EQ(bridge_->wait(), 2);
    EXPECT_THAT(bridge_->output(), HasSubstr("LoadCredential=client-key"));
}

TEST_F(ServiceTest, CredentialsMayHaveTheModesThatSystemdGivesThem)
{
    const auto token = write("keys_shop", "open-sesame\n", 0440);
    write("client-key", std::string{simulator::test_client_key} + "\n", 0440);
    auto text = text_of({.link = "token_file = \"" + token + "\"\n"});
    const auto key = text.find("client_key_file");
    text.replace(key, text.find('\n', key) - key, "client_key_credential = \"client-key\"");
    bridge_ = run(text, {.environment = {{"CREDENTIALS_DIRECTORY", folder_.string()}}});
    bridge_->line_with("bridge.ready");
    auto lane = new_till();
    EXPECT_NE(value_of(lane.ask("ping"), "code"), "00");
    lane.ask("hello till=lane-1 token=open-sesame");
    EXPECT_EQ(value_of(lane.ask("ping"), "code"), "00");
}

}  // namespace
}  // namespace ecr::process
