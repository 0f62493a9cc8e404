#include "cli_fixture.hpp"

#include "tests/support/child_program.hpp"

#include <fstream>
#include <sstream>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;

#ifdef _WIN32
constexpr auto program_name = "ecrbridge.exe";
#else
constexpr auto program_name = "ecrbridge";
#endif

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
    const int status =
        test::status_of_program(std::filesystem::path{ECR_BIN_DIR} / program_name, arguments,
                                {.in = in_, .out = out_file, .err = err_file});
    EXPECT_NE(status, -1);
    return {.exit_code = status,
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
