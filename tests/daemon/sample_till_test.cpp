// The sample till in Python: what it takes for paid, for not paid, and for unknown.
#include "cli_fixture.hpp"

#include <cstdlib>
#include <ostream>
#include <sys/wait.h>

namespace ecr::daemon {
namespace {

constexpr int paid_status = 0;
constexpr int not_paid = 1;
constexpr int not_known = 2;

struct till_case {
    const char* name;
    std::vector<const char*> answers;  // a connection each; empty: it is cut
    int status;
    std::vector<const char*> asked;  // how its commands begin

    friend void PrintTo(const till_case& c, std::ostream* out) { *out << c.name; }
};

class SampleTillTest : public testing::TestWithParam<till_case> {};

int status_of(const std::string& command)
{
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_P(SampleTillTest, UnknownStaysUnknown)
{
    ASSERT_EQ(status_of("command -v python3 >/dev/null"), 0) << "packaging/deps.sh installs it";
    const auto& c = GetParam();
    std::vector<scripted_connection> script;
    for (const auto* answer : c.answers) {
        scripted_exchange one;
        if (*answer != '\0') one.replies.emplace_back(answer);
        script.push_back({one});
    }
    scripted_bridge bridge{std::move(script)};
    EXPECT_EQ(status_of("python3 " ECR_SOURCE_DIR "/packaging/samples/till.py " + bridge.address() +
                        " A1 110 --tries 3 --pause 0 >/dev/null 2>&1"),
              c.status);
    const auto heard = bridge.heard();
    ASSERT_EQ(heard.size(), c.asked.size());
    for (std::size_t i = 0; i < heard.size(); ++i)
        EXPECT_THAT(heard[i], testing::StartsWith(c.asked[i]));
}

// clang-format off
constexpr auto told_paid  = "result order=A1 state=paid code=00 safe_to_retry=no text=Paid";
constexpr auto returned   = "result order=A1 state=paid code=24 returned=yes safe_to_retry=no";
constexpr auto declined   = "result order=A1 state=declined code=10 safe_to_retry=yes";
constexpr auto doubtful   = "result order=A1 state=in_doubt code=20 safe_to_retry=no";
constexpr auto by_hand    = "result order=A1 state=resolved code=23 safe_to_retry=no";
constexpr auto busy       = "error order=A1 code=33 safe_to_retry=yes";
constexpr auto internal   = "error order=A1 code=59 safe_to_retry=no";
constexpr auto in_use     = "error order=A1 code=32 safe_to_retry=no";
constexpr auto stopping   = "error order=A1 code=51 safe_to_retry=yes";
constexpr auto no_such    = "error order=A1 code=31 safe_to_retry=yes";
const till_case cases[] = {
    {"Paid",               {told_paid},                              paid_status, {"pay"}},
    {"Declined",           {declined},                               not_paid,    {"pay"}},
    {"Refused",            {busy},                                   not_paid,    {"pay"}},
    {"Returned",           {returned},                               not_known,   {"pay"}},
    {"ByHand",             {by_hand},                                not_known,   {"pay"}},
    {"NumberOfAnother",    {in_use},                                 not_known,   {"pay"}},
    {"FaultThenPaid",      {internal, told_paid},                    paid_status, {"pay", "status"}},
    {"FaultForEver",       {internal, internal, internal, internal}, not_known,   {"pay", "status", "status", "status"}},
    {"Cut",                {"", doubtful, told_paid},                paid_status, {"pay", "status", "status"}},
    {"CutForEver",         {"", "", "", ""},                         not_known,   {"pay", "status", "status", "status"}},
    {"StatusUntold",       {"", stopping, stopping, stopping},       not_known,   {"pay", "status", "status", "status"}},
    {"NeverArrived",       {"", no_such, told_paid},                 paid_status, {"pay", "status", "pay"}},
    {"ArrivedAndRefused",  {"", no_such, busy},                      not_paid,    {"pay", "status", "pay"}},
    {"DoubtForEver",       {doubtful, doubtful, doubtful, doubtful}, not_known,   {"pay", "status", "status", "status"}},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, SampleTillTest, testing::ValuesIn(cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::daemon
