// Tills that misbehave, beside tills that do not.
#include "shop.hpp"

#include <vector>

namespace ecr::process {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class TillTest : public ProcessTest {};

struct bad_line {
    const char* name;
    std::string line;
    const char* code;
    const char* said;
};

void PrintTo(const bad_line& c, std::ostream* out)
{
    *out << c.name;
}

class RubbishTest : public ProcessTest, public testing::WithParamInterface<bad_line> {};

TEST_P(RubbishTest, IsOneErrorAndTheTillStays)
{
    start();
    auto lane = new_till();
    lane.say(GetParam().line);
    const auto reply = lane.hear();
    EXPECT_THAT(reply, AllOf(HasSubstr("error"), HasSubstr(GetParam().said)));
    EXPECT_EQ(value_of(reply, "code"), GetParam().code);
    EXPECT_EQ(value_of(reply, "safe_to_retry"), "yes");

    lane.say("pay order=A1 amount=100");
    EXPECT_THAT(lane.hear(), StartsWith("accepted order=A1"));  // so it was one error
    EXPECT_EQ(value_of(lane.end(), "state"), "paid");
}

const bad_line bad_lines[] = {
    {"NoVerb", "hello there general", "30", "there"},
    {"UnknownVerb", "pey order=A1 amount=100", "30", "did you mean pay?"},
    {"DecimalPoint", "pay order=A1 amount=1.00", "30", "write 110 for 1.10"},
    {"NegativeAmount", "pay order=A1 amount=-5", "30", "amount"},
    {"HugeAmount", "pay order=A1 amount=99999999999999999999", "30", "amount"},
    {"OpenQuote", "pay order=\"A1 amount=100", "30", "never closed"},
    {"BrokenJson", "{\"verb\":\"pay\",", "30", "JSON"},
    {"DeepJson", std::string(2000, '{'), "30", ""},
    {"Binary", std::string{"\x01\x02\xff\xfe\x80pay\x00order", 13}, "30", ""},
    {"TooLong", "pay order=" + std::string(5000, 'A'), "37", ""},
};

INSTANTIATE_TEST_SUITE_P(All, RubbishTest, testing::ValuesIn(bad_lines),
                         [](const auto& instance) { return instance.param.name; });

TEST_F(TillTest, TenMegabytesWithoutAnEndCostNothing)
{
    // A quarantine of freed memory would look like growth.
    auto& bridge = start({}, {.environment = {{"ASAN_OPTIONS", "quarantine_size_mb=1"}}});
    auto other = new_till();
    EXPECT_EQ(value_of(other.ask("pay order=A1 amount=100"), "code"), "00");
    const std::string piece(64 * 1024, 'x');
    const auto flood = [&] {
        auto lane = new_till();
        for (int i = 0; i < 160 && lane.send(piece); ++i)
            if (i % 40 == 0) {
                EXPECT_EQ(value_of(other.ask("ping"), "code"), "00");
            }
        return lane.end();
    };
    (void)flood();  // the first one pays for what stays
    const auto before = bridge.resident_kib();
    const auto reply = flood();
    // Closed while it was still talking, a till may lose the sentence to a TCP reset.
    if (reply != till::closed_word) {
        EXPECT_EQ(value_of(reply, "code"), "37") << reply;
    }
    EXPECT_LT(bridge.resident_kib() - before, 2048);
    EXPECT_EQ(value_of(other.ask("pay order=A2 amount=100"), "code"), "00");
}

TEST_F(TillTest, ALineWithoutAnEndIsOneErrorThenDropped)
{
    start();
    auto lane = new_till();
    lane.send(std::string(66 * 1024, 'x'));
    EXPECT_EQ(value_of(lane.hear(), "code"), "37");
    EXPECT_THAT(lane.hear(), HasSubstr("hanging up"));
    EXPECT_EQ(lane.hear(), till::closed_word);
}

TEST_F(TillTest, ASilentTillIsDropped)
{
    auto& bridge = start({.link = "idle_timeout_s = 0.2\n"});
    auto lane = new_till();
    EXPECT_EQ(lane.hear(), till::closed_word);
    EXPECT_THAT(bridge.line_with("till.dropped"), HasSubstr("silent for too long"));
}

TEST_F(TillTest, ATillThatWaitsForItsPaymentIsNotDropped)
{
    cloud_.plan(simulator::shopper{.after = std::chrono::milliseconds{1000}});
    start({.link = "idle_timeout_s = 0.2\n"});
    auto lane = new_till();
    EXPECT_EQ(value_of(lane.ask("pay order=A1 amount=100"), "state"), "paid");
    EXPECT_EQ(lane.hear(), till::closed_word);  // silent now
}

TEST_F(TillTest, ATillThatNeverReadsIsDropped)
{
    auto& bridge = start({.link = "write_timeout_s = 60\n"});
    auto other = new_till();
    auto deaf = new_till(4096);
    // Helps are long: their rows fill the system's buffers, and then the bridge's.
    std::string many;
    for (int i = 0; i < 64; ++i)
        many += "help\n";
    for (int i = 0; i < 400 && deaf.send(many); ++i) {
        if (bridge.output().find("it does not read") != std::string::npos) break;
        EXPECT_EQ(value_of(other.ask("ping"), "code"), "00");
    }
    EXPECT_THAT(bridge.line_with("till.dropped"), HasSubstr("it does not read"));
    EXPECT_EQ(value_of(other.ask("pay order=A1 amount=100"), "state"), "paid");
}

TEST_F(TillTest, ATillThatDroppedGetsItsResultUnderTheSameNumber)
{
    cloud_.plan(simulator::shopper{.after = std::chrono::milliseconds{300}});
    start();
    {
        auto lane = new_till();
        lane.say("pay order=A1 amount=100");
        EXPECT_THAT(lane.next("progress"), HasSubstr("A1"));
    }
    auto lane = new_till();
    lane.say("pay order=A1 amount=100");
    EXPECT_THAT(lane.next("accepted"), HasSubstr("earlier=yes"));
    const auto reply = lane.end();
    EXPECT_EQ(value_of(reply, "state"), "paid");
    EXPECT_EQ(value_of(reply, "earlier"), "yes");
    EXPECT_EQ(cloud_.truth().times_pushed("A1"), 1);
    EXPECT_EQ(cloud_.truth().charged("A1").count, 1);

    // And with other content it is refused, not sent.
    const auto other = lane.ask("pay order=A1 amount=101");
    EXPECT_EQ(value_of(other, "code"), "32");
    EXPECT_EQ(value_of(other, "safe_to_retry"), "no");
    EXPECT_EQ(cloud_.truth().times_pushed("A1"), 1);
}

TEST_F(TillTest, ATillThatFinishedSendingStillHearsTheResult)
{
    cloud_.plan(simulator::shopper{.after = std::chrono::milliseconds{300}});
    start();
    auto lane = new_till();
    lane.say("pay order=A1 amount=100");
    lane.finish();
    EXPECT_EQ(value_of(lane.end(), "state"), "paid");
    EXPECT_EQ(lane.hear(), till::closed_word);
}

TEST_F(TillTest, OneTooManyIsClosedAndTheOthersServed)
{
    auto& bridge = start({.link = "connections_max = 2\n"});
    auto first = new_till();
    auto second = new_till();
    EXPECT_EQ(value_of(first.ask("ping"), "code"), "00");
    EXPECT_EQ(value_of(second.ask("ping"), "code"), "00");
    auto third = new_till();
    EXPECT_EQ(third.hear(), till::closed_word);
    EXPECT_THAT(bridge.line_with("link.full"), HasSubstr("link=shop"));
    EXPECT_EQ(value_of(first.ask("pay order=A1 amount=100"), "state"), "paid");

    second.leave();
    EXPECT_EQ(value_of(first.ask("ping"), "code"), "00");  // the bridge has seen it go, or will
    for (std::string reply; value_of(reply, "code") != "00";)
        reply = new_till().ask("ping");
}

TEST_F(TillTest, MoreTillsThanDescriptorsPass)
{
    auto& bridge = start({}, {.open_files_max = 40});
    auto first = new_till();
    EXPECT_EQ(value_of(first.ask("pay order=A1 amount=100"), "state"), "paid");
    {
        std::vector<till> crowd;
        for (int i = 0; i < 60; ++i)
            crowd.push_back(new_till());
        EXPECT_THAT(bridge.line_with("link.accept"), HasSubstr("Too many open files"));
        EXPECT_EQ(value_of(first.ask("ping"), "code"), "00");
        const auto reply = first.ask("pay order=A2 amount=100");  // over the old connection, or not
        EXPECT_THAT(value_of(reply, "code"), testing::AnyOf("00", "14")) << reply;
    }
    EXPECT_EQ(value_of(first.ask("pay order=A3 amount=100"), "state"), "paid");
    EXPECT_EQ(value_of(new_till().ask("ping"), "code"), "00");
}

TEST_F(TillTest, ATokenIsAskedFor)
{
    const auto file = write("token", "open-sesame-4711\n");
    start({.link = "token_file = \"" + file + "\"\n"});
    auto lane = new_till();
    const auto refused = lane.ask("pay order=A1 amount=100");
    EXPECT_EQ(value_of(refused, "code"), "34");
    EXPECT_THAT(value_of(refused, "text"), HasSubstr("hello token="));
    const auto wrong = lane.ask("hello token=open-sesame-4712");
    EXPECT_EQ(value_of(wrong, "code"), "34");
    EXPECT_EQ(value_of(wrong, "text"), "Wrong token");
    EXPECT_EQ(value_of(lane.ask("orders"), "code"), "34");
    EXPECT_EQ(cloud_.truth().requests_in_all(), 0);
    EXPECT_EQ(value_of(lane.ask("hello token=open-sesame-4711"), "code"), "00");
    EXPECT_EQ(value_of(lane.ask("pay order=A1 amount=100"), "state"), "paid");
    EXPECT_EQ(value_of(new_till().ask("ping"), "code"), "34");  // each till for itself
}

TEST_F(TillTest, OperatorCommandsNeedPermission)
{
    start({.link = "operator_commands = false\n"});
    auto lane = new_till();
    EXPECT_EQ(value_of(lane.ask("pay order=A1 amount=100"), "state"), "paid");
    for (const auto* command : {"orders", "show order=A1"}) {
        const auto reply = lane.ask(command);
        EXPECT_EQ(value_of(reply, "code"), "34") << reply;
        EXPECT_THAT(reply, HasSubstr("operator_commands"));
    }
    EXPECT_THAT(lane.all(), Not(HasSubstr("row ")));
}

TEST_F(TillTest, ARowOfOrdersNamesEveryKeyOnce)
{
    start();
    auto lane = new_till();
    EXPECT_EQ(value_of(lane.ask("pay order=A1 amount=100"), "state"), "paid");
    lane.say("orders");
    const auto row = lane.next("row");
    EXPECT_EQ(value_of(row, "kind"), "order");
    EXPECT_EQ(value_of(row, "type"), "payment");
    EXPECT_EQ(row.find(" kind="), row.rfind(" kind="));
}

}  // namespace
}  // namespace ecr::process
