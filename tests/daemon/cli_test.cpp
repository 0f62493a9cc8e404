#include "daemon/link/unique_fd.hpp"
#include "scripted_bridge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

struct finished {
    int exit_code = -1;
    std::string out;
    std::string err;
};

std::string text_of(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

class CliTest : public testing::Test {
protected:
    CliTest()
    {
        auto name = (fs::temp_directory_path() / "ecr-cli-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~CliTest() override { fs::remove_all(folder_); }

    /// Runs the built program to its end. `out`: where its standard output goes; default: a file.
    finished run(std::vector<std::string> arguments, const fs::path& out = {})
    {
        const auto out_file = out.empty() ? folder_ / "out" : out;
        const auto err_file = folder_ / "err";
        std::string program = std::string{ECR_BIN_DIR} + "/ecrbridge";
        std::vector<char*> argv{program.data()};
        for (auto& argument : arguments)
            argv.push_back(argument.data());
        argv.push_back(nullptr);

        posix_spawn_file_actions_t files;
        ::posix_spawn_file_actions_init(&files);
        constexpr int fresh = O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY;
        ::posix_spawn_file_actions_addopen(&files, 1, out_file.c_str(), fresh, 0600);
        ::posix_spawn_file_actions_addopen(&files, 2, err_file.c_str(), fresh, 0600);
        pid_t child = 0;
        const int failed =
            ::posix_spawn(&child, program.c_str(), &files, nullptr, argv.data(), environ);
        ::posix_spawn_file_actions_destroy(&files);
        EXPECT_EQ(failed, 0) << program;
        if (failed != 0) return {};
        int status = 0;
        ::waitpid(child, &status, 0);
        return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                .out = out.empty() ? text_of(out_file) : std::string{},
                .err = text_of(err_file)};
    }

    /// Talks to a bridge that plays `script`.
    finished talk(std::vector<scripted_connection> script, std::vector<std::string> arguments)
    {
        scripted_bridge bridge{std::move(script)};
        arguments.insert(arguments.begin(), {"--bridge", bridge.address(), "--retry-wait", "0"});
        auto result = run(std::move(arguments));
        heard_ = bridge.heard();
        address_ = bridge.address();
        return result;
    }

    fs::path folder_;
    std::vector<std::string> heard_;
    std::string address_;
};

const std::string accepted = R"({"reply":"accepted","order":"A1","out_trade_no":"E-1"})";
const std::string waiting =
    R"({"reply":"progress","order":"A1","stage":"on_terminal","text":"Waiting for the customer"})";
const std::string paid =
    R"({"reply":"result","order":"A1","state":"paid","code":"00","amount":110,"currency":"HKD",)"
    R"("channel":"wx","terminal":"T1","syssn":"S9","safe_to_retry":false,"text":"Paid"})";
const std::string running =
    R"({"reply":"result","order":"A1","state":"on_terminal","code":"01","amount":110,)"
    R"("currency":"HKD","safe_to_retry":false,"text":"Waiting for the customer"})";
const std::string unknown =
    R"({"reply":"error","order":"A1","code":"31","safe_to_retry":false,"text":"There is no order A1"})";

TEST_F(CliTest, PayTellsHowItGoes)
{
    const auto got = talk({{{{accepted, waiting, waiting, paid}}}},
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
    const auto got = talk({{{{accepted, waiting, paid}}}}, {"--json", "pay", "110"});
    EXPECT_EQ(got.out, accepted + "\n" + waiting + "\n" + paid + "\n");
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, EveryOptionOfPayReachesTheBridge)
{
    talk({{{{paid}}}}, {"pay", "0110", "--terminal", "bar", "--scan", "mpm", "--timeout", "060",
                        "--new", "--till", "lane-1"});
    EXPECT_THAT(heard_, ElementsAre(R"({"amount":110,"new":true,"scan":"mpm","terminal":"bar",)"
                                    R"("till":"lane-1","timeout":60,"verb":"pay"})"));
}

TEST_F(CliTest, ProgressRewritesOneLineOnATerminal)
{
    const unique_fd terminal{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    ASSERT_EQ(::grantpt(terminal.get()), 0);
    ASSERT_EQ(::unlockpt(terminal.get()), 0);
    std::array<char, 64> device{};
    ASSERT_EQ(::ptsname_r(terminal.get(), device.data(), device.size()), 0);
    const unique_fd keep{::open(device.data(), O_RDWR | O_NOCTTY | O_CLOEXEC)};

    scripted_bridge bridge{{{{{accepted, waiting, paid}}}}};
    const auto got = run({"--bridge", bridge.address(), "pay", "110"}, device.data());
    EXPECT_EQ(got.exit_code, 0);
    std::array<char, 4096> shown{};
    const auto size = ::read(terminal.get(), shown.data(), shown.size());
    ASSERT_GT(size, 0);
    EXPECT_THAT(
        (std::string{shown.data(), static_cast<std::size_t>(size)}),
        HasSubstr("Order A1 accepted\r\n"
                  "\rWaiting for the customer …\x1b[K\r\x1b[KPaid: HKD 1.10, order A1\r\n"));
}

TEST_F(CliTest, ABridgeCannotCommandTheTerminal)
{
    const auto got = talk(
        {{{{R"({"reply":"ok","what":"ping","code":"00","text":"a\u001b[2J\nb"})"}}}}, {"ping"});
    EXPECT_EQ(got.out, "a [2J b\n");
}

TEST_F(CliTest, OrdersAreATable)
{
    const auto got = talk(
        {{{{R"({"reply":"row","kind":"order","order":"A1","out_trade_no":"E-1","state":"paid","amount":110,"channel":"wx","late":true})",
            R"({"reply":"row","kind":"order","order":"A1001","out_trade_no":"E-2","state":"in_doubt","amount":2345600,"channel":"fps"})",
            R"({"reply":"ok","what":"orders","code":"00","count":2,"safe_to_retry":true})"}}}},
        {"orders", "--attention", "--state", "paid", "--limit", "2"});
    EXPECT_THAT(heard_,
                ElementsAre(R"({"attention":true,"limit":2,"state":"paid","verb":"orders"})"));
    EXPECT_EQ(got.out,
              "order  state       amount  channel  out_trade_no  late\n"
              "A1     paid          1.10  wx       E-1           yes\n"
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
    const auto got = talk(
        {{{{R"({"reply":"row","kind":"payment","order":"A1","state":"paid","amount":110})",
            R"({"reply":"row","kind":"step","at":"T1","from":"accepted","event":"send","to":"sending","reason":"first push"})",
            R"({"reply":"row","kind":"step","at":"T2","from":"sending","event":"push","to":"on_terminal","reason":""})",
            paid}}}},
        {"show", "A1"});
    EXPECT_THAT(got.out, HasSubstr("order  state  amount\n"
                                   "A1     paid     1.10\n"
                                   "at  from      event  to           reason\n"
                                   "T1  accepted  send   sending      first push\n"
                                   "T2  sending   push   on_terminal\n"
                                   "Paid: HKD 1.10, order A1\n"));
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, TheTokenGoesFirst)
{
    const auto file = folder_ / "token";
    std::ofstream{file} << "open sesame\n";
    ::chmod(file.c_str(), 0600);
    const std::string hello = R"({"reply":"ok","what":"hello","code":"00","text":"Hello lane-1"})";
    const auto got = talk({{{{hello}}, {{paid}}}},
                          {"--token-file", file.string(), "--till", "lane-1", "status", "A1"});
    EXPECT_THAT(heard_, ElementsAre(R"({"till":"lane-1","token":"open sesame","verb":"hello"})",
                                    R"({"order":"A1","till":"lane-1","verb":"status"})"));
    EXPECT_THAT(got.out, testing::StartsWith("Paid: "));
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, AWrongTokenEndsIt)
{
    const auto file = folder_ / "token";
    std::ofstream{file} << "mellon";
    ::chmod(file.c_str(), 0600);
    const auto got =
        talk({{{{R"({"reply":"error","code":"34","safe_to_retry":true,"text":"Wrong token"})"}}}},
             {"--token-file", file.string(), "pay", "110"});
    EXPECT_EQ(got.err, "ecrbridge: Wrong token (34)\n");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(heard_.size(), 1U);
}

TEST_F(CliTest, ATokenOthersCanReadIsRefused)
{
    const auto file = folder_ / "token";
    std::ofstream{file} << "x";
    ::chmod(file.c_str(), 0644);
    const auto got = run({"--token-file", file.string(), "ping"});
    EXPECT_THAT(got.err, HasSubstr("chmod 600"));
    EXPECT_EQ(got.exit_code, 2);
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
    ::setenv("ECRBRIDGE", bridge.address().c_str(), 1);
    const auto got = run({"ping"});
    ::unsetenv("ECRBRIDGE");
    EXPECT_EQ(got.out, "pong, cloud up\n");
    EXPECT_EQ(got.exit_code, 0);
}

TEST_F(CliTest, HelpExplainsTheExitCodes)
{
    const auto got = run({"--help"});
    EXPECT_EQ(got.exit_code, 0);
    EXPECT_THAT(got.out, HasSubstr("  3  in doubt, unresolved or mismatch: do not ring again"));
}

// --- Commands, results, mistakes. ---------------------------------------------------------------

struct command_case {
    std::string name;
    std::vector<std::string> arguments;
    std::string line;

    friend void PrintTo(const command_case& c, std::ostream* out) { *out << c.name; }
};

class CliCommandTest : public CliTest, public testing::WithParamInterface<command_case> {};

TEST_P(CliCommandTest, IsSentAs)
{
    talk({{{{R"({"reply":"ok","what":"x","code":"00"})"}}}}, GetParam().arguments);
    EXPECT_THAT(heard_, ElementsAre(GetParam().line));
}

// clang-format off
const command_case command_cases[] = {
    {"Cancel",    {"cancel"},                               R"({"verb":"cancel"})"},
    {"CancelOne", {"cancel", "--order", "A1"},              R"({"order":"A1","verb":"cancel"})"},
    {"Last",      {"last"},                                 R"({"verb":"last"})"},
    {"Query",     {"query", "A1"},                          R"({"order":"A1","verb":"query"})"},
    {"Receipt",   {"receipt", "A1", "--terminal", "T1"},    R"({"of":"A1","terminal":"T1","verb":"receipt"})"},
    {"Summary",   {"summary"},                              R"({"verb":"summary"})"},
    {"Terminals", {"terminals"},                            R"({"verb":"terminals"})"},
    {"Show",      {"show", "E-1"},                          R"({"order":"E-1","verb":"show"})"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Commands, CliCommandTest, testing::ValuesIn(command_cases),
                         [](const auto& instance) { return instance.param.name; });

struct ending_case {
    std::string name;
    std::string word;
    std::string code;
    bool safe_to_retry;
    int exit_code;

    friend void PrintTo(const ending_case& c, std::ostream* out) { *out << c.name; }
};

class CliEndingTest : public CliTest, public testing::WithParamInterface<ending_case> {};

TEST_P(CliEndingTest, BecomesAnExitCode)
{
    const auto& c = GetParam();
    const auto reply = R"({"reply":")" + c.word + R"(","code":")" + c.code +
                       R"(","safe_to_retry":)" + (c.safe_to_retry ? "true" : "false") +
                       R"(,"amount":110,"order":"A1","text":"what the bridge says"})";
    const auto got = talk({{{{accepted, reply}}}}, {"pay", "110"});
    EXPECT_EQ(got.exit_code, c.exit_code);
    EXPECT_THAT(c.word == "error" ? got.err : got.out, HasSubstr("what the bridge says"));
}

// clang-format off
const ending_case ending_cases[] = {
    {"Paid",           "result", "00", false, 0},
    {"Pending",        "result", "01", false, 3},
    {"Declined",       "result", "10", true,  1},
    {"Cancelled",      "result", "11", true,  1},
    {"Expired",        "result", "12", true,  1},
    {"Rejected",       "result", "13", true,  1},
    {"NotSent",        "result", "14", true,  1},
    {"InDoubt",        "result", "20", false, 3},
    {"Unresolved",     "result", "21", false, 3},
    {"Mismatch",       "result", "22", false, 3},
    {"BadCommand",     "error",  "30", true,  2},
    {"NumberInUse",    "error",  "32", true,  2},
    {"Busy",           "error",  "33", true,  2},
    {"JournalFailed",  "error",  "50", true,  2},
    {"JournalInDoubt", "error",  "50", false, 3},
    {"Unheard",        "result", "77", false, 3},
    {"NoCode",         "result", "",   true,  3},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Endings, CliEndingTest, testing::ValuesIn(ending_cases),
                         [](const auto& instance) { return instance.param.name; });

struct mistake_case {
    std::string name;
    std::vector<std::string> arguments;
    std::string complaint;

    friend void PrintTo(const mistake_case& c, std::ostream* out) { *out << c.name; }
};

class CliMistakeTest : public CliTest, public testing::WithParamInterface<mistake_case> {};

TEST_P(CliMistakeTest, IsRefusedBeforeAnythingIsSent)
{
    const auto got = talk({{{{paid}}}}, GetParam().arguments);
    EXPECT_THAT(got.err, HasSubstr(GetParam().complaint));
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_THAT(heard_, ElementsAre());
}

// clang-format off
const mistake_case mistake_cases[] = {
    {"NoCommand",     {},                               "subcommand"},
    {"Unknown",       {"sale", "110"},                  "subcommand is required"},
    {"NoAmount",      {"pay"},                          "AMOUNT"},
    {"Decimal",       {"pay", "1.10"},                  "such as 110 for 1.10"},
    {"Zero",          {"pay", "0"},                     "such as 110 for 1.10"},
    {"Hex",           {"pay", "0x10"},                  "such as 110 for 1.10"},
    {"TooMuch",       {"pay", "2147483648"},            "exceeds"},
    {"NoPayment",     {"refund"},                       "OF"},
    {"Scan",          {"pay", "110", "--scan", "qr"},   "mpm"},
    {"Timeout",       {"pay", "110", "--timeout", "0"}, "from 1 to 3600"},
    {"Limit",         {"orders", "--limit", "501"},     "from 1 to 500"},
    {"Option",        {"pay", "110", "--tip", "5"},     "--tip"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Mistakes, CliMistakeTest, testing::ValuesIn(mistake_cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::daemon
