// The hand tool on a terminal, and what the modes of its files mean to it.
#include "cli_fixture.hpp"
#include "daemon/link/unique_fd.hpp"

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

}  // namespace
}  // namespace ecr::daemon
