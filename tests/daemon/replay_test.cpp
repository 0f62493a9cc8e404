// A recorded conversation is played again to a bridge in rehearsal, by the built ecrbridge.
#include "protocol/till/trace_record.hpp"
#include "tests/daemon/cli_fixture.hpp"
#include "tests/daemon/shop/shop.hpp"
#include "tests/support/hypercom_till.hpp"
#include "tests/support/qfpay_local_till.hpp"

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

namespace ecr::daemon {
namespace {

using protocol::till::dialect_kind;
using test::shop;
using testing::HasSubstr;
namespace qfpay_local = protocol::till::qfpay_local;

class ReplayTest : public CliTest {
protected:
    /// "lan" speaks the dialect, "desk" is the operator's.
    test::shop_plan plan(dialect_kind kind, bool rehearsal, qfpay_local::wrapping wraps = {})
    {
        return {.bridge = [this, kind, rehearsal, wraps](config& c) {
            c.orders.rehearsal = rehearsal;
            c.links[0].dialect = kind;
            c.links[0].qfpay_local.wraps = wraps;
            if (!rehearsal) c.links[0].trace = folder_ / "trace";
            link_config desk{.name = "desk"};
            desk.idle_timeout = std::chrono::milliseconds{0};
            c.links.push_back(desk);
        }};
    }

    finished ask(shop& s, std::vector<std::string> arguments)
    {
        arguments.insert(arguments.begin(),
                         {"--bridge", "127.0.0.1:" + std::to_string(s.bridge().port("desk"))});
        // The tool lives in real time: the shop's time must not run away meanwhile.
        (void)s.port_device();
        finished got;
        std::atomic<bool> done = false;
        std::jthread program{[&] {
            got = run(arguments);
            done = true;
        }};
        while (!done)
            s.until([&] { return done.load(); }, std::chrono::milliseconds{50});
        program.join();
        return got;
    }

    /// Files are written by a thread of their own.
    void wait_for_trace(const std::string& part)
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
        for (std::string text; text.find(protocol::till::hex_of(part)) == text.npos;) {
            ASSERT_LT(std::chrono::steady_clock::now(), end) << text;
            std::this_thread::yield();
            std::ostringstream all;
            all << std::ifstream{folder_ / "trace"}.rdbuf();
            text = all.str();
        }
    }

