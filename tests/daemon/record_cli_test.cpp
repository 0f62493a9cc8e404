// The hand tool against a whole shop: what an operator sees of QFPay's records, and of the way
// there.
#include "daemon/app.hpp"
#include "tests/daemon/cli_fixture.hpp"
#include "tests/daemon/shop/shop.hpp"

#include <atomic>
#include <thread>

namespace ecr::daemon {
namespace {

using test::value_of;
using testing::HasSubstr;
using testing::Not;

class RecordCliTest : public CliTest {
protected:
    RecordCliTest()
    {
        const auto till = shop_.tcp_till();
        till->say("pay order=A1 amount=500 channel=wx");
        EXPECT_EQ(value_of(shop_.result_of(*till, "A1"), "state"), "paid");
    }

    /// Runs the program to its end; the shop goes on meanwhile.
    finished ask(std::vector<std::string> arguments)
    {
        arguments.insert(arguments.begin(),
                         {"--bridge", "127.0.0.1:" + std::to_string(shop_.bridge().port("lan"))});
        finished got;
        std::atomic<bool> done = false;
        std::jthread program{[&] {
            got = run(arguments);
            done = true;
        }};
        while (!done)
            shop_.until([&] { return done.load(); });
        program.join();
        return got;
    }

    test::shop shop_;
};

TEST_F(RecordCliTest, NoDifferenceIsSuccess)
{
    const auto got = ask({"reconcile", "--day", "2026-11-18"});
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_EQ(got.out, "No differences, 1 orders here, 1 rows at QFPay, 0 differences\n");
}

TEST_F(RecordCliTest, ADifferenceIsATableACsvAndAnExitCode)
{
    shop_.cloud().alter_amount(shop_.journal("A1")->syssn, 499);
    auto got = ask({"reconcile", "--day", "2026-11-18"});
    EXPECT_EQ(got.exit_code, 3) << got.err;
    EXPECT_THAT(got.out, HasSubstr("amount_differs"));
    EXPECT_THAT(got.out, HasSubstr("1 orders here, 1 rows at QFPay, 1 differences\n"));
    got = ask({"reconcile", "--day", "2026-11-18", "--csv"});
    EXPECT_EQ(got.exit_code, 3) << got.err;
    EXPECT_THAT(got.out, testing::StartsWith("at,what,order,type,syssn,ours,theirs,text"));
    EXPECT_THAT(got.out, HasSubstr(",500,499,"));
}

TEST_F(RecordCliTest, ARebuildAndASettlementSayWhatTheyDid)
{
    shop_.lose_journal();
    auto got = ask({"rebuild", "--day", "2026-11-18"});
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_THAT(got.out, HasSubstr("A1"));
    EXPECT_THAT(got.out, HasSubstr("1 restored"));
    got = ask({"settlement", "--day", "2026-11-18"});
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_THAT(got.out, HasSubstr("merchant portal"));
}

TEST_F(RecordCliTest, TheWayToTheCloudIsATableBesideTheTerminals)
{
    const auto got = ask({"terminals"});
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_THAT(got.out, testing::MatchesRegex("state  terminal  name\n"
                                               "free   T1        front\n"
                                               "free   T2        back\n"
                                               "cloud  clock_offset_ms +requests_left  "
                                               "requests_max\n"
                                               "up     -?[0-9]+ +(39[0-9]|400) +400\n"));
}

}  // namespace
}  // namespace ecr::daemon
