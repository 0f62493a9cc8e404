// Payments without a terminal: a scanned code, a shown one, and what is done when they go wrong.
#include "cli_fixture.hpp"
#include "protocol/till/qr_drawing.hpp"

#include <fstream>

namespace ecr::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string code_text = "https://qr.alipay.com/bax03112";
const std::string code = R"({"reply":"code","order":"A1","text":"https://qr.alipay.com/bax03112",)"
                         R"("until":"2026-11-21T09:30:00.000Z"})";
const std::string paid_directly =
    R"({"reply":"result","order":"A1","state":"paid","code":"00","amount":110,"currency":"HKD",)"
    R"("channel":"alipay","pay_type":"800101","via":"direct","merchant":"shop","syssn":"S9",)"
    R"("paid_twice":true,"returned":true,"safe_to_retry":false,"text":"Paid"})";

TEST_F(CliTest, AScannedCodeIsPaidWith)
{
    const auto got = talk({{{{accepted, paid_directly}}}},
                          {"scan", "110", "--order", "A1", "--auth-code", "134857903088557555"});
    EXPECT_THAT(heard_, ElementsAre(R"({"amount":110,"auth_code":"134857903088557555",)"
                                    R"("order":"A1","verb":"scan"})"));
    EXPECT_EQ(got.out,
              "Order A1 accepted\n"
              "Paid: HKD 1.10, order A1\n"
              "  state          paid\n"
              "  code           00\n"
              "  channel        alipay\n"
              "  pay type       800101\n"
              "  way            direct\n"
              "  merchant       shop\n"
              "  syssn          S9\n"
              "  paid twice     yes\n"
              "  returned       yes\n"
              "  safe to retry  no\n");
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, TheScannerMayTypeTheCode)
{
    const auto file = folder_ / "scanner";
    std::ofstream{file} << "134857903088557555\r\n";
    in_ = file;
    const auto got = talk({{{{paid_directly}}}}, {"scan", "110"});
    EXPECT_THAT(heard_,
                ElementsAre(R"({"amount":110,"auth_code":"134857903088557555","verb":"scan"})"));
    EXPECT_THAT(got.out + got.err, Not(HasSubstr("134857903088557555")));
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, WithoutACodeNothingIsSent)
{
    const auto got = talk({{{{paid_directly}}}}, {"scan", "110"});
    EXPECT_THAT(got.err, HasSubstr("no code has come; nothing was sent"));
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_THAT(heard_, ElementsAre());
}

TEST_F(CliTest, ACodeToShowIsDrawnWhenAskedFor)
{
    std::string drawing;
    for (const auto& row : protocol::till::qr_blocks(code_text).value())
        drawing += "\x1b[30;107m" + row + "\x1b[0m\n";
    const std::string told = "To pay: " + code_text + " (until 2026-11-21T09:30:00.000Z)\n";

    auto got = talk({{{{accepted, code, paid_directly}}}}, {"qr", "110", "--draw"});
    EXPECT_THAT(got.out, testing::StartsWith("Order A1 accepted\n" + drawing + told + "Paid: "));
    EXPECT_THAT(heard_, ElementsAre(R"({"amount":110,"verb":"qr"})"));
    EXPECT_EQ(got.exit_code, 0);

    for (const std::vector<std::string>& plain :
         {std::vector<std::string>{"qr", "110"}, {"qr", "110", "--no-draw"}}) {
        got = talk({{{{accepted, code, paid_directly}}}}, plain);
        EXPECT_THAT(got.out, testing::StartsWith("Order A1 accepted\n" + told + "Paid: "));
    }
}

TEST_F(CliTest, ABrokenCloseAsksAboutThePayment)
{
    const auto got = talk({{{{}}}, {{{paid_directly}}}}, {"close", "A1"});
    EXPECT_THAT(heard_,
                ElementsAre(R"({"of":"A1","verb":"close"})", R"({"order":"A1","verb":"status"})"));
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, ABrokenScanIsFollowedByAStatus)
{
    const auto got =
        talk({{{{accepted}}}, {{{paid_directly}}}}, {"scan", "110", "--auth-code", "x"});
    EXPECT_THAT(heard_, ElementsAre(R"({"amount":110,"auth_code":"x","verb":"scan"})",
                                    R"({"order":"A1","verb":"status"})"));
    EXPECT_THAT(got.err, Not(HasSubstr("auth_code")));
    EXPECT_EQ(got.exit_code, 0);
}

}  // namespace
}  // namespace ecr::daemon
