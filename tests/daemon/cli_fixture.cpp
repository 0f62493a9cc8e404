#include "cli_fixture.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

finished CliTest::run(std::vector<std::string> arguments, const fs::path& out)
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

finished CliTest::talk(std::vector<scripted_connection> script, std::vector<std::string> arguments)
{
    scripted_bridge bridge{std::move(script)};
    arguments.insert(arguments.begin(), {"--bridge", bridge.address(), "--retry-wait", "0"});
    auto result = run(std::move(arguments));
    heard_ = bridge.heard();
    address_ = bridge.address();
    return result;
}

}  // namespace ecr::daemon
