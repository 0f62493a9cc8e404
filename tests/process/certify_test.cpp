// `ecrbridge certify` with tills that do right, and with tills that were broken on purpose.
#include "bridge_process.hpp"
#include "shop.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

namespace ecr::process {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A till in Python, as careless as shops have them. What it does when it does not know is its
/// `trouble`.
std::string careless(const std::string& trouble)
{
    return R"(
import os, socket, sys
host, port = os.environ["ECR_BRIDGE"].rsplit(":", 1)
order, amount = os.environ["ECR_ORDER"], os.environ["ECR_AMOUNT"]

def pay(number):
    try:
        with socket.create_connection((host, int(port)), timeout=5.0) as link:
            link.sendall(f"pay order={number} amount={amount}\r\n".encode())
            for line in link.makefile():
                if line.startswith(("result ", "error ")):
                    return line
    except OSError:
        pass
    return ""

said = pay(order)
)" + trouble +
           R"(
sys.exit(0 if " state=paid " in said else 1)
)";
}

class CertifyTest : public testing::Test {
protected:
    CertifyTest()
    {
        if (std::system("command -v python3 >/dev/null") != 0)
            throw std::runtime_error{"python3 is missing: packaging/deps.sh installs it"};
    }
    /// Gives the exit status; said_ and report_ have what it said and wrote.
    int certify(const std::string& command, std::vector<std::string> more = {})
    {
        const auto file = place_ / "report.html";
        more.insert(more.begin(),
                    {"certify", "--port", "0", "--run", command, "--report", file.string()});
        bridge_process tool{{.arguments = std::move(more), .program = "ecrbridge"}};
        const int status = tool.wait();
        said_ = tool.output();
        std::ifstream in{file, std::ios::binary};
        report_ = {std::istreambuf_iterator<char>{in}, {}};
        return status;
    }
    std::string careless_till(const std::string& trouble)
    {
        const auto file = place_ / "till.py";
        std::ofstream{file} << careless(trouble);
        return "python3 " + file.string();
    }

    test::temporary_folder place_;
    std::string said_;
    std::string report_;
};

/// A few of the trials each: all of them take longer than a test waits for a process.
class CertifiedSampleTest : public CertifyTest, public testing::WithParamInterface<const char*> {};

TEST_P(CertifiedSampleTest, TheSampleTillPasses)
{
    const auto sample = std::string{ECR_SOURCE_DIR} + "/packaging/samples/certify-till.sh";
    EXPECT_EQ(certify(sample, {"--till", "till.py <1>", "--only", GetParam()}), 0) << said_;
    EXPECT_THAT(said_, AllOf(HasSubstr("The till has passed."), Not(HasSubstr("FAIL")),
                             Not(HasSubstr("skipped"))));
    EXPECT_THAT(report_,
                AllOf(testing::StartsWith("<!DOCTYPE html>"), HasSubstr("till.py &lt;1&gt;"),
                      HasSubstr("order=C"), Not(HasSubstr("class=\"fail\""))));
}

INSTANTIATE_TEST_SUITE_P(Trials, CertifiedSampleTest,
                         testing::Values("payment,decline,cancel,refund", "expiry,late-payment",
                                         "in-doubt,busy", "power-cut", "lost-reply,repeat"));

TEST_F(CertifyTest, ANewNumberAfterATimeoutIsFound)
{
    EXPECT_EQ(certify(careless_till("if not said: said = pay(order + '0')\n"),
                      {"--only", "payment,lost-reply"}),
              1);
    EXPECT_THAT(said_, AllOf(HasSubstr("Payment: PASS"),
                             HasSubstr("Reply that gets lost: FAIL. The till sent the sale again "
                                       "under a new number"),
                             HasSubstr("The till has NOT passed.")));
    EXPECT_THAT(report_, HasSubstr("<section class=\"fail\">"));
}

TEST_F(CertifyTest, ATillThatIgnoresDoubtIsFound)
{
    // It waits long enough to be told that the outcome is not known, and takes that for a refusal.
    auto till = careless_till("");
    EXPECT_EQ(
        certify("sed -i s/timeout=5.0/timeout=20/ " + (place_ / "till.py").string() + "; " + till,
                {"--only", "in-doubt"}),
        1);
    EXPECT_THAT(said_, HasSubstr("is not known yet, and ignored it: it never asked again"));
}

TEST_F(CertifyTest, ATillThatForgetsItsNumberIsFound)
{
    EXPECT_EQ(certify(careless_till(""), {"--only", "power-cut"}), 1);
    EXPECT_THAT(said_, HasSubstr("The till forgot its number: it never asked what became of"));
}

TEST_F(CertifyTest, ATillThatRingsAgainAfterAPowerCutIsFound)
{
    EXPECT_EQ(
        certify(careless_till("while not said.startswith('result '): said = pay(order + '0')\n"),
                {"--only", "power-cut"}),
        1);
    EXPECT_THAT(said_, HasSubstr("again under a new number"));
}

TEST_F(CertifyTest, ATillThatDoesNothingIsFound)
{
    EXPECT_EQ(certify("exit 1", {"--only", "payment"}), 1);
    EXPECT_THAT(said_, HasSubstr("The till has sent no payment"));
}

/// With the links of a shop.
class CertifiedShopTest : public ProcessTest {
protected:
    int certify()
    {
        bridge_process tool{
            {.arguments = {"certify", "--config", (folder_ / "bridge.toml").string(), "--only",
                           "payment", "--run", till(), "--report",
                           (folder_ / "report.html").string()},
             .program = "ecrbridge"}};
        const int status = tool.wait();
        said_ = tool.output();
        return status;
    }
    [[nodiscard]] std::string till() const
    {
        const auto file = folder_ / "till.py";
        std::ofstream{file} << careless("");
        return "python3 " + file.string();
    }

    std::string said_;
};

TEST_F(CertifiedShopTest, IsRefusedWhileTheBridgeRuns)
{
    start();
    EXPECT_EQ(certify(), 2);
    EXPECT_THAT(said_, AllOf(HasSubstr("the bridge of "), HasSubstr("runs (process "),
                             HasSubstr("stop it first")));
    EXPECT_EQ(bridge_->stop(), 0);
    EXPECT_EQ(certify(), 0) << said_;
}

TEST_F(CertifiedShopTest, WhoMayNotReachTheLinkMayNotNowEither)
{
    write("bridge.toml", text_of({.link = "allow = [\"192.0.2.1\"]\n"}));
    EXPECT_EQ(certify(), 1) << said_;
    EXPECT_THAT(said_, HasSubstr("The till has sent no payment"));
}

}  // namespace
}  // namespace ecr::process
