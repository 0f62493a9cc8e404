// The program itself: started, reached over TLS with the authority it wrote, and ended.
#include "tests/support/https_client.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace ecr;

/// A child with its standard output in a pipe.
class child {
public:
    explicit child(std::vector<std::string> arguments)
    {
        std::array<int, 2> ends{};
        if (pipe(ends.data()) != 0) std::abort();
        pid_ = fork();
        if (pid_ == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves nothing behind
            dup2(ends[1], STDOUT_FILENO);
            close(ends[0]);
            std::vector<char*> argv;
            for (auto& each : arguments)
                argv.push_back(each.data());
            argv.push_back(nullptr);
            execv(argv[0], argv.data());
            _exit(127);
        }
        close(ends[1]);
        out_ = fdopen(ends[0], "r");
    }
    ~child()
    {
        if (pid_ > 0) kill(pid_, SIGKILL), waitpid(pid_, nullptr, 0);
        std::fclose(out_);  // NOLINT(cppcoreguidelines-owning-memory): a destructor
    }
    child(const child&) = delete;
    child& operator=(const child&) = delete;

    std::string line()
    {
        std::array<char, 512> text{};
        return std::fgets(text.data(), text.size(), out_) ? text.data() : "";
    }
    void signal(int number) const { kill(pid_, number); }
    int wait()
    {
        int status = 0;
        waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    pid_t pid_ = -1;
    std::FILE* out_ = nullptr;
};

const std::string program = std::string{ECR_BIN_DIR} + "/qfpay-sim";

TEST(ProgramTest, ServesUntilItIsToldToEnd)
{
    const test::temporary_folder place;
    const auto ca_file = (place / "ca.pem").string();
    child sim{{program, "--port", "0", "--control-port", "0", "--ca-file", ca_file, "--terminal",
               "T1", "--terminal", "T2:unbound", "--setting", "idle_cancel=code_1136"}};
    EXPECT_EQ(sim.line(), "qfpay-sim: no money moves here\n");
    const auto where = sim.line();
    const std::string before = "https://localhost:";
    const auto found = where.find(before);
    ASSERT_NE(found, std::string::npos) << where;
    const auto port = static_cast<std::uint16_t>(std::stoi(where.substr(found + before.size())));
    std::string all;
    for (std::string line; line.find("amounts") == std::string::npos; all += line) {
        line = sim.line();
        ASSERT_NE(line, "") << all;
    }
    EXPECT_NE(all.find("T2 (unbound)"), std::string::npos);

    std::ifstream file{ca_file};
    const std::string ca{std::istreambuf_iterator<char>{file}, {}};
    boost::asio::io_context io{1};
    test::https_client client{io.get_executor(), port, ca};
    test::http_answer answer;
    const auto keep = [&](std::exception_ptr failed, test::http_answer got) {
        ASSERT_FALSE(failed);
        answer = std::move(got);
    };
    boost::asio::co_spawn(io, client.send({.target = "/ecr/v1/query"}), keep);
    io.run_for(std::chrono::seconds{20});
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.body.find("\"respcd\": \"1108\""), std::string::npos) << answer.body;

    sim.signal(SIGTERM);
    EXPECT_EQ(sim.line(), "qfpay-sim: 1 requests, 0 charges\n");
    EXPECT_EQ(sim.wait(), 0);
}

struct bad_option {
    const char* name;
    std::vector<std::string> arguments;
    std::optional<std::string> ca_file{};
};

class ProgramOptionTest : public testing::TestWithParam<bad_option> {};

TEST_P(ProgramOptionTest, AMistakeEndsItWithAnError)
{
    const test::temporary_folder place;
    std::vector<std::string> arguments{program, "--port",    "0",     "--control-port",
                                       "0",     "--ca-file", "ca.pem"};
    arguments.back() = GetParam().ca_file.value_or((place / "ca.pem").string());
    for (const auto& each : GetParam().arguments)
        arguments.push_back(each);
    child sim{arguments};
    EXPECT_NE(sim.wait(), 0);
}

const bad_option bad_options[] = {
    {"UnknownSetting", {"--setting", "busy=x"}},
    {"BadValue", {"--setting", "idle_cancel=x"}},
    {"NoValue", {"--setting", "idle_cancel"}},
    {"UnknownOption", {"--verbose-please"}},
    {"NoKeyFile", {"--client-key-file", "/nonexistent/key"}},
    {"TerminalState", {"--terminal", "T1:broken"}},
    {"CaFileInNoFolder", {}, "/nonexistent/ca.pem"},
};

INSTANTIATE_TEST_SUITE_P(All, ProgramOptionTest, testing::ValuesIn(bad_options),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
