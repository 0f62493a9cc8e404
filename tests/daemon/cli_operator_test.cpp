// What an operator asks for: differences, settlements, and the end of an order by his word.
#include "cli_fixture.hpp"

namespace ecr::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string missing =
    R"({"reply":"row","kind":"difference","what":"missing_here",)"
    R"("syssn":"20240704000200020093755542",)"
    R"("theirs":"110","at":"2026-11-21 17:30:00","text":"Paid at QFPay, \"unknown\" here"})";
const std::string other_amount =
    R"({"reply":"row","kind":"difference","what":"amount_differs","order":"=A1",)"
    R"("out_trade_no":"E-1",)"
    R"("ours":"110","theirs":"-111","text":"+1"})";
const std::string two_differences =
    R"({"reply":"ok","what":"reconcile","code":"00","orders":12,"cloud_rows":13,"differences":2,)"
    R"("safe_to_retry":true})";
const std::string no_difference =
    R"({"reply":"ok","what":"reconcile","code":"00","orders":12,"cloud_rows":12,"differences":0,)"
    R"("safe_to_retry":true,"text":"All the same"})";

TEST_F(CliTest, DifferencesAreATableAndAnExitCode)
{
    const auto got = talk({{{{missing, other_amount, two_differences}}}},
                          {"reconcile", "--from", "2026-11-20", "--to", "2026-11-21"});
    EXPECT_THAT(heard_,
                ElementsAre(R"({"from":"2026-11-20","to":"2026-11-21","verb":"reconcile"})"));
    EXPECT_EQ(
        got.out,
        "at                   what            order  syssn                       "
        "out_trade_no  ours  theirs  text\n"
        "2026-11-21 17:30:00  missing_here           20240704000200020093755542                "
        "      110     Paid at QFPay, \"unknown\" here\n"
        "                     amount_differs  =A1                                E-1           "
        "110   -111    +1\n"
        "12 orders here, 13 rows at QFPay, 2 differences\n");
    EXPECT_EQ(got.exit_code, 3);
}

TEST_F(CliTest, TerminalsAndMerchantsAreATableEach)
{
    const auto got = talk(
        {{{{R"({"reply":"row","kind":"terminal","terminal":"T1","merchant":"shop","state":"free"})",
            R"({"reply":"row","kind":"terminal","terminal":"T2","merchant":"cafe","state":"busy"})",
            R"({"reply":"row","kind":"merchant","merchant":"shop","cloud":"up",)"
            R"("clock_offset_ms":-45012,"requests_left":17,"requests_max":400,)"
            R"("requests_waiting":3,"slowed":true})",
            R"({"reply":"row","kind":"merchant","merchant":"cafe","cloud":"down",)"
            R"("requests_left":60,"requests_max":60})",
            R"({"reply":"ok","what":"terminals","code":"00","count":2})"}}}},
        {"terminals"});
    EXPECT_EQ(got.out,
              "state  terminal  merchant\n"
              "free   T1        shop\n"
              "busy   T2        cafe\n"
              "merchant  cloud  clock_offset_ms  requests_left  requests_max  requests_waiting  "
              "slowed\n"
              "shop      up     -45012           17             400           3                 "
              "yes\n"
              "cafe      down                    60             60\n");
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, NoDifferenceIsGoodNews)
{
    const auto got =
        talk({{{{no_difference}}}}, {"reconcile", "--day", "20261121", "--merchant", "shop"});
    EXPECT_THAT(heard_, ElementsAre(R"({"from":"20261121","merchant":"shop","verb":"reconcile"})"));
    EXPECT_EQ(got.out, "All the same, 12 orders here, 12 rows at QFPay, 0 differences\n");
    EXPECT_EQ(got.exit_code, 0);
}

// Source: RFC 4180. What a spreadsheet would take for a formula is told apart by a quote.
TEST_F(CliTest, DifferencesAsCsvAreTheRowsAlone)
{
    const auto got = talk({{{{missing, other_amount, two_differences}}}},
                          {"reconcile", "--day", "2026-11-21", "--csv"});
    EXPECT_EQ(got.out,
              "at,what,order,syssn,out_trade_no,ours,theirs,text\r\n"
              "2026-11-21 17:30:00,missing_here,,20240704000200020093755542,,,110,"
              "\"Paid at QFPay, \"\"unknown\"\" here\"\r\n"
              ",amount_differs,'=A1,,E-1,110,'-111,'+1\r\n");
    EXPECT_EQ(got.err, "12 orders here, 13 rows at QFPay, 2 differences\n");
    EXPECT_EQ(got.exit_code, 3);
}

TEST_F(CliTest, ARefusedReconciliationLeavesTheCsvEmpty)
{
    const auto got = talk(
        {{{{R"({"reply":"error","code":"34","safe_to_retry":true,"text":"Operators only"})"}}}},
        {"reconcile", "--day", "2026-11-21", "--csv"});
    EXPECT_EQ(got.out, "");
    EXPECT_EQ(got.err, "ecrbridge: Operators only (34)\n");
    EXPECT_EQ(got.exit_code, 2);
}

TEST_F(CliTest, ABrokenReconciliationIsUnreachable)
{
    const auto got = talk({{{{missing}}}}, {"reconcile", "--day", "2026-11-21"});
    EXPECT_THAT(got.err, HasSubstr("went away before it answered"));
    EXPECT_EQ(got.exit_code, 4);
}

TEST_F(CliTest, ARebuildTellsWhatItRestored)
{
    const auto got =
        talk({{{{R"({"reply":"row","kind":"restored","order":"A1","state":"paid","amount":110})",
                 R"({"reply":"ok","what":"rebuild","code":"00","restored":1})"}}}},
             {"rebuild", "--from", "20261101", "--to", "20261130"});
    EXPECT_THAT(heard_, ElementsAre(R"({"from":"20261101","to":"20261130","verb":"rebuild"})"));
    EXPECT_EQ(got.out, "order  state  amount\nA1     paid     1.10\n1 restored\n");
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, ASettlementShowsWhateverQfpayTells)
{
    const std::vector<std::string> rows{
        R"({"reply":"row","kind":"settlement","settled_on":"2026-11-21","sum":"1,000.00"})",
        R"({"reply":"ok","what":"settlement","code":"00","text":"1 settlement"})"};
    auto got = talk({{{rows}}}, {"settlement", "--day", "2026-11-21"});
    EXPECT_EQ(got.out,
              "settled_on  sum\n"
              "2026-11-21  1,000.00\n"
              "1 settlement\n");
    got = talk({{{rows}}}, {"settlement", "--day", "2026-11-21", "--csv"});
    EXPECT_EQ(got.out, "settled_on,sum\r\n2026-11-21,\"1,000.00\"\r\n");
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, AResolvedOrderIsDone)
{
    const std::string resolved =
        R"({"reply":"result","order":"A1","state":"resolved","code":"23","amount":110,)"
        R"("currency":"HKD","safe_to_retry":false,"text":"Paid: seen in the portal"})";
    auto got =
        talk({{{{resolved}}}}, {"resolve", "A1", "--paid", "--reason", "seen in the portal"});
    EXPECT_THAT(heard_, ElementsAre(R"({"order":"A1","paid":true,"text":"seen in the portal",)"
                                    R"("verb":"resolve"})"));
    EXPECT_EQ(got.exit_code, 0);
    // To anybody else it is no payment: only the text says what the human has found.
    got = talk({{{{resolved}}}}, {"status", "A1"});
    EXPECT_EQ(got.exit_code, 3);
}

}  // namespace
}  // namespace ecr::daemon