    finished replay(shop& s, std::vector<std::string> more = {})
    {
        more.insert(more.begin(), {"replay", (folder_ / "trace").string(), "--to",
                                   "127.0.0.1:" + std::to_string(s.bridge().port("lan"))});
        return ask(s, std::move(more));
    }
};

TEST_F(ReplayTest, LinesTakeTheSameCourse)
{
    {
        shop s{plan(dialect_kind::line, false)};
        const auto till = s.tcp_till();
        s.ask(*till, "pay order=A1 amount=500 channel=wx");
        s.ask(*till, "refund order=R1 of=A1 amount=200");
        s.ask(*till, "status order=A1");
        s.ask(*till, "pay order=A2 amout=1");
    }
    shop stage{plan(dialect_kind::line, true)};
    auto got = replay(stage);
    EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
    EXPECT_THAT(got.out, HasSubstr("Same course."));
    EXPECT_EQ(stage.journal("A1")->state, "paid");
    got = replay(stage, {"--renumber", "-b"});
    EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
    EXPECT_EQ(stage.journal("A1-b")->state, "paid");
}

TEST_F(ReplayTest, FramesTakeTheSameCourse)
{
    {
        shop s{plan(dialect_kind::hypercom, false)};
        test::hypercom_till till{test::tcp_wire(s.io(), s.bridge().port("lan"))};
        till.ask("D0");
        s.until([&] { return till.responses().size() == 1; });
        till.sell(500);
        s.until([&] { return till.responses().size() == 2; });
        till.ask("26", {{"65", till.responses()[1].field("65")}});
        s.until([&] { return till.responses().size() == 3; });
        ASSERT_EQ(till.responses()[2].status, "00");
    }
    shop stage{plan(dialect_kind::hypercom, true)};
    const auto got = replay(stage);
    EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
    EXPECT_THAT(got.out, HasSubstr("heard: response 26 00"));
}

TEST_F(ReplayTest, EncryptedRequestsTakeTheSameCourse)
{
    for (const auto& [wraps, habit] :
         {std::pair{qfpay_local::wrapping::tcp, test::qfpay_wrapping::tcp},
          std::pair{qfpay_local::wrapping::http, test::qfpay_wrapping::http}}) {
        std::filesystem::remove(folder_ / "trace");
        {
            shop s{plan(dialect_kind::qfpay_local, false, wraps)};
            test::qfpay_local_till till{test::tcp_wire(s.io(), s.bridge().port("lan")),
                                        {.wraps = habit}};
            till.pay("5.00", "Q1");
            s.until([&] { return till.answers().size() == 1; });
            ASSERT_EQ(till.answers()[0].respcd, "6000");
            ASSERT_TRUE(till.answers()[0].encrypted);
        }
        shop stage{plan(dialect_kind::qfpay_local, true, wraps)};
        const auto got = replay(stage);
        EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
        EXPECT_THAT(got.out, HasSubstr("respcd 6000"));
        EXPECT_EQ(stage.journal("Q1")->state, "paid");
    }
}

TEST_F(ReplayTest, APortIsPlayedToWhenItIsTheBridgesOwn)
{
    const auto wired = [this](bool rehearsal) {
        auto p = plan(dialect_kind::line, rehearsal);
        const auto before = p.bridge;
        p.bridge = [before, rehearsal, this](config& c) {
            before(c);
            c.links[0].trace.clear();
            c.links[1].dialect = dialect_kind::qfpay_local;
            c.links[1].qfpay_local.wraps = qfpay_local::wrapping::serial;
            if (!rehearsal) c.links[1].trace = folder_ / "trace";
        };
        return p;
    };
    shop real{wired(false)};
    test::qfpay_local_till till{test::port_wire(real.io(), real.port_device()),
                                {.wraps = test::qfpay_wrapping::serial}};
    till.pay("5.00", "Q1");
    real.until([&] { return till.answers().size() == 1; });
    ASSERT_EQ(till.answers().size(), 1U);
    wait_for_trace("6000");
    real.pass(std::chrono::milliseconds{500});

    shop stage{wired(true)};
    auto got =
        ask(stage, {"replay", (folder_ / "trace").string(), "--port", real.port_device().string()});
    EXPECT_EQ(got.exit_code, 2) << got.out << got.err;
    EXPECT_THAT(got.err, HasSubstr("no virtual port of the bridge that was asked"));
    got = ask(stage,
              {"replay", (folder_ / "trace").string(), "--port", stage.port_device().string()});
    EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
    EXPECT_THAT(got.out, HasSubstr("heard: frame 10 respcd 6000"));
    EXPECT_EQ(stage.journal("Q1")->state, "paid");
}

TEST_F(ReplayTest, AnotherCourseIsSaid)
{
    {
        shop s{plan(dialect_kind::line, false)};
        const auto till = s.tcp_till();
        s.ask(*till, "status order=A1");
    }
    shop stage{plan(dialect_kind::line, true)};
    const auto till = stage.tcp_till();
    stage.ask(*till, "pay order=A1 amount=500 channel=wx");
    const auto got = replay(stage);
    EXPECT_EQ(got.exit_code, 1) << got.out << got.err;
    EXPECT_THAT(got.out, HasSubstr("DIFFERENT"));
}

TEST_F(ReplayTest, NothingIsPlayedWhereMoneyWouldMove)
{
    shop real{plan(dialect_kind::line, false)};
    const auto till = real.tcp_till();
    real.ask(*till, "pay order=A1 amount=500 channel=wx");
    wait_for_trace("state=paid");
    const auto pushes = real.truth().pushes().size();
    const auto got = replay(real, {"--renumber", "-b"});
    EXPECT_EQ(got.exit_code, 2) << got.out << got.err;
    EXPECT_THAT(got.err, HasSubstr("not in rehearsal"));
    EXPECT_EQ(real.truth().pushes().size(), pushes);
}

TEST_F(ReplayTest, TheBridgeThatIsAskedHasToBeTheOneThatIsPlayedTo)
{
    shop real{plan(dialect_kind::line, false)};
    const auto till = real.tcp_till();
    real.ask(*till, "ping");
    wait_for_trace("pong");
    shop stage{plan(dialect_kind::line, true)};
    const auto got = ask(stage, {"replay", (folder_ / "trace").string(), "--to",
                                 "127.0.0.1:" + std::to_string(real.bridge().port("lan"))});
    EXPECT_EQ(got.exit_code, 2) << got.out << got.err;
    EXPECT_THAT(got.err, HasSubstr("no link of the bridge that was asked"));
}

TEST_F(ReplayTest, TheTraceIsShownFromAFileAndFromTheBridge)
{
    shop s{plan(dialect_kind::line, false)};
    const auto till = s.tcp_till();
    s.ask(*till, "ping");
    wait_for_trace("pong");
    auto got = ask(s, {"trace", (folder_ / "trace").string()});
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_THAT(got.out, HasSubstr("till > bridge  line\n  70 69 6e 67 0d 0a"));
    EXPECT_THAT(got.out, HasSubstr("line  ping\n"));
    got = ask(s, {"trace", "--link", "lan"});
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_THAT(got.out, HasSubstr("line  ping\n"));
    got = ask(s, {"trace", "--json"});
    EXPECT_THAT(got.out, HasSubstr("\"hex\":\"70696e670d0a\""));
    got = ask(s, {"trace", "/dev/null"});
    EXPECT_EQ(got.exit_code, 2);
}

}  // namespace
}  // namespace ecr::daemon
