#include "cli_fixture.hpp"
#include "tests/support/child_program.hpp"
#include "tests/support/private_text.hpp"

#include <fstream>

namespace ecr::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(CliTest, PayTellsHowItGoes)
{
    const auto got = talk({{{{accepted, still_waiting, still_waiting, paid}}}},
                          {"pay", "110", "--order", "A1", "--channel", "wx"});
    EXPECT_THAT(heard_, ElementsAre(R"({"amount":110,"channel":"wx","order":"A1","verb":"pay"})"));
    EXPECT_EQ(got.out,
              "Order A1 accepted\n"
              "Waiting for the customer\n"
              "Paid: HKD 1.10, order A1\n"
              "  state          paid\n"
              "  code           00\n"
              "  channel        wx\n"
              "  terminal       T1\n"
              "  syssn          S9\n"
              "  safe to retry  no\n");
    EXPECT_EQ(got.err, "");
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, JsonIsPassedOnAsItCame)
{
    const auto got = talk({{{{accepted, still_waiting, paid}}}}, {"--json", "pay", "110"});
    EXPECT_EQ(got.out, accepted + "\n" + still_waiting + "\n" + paid + "\n");
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, EveryOptionOfPayReachesTheBridge)
{
    talk({{{{paid}}}}, {"pay", "0110", "--terminal", "bar", "--scan", "mpm", "--timeout", "060",
                        "--new", "--till", "lane-1"});
    EXPECT_THAT(heard_, ElementsAre(R"({"amount":110,"new":true,"scan":"mpm","terminal":"bar",)"
                                    R"("till":"lane-1","timeout":60,"verb":"pay"})"));
}

