// SIGHUP: the configuration is read again, and a payment in hand notices nothing.
#include "protocol/json.hpp"
#include "shop.hpp"

#include <csignal>

namespace ecr::process {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ReloadedBridgeTest : public ProcessTest {
protected:
    /// Gives what the bridge has written since.
    std::string reload(const std::string& text, const char* last_line = "config.reloaded")
    {
        write("bridge.toml", text);
        const auto from = bridge_->output().size();
        bridge_->signal(SIGHUP);
        bridge_->line_with(last_line, from);
        return bridge_->output().substr(from);
    }
    int tool(std::vector<std::string> arguments)
    {
        bridge_process running{{.arguments = std::move(arguments), .program = "ecrbridge"}};
        const int status = running.wait();
        said_ = running.output();
        return status;
    }

    shop_config how_;
    std::string said_;
};

TEST_F(ReloadedBridgeTest, APaymentGoesOnAndANewLinkIsOpened)
{
    start(how_);
    cloud_.plan(simulator::shopper{.after = std::chrono::milliseconds{1500}});
    auto till = new_till();
    till.say("pay order=A1 amount=110");
    (void)till.next("accepted");
    how_.links =
        "[[link]]\nname = \"second\"\ntype = \"tcp\"\nlisten = \"127.0.0.1:0\"\nchannel = \"wx\"\n"
        "terminal = \"T2\"\n";
    how_.orders = "wait_for_terminal = false\n";
    EXPECT_THAT(reload(text_of(how_)),
                AllOf(HasSubstr("config.in_force setting=\"[orders] wait_for_terminal\""),
                      HasSubstr("link.open link=second"), Not(HasSubstr("config.at_restart"))));
    process::till second{bridge_->port("second")};
    EXPECT_THAT(second.ask("pay order=B1 amount=110"), HasSubstr("state=paid"));
    EXPECT_THAT(till.end(), HasSubstr("state=paid"));
    // Once more, and it is not opened twice.
    EXPECT_THAT(reload(text_of(how_)),
                AllOf(HasSubstr("config.reloaded in_force=0 new_links=0"),
                      Not(HasSubstr("link.open")), Not(HasSubstr("config.not_done"))));
    EXPECT_EQ(bridge_->stop(), 0);
}

TEST_F(ReloadedBridgeTest, ANewLinkHasItsTraceAndWaitsForItsAccount)
{
    start(how_);
    how_.links =
        "[[link]]\nname = \"second\"\ntype = \"tcp\"\nlisten = \"127.0.0.1:0\"\nterminal = \"T2\"\n"
        "trace = \"" +
        (folder_ / "second.trace").string() + "\"\n";
    auto another = how_;
    another.cloud = "connect_timeout_s = 3\n";
    EXPECT_THAT(reload(text_of(another)),
                AllOf(HasSubstr("[[link]] second, held back with [cloud] connect_timeout_s"),
                      Not(HasSubstr("link.open"))));
    EXPECT_THAT(reload(text_of(how_)), HasSubstr("link.open link=second"));
    EXPECT_THAT(process::till{bridge_->port("second")}.ask("ping"), HasSubstr("pong"));
    EXPECT_EQ(bridge_->stop(), 0);
    EXPECT_THAT(read("second.trace"), HasSubstr(" line > clear 70696e67"));  // ping
}

TEST_F(ReloadedBridgeTest, ANewSettingDecidesTheNextOrder)
{
    start(how_);
    how_.orders = "wait_for_terminal = false\n";
    (void)reload(text_of(how_));
    cloud_.plan(simulator::shopper{.does = simulator::act::walks_away});
    auto till = new_till();
    till.say("pay order=A1 amount=110");
    (void)till.next("accepted");
    EXPECT_THAT(new_till().ask("pay order=A2 amount=110"),
                AllOf(HasSubstr("error"), HasSubstr("usy")));
    EXPECT_THAT(till.end(), HasSubstr("state=expired"));
}

TEST_F(ReloadedBridgeTest, WhatCannotBeChangedWaitsForARestart)
{
    start(how_);
    how_.bridge += "journal = \"" + (folder_ / "other.db").string() + "\"\n";
    how_.link = "channel = \"alipay\"\n";
    EXPECT_THAT(reload(text_of(how_)),
                AllOf(HasSubstr("config.at_restart setting=\"[bridge] journal\""),
                      HasSubstr("config.at_restart setting=\"[[link]] shop channel\"")));
    EXPECT_THAT(new_till().ask("pay order=A1 amount=110"), HasSubstr("channel=wx"));
}

TEST_F(ReloadedBridgeTest, AConfigurationWithMistakesChangesNothing)
{
    start(how_);
    auto broken = how_;
    broken.orders = "nonsense = 1\n";
    EXPECT_THAT(reload(text_of(broken), "config.refused"), HasSubstr("nonsense"));
    EXPECT_THAT(reload("[cloud", "config.refused"), HasSubstr("not TOML"));
    EXPECT_THAT(new_till().ask("pay order=A1 amount=110"), HasSubstr("state=paid"));
}

TEST_F(ReloadedBridgeTest, ANewLinkThatCannotBeOpenedIsSaid)
{
    start(how_);
    how_.links = "[[link]]\nname = \"second\"\ntype = \"tcp\"\nlisten = \"127.0.0.1:" +
                 std::to_string(bridge_->port("shop")) + "\"\nterminal = \"T1\"\n";
    EXPECT_THAT(reload(text_of(how_)),
                AllOf(HasSubstr("config.not_done"), HasSubstr("link second cannot be opened")));
    EXPECT_THAT(new_till().ask("pay order=A1 amount=110"), HasSubstr("state=paid"));
}

TEST_F(ReloadedBridgeTest, CheckConfigSaysWhatAReloadWouldDo)
{
    const auto before = write("before.toml", text_of(how_));
    how_.orders = "queue_max = 3\n";
    how_.link = "channel = \"alipay\"\n";
    const auto after = write("after.toml", text_of(how_));
    EXPECT_EQ(tool({"check-config", after}), 0);
    EXPECT_THAT(said_, HasSubstr(after + ": fine"));
    EXPECT_EQ(tool({"check-config", after, "--since", before}), 0);
    EXPECT_THAT(said_, AllOf(HasSubstr("at once:    [orders] queue_max"),
                             HasSubstr("at restart: [[link]] shop channel")));
    const auto broken = write("broken.toml", text_of(how_) + "x = 1\n[[terminal]]\nnam = 'x'\n");
    EXPECT_EQ(tool({"check-config", broken}), 1);
    EXPECT_THAT(said_, AllOf(HasSubstr("unknown key 'x'"), HasSubstr("did you mean 'name'")));
    EXPECT_EQ(tool({"check-config", broken, "--json"}), 1);
    const auto report = parse_json(said_);
    ASSERT_TRUE(report) << said_;
    EXPECT_EQ(report->at("fine"), false);
    EXPECT_GE(report->at("problems").size(), 2U);
}

}  // namespace
}  // namespace ecr::process
