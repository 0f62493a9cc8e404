// The hand tool on a terminal, and what the modes of its files mean to it.
#include "cli_fixture.hpp"
#include "daemon/link/unique_fd.hpp"
#include "tests/support/child_program.hpp"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace ecr::daemon {
namespace {

using testing::HasSubstr;

TEST_F(CliTest, ProgressRewritesOneLineOnATerminal)
{
    const unique_fd terminal{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    ASSERT_EQ(::grantpt(terminal.get()), 0);
    ASSERT_EQ(::unlockpt(terminal.get()), 0);
    std::array<char, 64> device{};
    ASSERT_EQ(::ptsname_r(terminal.get(), device.data(), device.size()), 0);
    const unique_fd keep{::open(device.data(), O_RDWR | O_NOCTTY | O_CLOEXEC)};

    scripted_bridge bridge{{{{{accepted, still_waiting, paid}}}}};
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

TEST_F(CliTest, ATokenOthersCanReadIsRefused)
{
    const auto file = folder_ / "token";
    std::ofstream{file} << "x";
    ::chmod(file.c_str(), 0644);
    const auto got = run({"--token-file", file.string(), "ping"});
    EXPECT_THAT(got.err, HasSubstr("chmod 600"));
    EXPECT_EQ(got.exit_code, 2);
}

/// Both are one program. What has another name may be a shop's own link to the tool, or a bridge of
/// a former version that was put aside; and nothing becomes a bridge by mistake.
TEST_F(CliTest, OnlyTheDaemonsNameMakesADaemon)
{
    const auto says = [this](const char* name) {
        const auto link = folder_ / name;
        std::filesystem::create_symlink(std::filesystem::path{ECR_BIN_DIR} / "ecrbridged", link);
        const auto out = folder_ / "help";
        EXPECT_EQ(test::status_of_program(link, {"--help"}, {.out = out, .err = folder_ / "err"}),
                  0);
        std::string first;
        std::getline(std::ifstream{out}, first);
        return first;
    };
    for (const auto* name : {"ecrbridge", "bridge", "pay"})
        EXPECT_EQ(says(name), "Talks to ecrbridged as a till does.") << name;
    for (const auto* name : {"ecrbridged", "ecrbridged-0.1"})
        EXPECT_EQ(says(name), "Bridge between tills and QFPay's terminals") << name;
}

}  // namespace
}  // namespace ecr::daemon