TEST_F(CliTest, ABridgeCannotCommandTheTerminal)
{
    const auto got = talk(
        {{{{R"({"reply":"ok","what":"ping","code":"00","text":"a\u001b[2J\nb"})"}}}}, {"ping"});
    EXPECT_EQ(got.out, "a [2J b\n");
}

TEST_F(CliTest, OrdersAreATable)
{
    const auto got =
        talk({{{{R"({"reply":"row","kind":"order","order":"A1","out_trade_no":"A1","state":"paid",)"
                 R"("amount":110,"channel":"wx","late":true})",
                 R"({"reply":"row","kind":"order","order":"A1001","out_trade_no":"E-2",)"
                 R"("state":"in_doubt","amount":2345600,"channel":"fps"})",
                 R"({"reply":"ok","what":"orders","code":"00","count":2,"safe_to_retry":true})"}}}},
             {"orders", "--attention", "--state", "paid", "--limit", "2"});
    EXPECT_THAT(heard_,
                ElementsAre(R"({"attention":true,"limit":2,"state":"paid","verb":"orders"})"));
    EXPECT_EQ(got.out,
              "order  state       amount  channel  out_trade_no  late\n"
              "A1     paid          1.10  wx                     yes\n"
              "A1001  in_doubt  23456.00  fps      E-2\n");
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, NoOrdersIsAnAnswer)
{
    const auto got =
        talk({{{{R"({"reply":"ok","what":"orders","code":"00","count":0})"}}}}, {"orders"});
    EXPECT_EQ(got.out, "none\n");
}

TEST_F(CliTest, ShowGivesTheHistoryInATableOfItsOwn)
{
    const auto got =
        talk({{{{R"({"reply":"row","kind":"order","type":"payment","order":"A1",)"
                 R"("state":"paid","amount":110})",
                 R"({"reply":"row","kind":"step","at":"T1","from":"accepted","event":"send",)"
                 R"("to":"sending","reason":"first push"})",
                 R"({"reply":"row","kind":"step","at":"T2","from":"sending","event":"push",)"
                 R"("to":"on_terminal","reason":""})",
                 paid}}}},
             {"show", "A1"});
    EXPECT_THAT(got.out, HasSubstr("order  type     state  amount\n"
                                   "A1     payment  paid     1.10\n"
                                   "at  from      event  to           reason\n"
                                   "T1  accepted  send   sending      first push\n"
                                   "T2  sending   push   on_terminal\n"
                                   "Paid: HKD 1.10, order A1\n"));
    EXPECT_EQ(got.exit_code, 0);
}

class CliTokenTest : public CliTest {
protected:
    /// That only its owner may read.
    [[nodiscard]] std::filesystem::path token_file(const std::string& token) const
    {
        auto file = folder_ / "token";
        test::write_private(file, token);
        return file;
    }
};

TEST_F(CliTokenTest, TheTokenGoesFirst)
{
    const auto file = token_file("open sesame\n");
    const std::string hello = R"({"reply":"ok","what":"hello","code":"00","text":"Hello lane-1"})";
    const auto got = talk({{{{hello}}, {{paid}}}},
                          {"--token-file", file.string(), "--till", "lane-1", "status", "A1"});
    EXPECT_THAT(heard_, ElementsAre(R"({"till":"lane-1","token":"open sesame","verb":"hello"})",
                                    R"({"order":"A1","till":"lane-1","verb":"status"})"));
    EXPECT_THAT(got.out, testing::StartsWith("Paid: "));
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTokenTest, AWrongTokenEndsIt)
{
    const auto file = token_file("mellon");
    const auto got =
        talk({{{{R"({"reply":"error","code":"34","safe_to_retry":true,"text":"Wrong token"})"}}}},
             {"--token-file", file.string(), "pay", "110"});
    EXPECT_EQ(got.err, "ecrbridge: Wrong token (34)\n");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(heard_.size(), 1U);
}

// --- A connection that breaks under an order. ---------------------------------------------------

TEST_F(CliTest, ABrokenConnectionIsFollowedByAStatus)
{
    const auto got = talk({{{{accepted}}}, {{{running}}}, {{{paid}}}}, {"pay", "110"});
    EXPECT_THAT(heard_,
                ElementsAre(R"({"amount":110,"verb":"pay"})", R"({"order":"A1","verb":"status"})",
                            R"({"order":"A1","verb":"status"})"));
    EXPECT_THAT(got.err, HasSubstr("asking what became of order A1"));
    EXPECT_THAT(got.out, HasSubstr("Paid: HKD 1.10, order A1\n"));
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, AnOrderOfOurOwnNumberIsAskedForWithoutAnAcceptance)
{
    const auto got = talk({{{{}}}, {{{paid}}}}, {"pay", "110", "--order", "A1"});
    EXPECT_EQ(heard_.at(1), R"({"order":"A1","verb":"status"})");
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, AnOrderWithoutANumberIsNeverRungAgain)
{
    const auto got = talk({{{{}}}, {{{paid}}}}, {"pay", "110"});
    EXPECT_EQ(heard_.size(), 1U);
    EXPECT_THAT(got.err, HasSubstr("Do not ring again"));
    EXPECT_EQ(got.exit_code, 3);
}

TEST_F(CliTest, AfterThreeTriesItIsInDoubt)
{
    const auto got = talk({{{{accepted}}}, {{{}}}, {{{unknown}}}, {{{unknown}}}, {{{paid}}}},
                          {"pay", "110", "--order", "A1"});
    EXPECT_EQ(heard_.size(), 4U);
    EXPECT_THAT(got.err, HasSubstr("is not known. Do not ring again: look at the terminal, and ask "
                                   "later with 'ecrbridge status A1'"));
    EXPECT_EQ(got.exit_code, 3);
}

TEST_F(CliTest, ABridgeThatStaysAwayIsInDoubtToo)
{
    const auto got = talk({{{{accepted}}}}, {"refund", "A0", "110", "--order", "A1"});
    EXPECT_EQ(heard_.at(0), R"({"amount":110,"of":"A0","order":"A1","verb":"refund"})");
    EXPECT_THAT(got.err, HasSubstr("cannot reach the bridge"));
    EXPECT_EQ(got.exit_code, 3);
}

TEST_F(CliTest, NonsenseUnderAnOrderIsNoResult)
{
    const auto got = talk({{{{accepted, "HTTP/1.1 400 Bad Request"}}}, {{{paid}}}}, {"pay", "110"});
    EXPECT_EQ(got.exit_code, 0);
    EXPECT_EQ(heard_.size(), 2U);
}

TEST_F(CliTest, ABrokenQuestionIsUnreachable)
{
    const auto got = talk({{{{}}}}, {"status", "A1"});
    EXPECT_EQ(got.err, "ecrbridge: the bridge at " + address_ +
                           " went away before it answered: End of file\n");
    EXPECT_EQ(got.exit_code, 4);
}

TEST_F(CliTest, NobodyThereIsUnreachable)
{
    std::string address;
    {
        scripted_bridge bridge{{}};
        address = bridge.address();
    }
    const auto got = run({"--bridge", address, "pay", "110"});
    EXPECT_EQ(got.err, "ecrbridge: cannot reach the bridge at " + address +
                           ": Connection refused; is ecrbridged running?\n");
    EXPECT_EQ(got.exit_code, 4);
}

TEST_F(CliTest, TheBridgeMayBeNamedByTheEnvironment)
{
    scripted_bridge bridge{
        {{{{R"({"reply":"ok","what":"ping","code":"00","cloud":"up","text":"pong"})"}}}}};
    test::set_variable("ECRBRIDGE", bridge.address());
    const auto got = run({"ping"});
    test::set_variable("ECRBRIDGE", {});
    EXPECT_EQ(got.out, "pong, cloud up\n");
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, HelpExplainsTheExitCodes)
{
    const auto got = run({"--help"});
    EXPECT_EQ(got.exit_code, 0);
    EXPECT_THAT(got.out, HasSubstr("  3  in doubt, unresolved or mismatch: do not ring again"));
}

}  // namespace
}  // namespace ecr::daemon
