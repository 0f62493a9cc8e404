// Every command, every ending, every mistake, as tables.
#include "cli_fixture.hpp"

namespace ecr::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

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
    {"Close",     {"close", "A1"},                          R"({"of":"A1","verb":"close"})"},
    {"Reverse",   {"reverse", "A1"},                        R"({"of":"A1","verb":"reverse"})"},
    {"RefundAll", {"refund", "A1", "--all", "--via", "direct", "--wait"}, R"({"all":true,"of":"A1","verb":"refund","via":"direct","wait":true})"},
    {"RefundVia", {"refund", "A1", "50", "--via", "terminal"}, R"({"amount":50,"of":"A1","verb":"refund","via":"terminal"})"},
    {"ScanAll",   {"scan", "110", "--auth-code", "x y", "--channel", "wx", "--pay-type", "800208", "--currency", "HKD", "--goods", "tea", "--timeout", "60", "--new"},
                  R"({"amount":110,"auth_code":"x y","channel":"wx","currency":"HKD","goods":"tea","new":true,"pay_type":"800208","timeout":60,"verb":"scan"})"},
    {"Qr",        {"qr", "110", "--channel", "alipay", "--no-draw"}, R"({"amount":110,"channel":"alipay","verb":"qr"})"},
    {"Rebuild",   {"rebuild", "--day", "2026-11-21"},       R"({"from":"2026-11-21","verb":"rebuild"})"},
    {"NotPaid",   {"resolve", "A1", "--not-paid", "--reason", "no"}, R"({"order":"A1","paid":false,"text":"no","verb":"resolve"})"},
    {"OffList",   {"resolve", "A1", "--reason", "seen"},    R"({"order":"A1","text":"seen","verb":"resolve"})"},
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
    {"Resolved",       "result", "23", false, 3},
    {"ResolvedNot",    "result", "23", true,  1},
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
    {"NoSum",         {"refund", "A1"},                 "AMOUNT or --all"},
    {"BothSums",      {"refund", "A1", "5", "--all"},   "excludes"},
    {"Via",           {"refund", "A1", "5", "--via", "post"}, "direct"},
    {"NoDay",         {"reconcile"},                    "--day or --from"},
    {"DayAndFrom",    {"reconcile", "--day", "20261121", "--from", "20261121"}, "excludes"},
    {"ToAlone",       {"settlement", "--to", "20261121"}, "--from"},
    {"NoReason",      {"resolve", "A1", "--paid"},      "--reason"},
    {"BothFindings",  {"resolve", "A1", "--paid", "--not-paid", "--reason", "x"}, "excludes"},
    {"QrDecimal",     {"qr", "1.10"},                   "such as 110 for 1.10"},
    {"Option",        {"pay", "110", "--tip", "5"},     "--tip"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Mistakes, CliMistakeTest, testing::ValuesIn(mistake_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- Where the words go -----------------------------------------------------------------------

struct full_case {
    std::string name;
    std::vector<std::string> arguments;
    std::vector<std::string> replies;
    int exit_code;

    friend void PrintTo(const full_case& c, std::ostream* out) { *out << c.name; }
};

class CliFullDiskTest : public CliTest, public testing::WithParamInterface<full_case> {};

TEST_P(CliFullDiskTest, HalfAListIsNoSuccessButPaidIsPaid)
{
    scripted_bridge bridge{{{{GetParam().replies}}}};
    auto arguments = GetParam().arguments;
    arguments.insert(arguments.begin(), {"--bridge", bridge.address(), "--retry-wait", "0"});
    const auto got = run(arguments, "/dev/full");
    EXPECT_EQ(got.exit_code, GetParam().exit_code);
    EXPECT_THAT(got.err, HasSubstr("standard output has not taken all of it"));
}

const std::string one_row = R"({"reply":"row","kind":"order","order":"A1","state":"paid"})";
const std::string end_of_rows = R"({"reply":"ok","what":"orders","code":"00","count":1})";
const full_case full_cases[] = {
    {"Table", {"orders"}, {one_row, end_of_rows}, 3},
    {"Csv", {"settlement", "--day", "2026-11-18", "--csv"}, {one_row, end_of_rows}, 3},
    {"Json", {"--json", "orders"}, {one_row, end_of_rows}, 3},
    {"Paid", {"pay", "110", "--order", "A1"}, {accepted, paid}, 0},
};

INSTANTIATE_TEST_SUITE_P(Outputs, CliFullDiskTest, testing::ValuesIn(full_cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::daemon
