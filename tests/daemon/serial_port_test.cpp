#include "daemon/link/serial_port.hpp"

#include "protocol/errc.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <asm/termbits.h>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;

/// The other end of a cable: the till.
class SerialPortTest : public testing::Test {
protected:
    SerialPortTest() : till_{::posix_openpt(O_RDWR | O_NOCTTY)}
    {
        EXPECT_EQ(::grantpt(till_.get()), 0);
        EXPECT_EQ(::unlockpt(till_.get()), 0);
        std::array<char, 64> name{};
        EXPECT_EQ(::ptsname_r(till_.get(), name.data(), name.size()), 0);
        device_ = name.data();
    }

    static termios2 mode_of(const unique_fd& port)
    {
        termios2 mode{};
        EXPECT_EQ(::ioctl(port.get(), TCGETS2, &mode), 0);
        return mode;
    }

    unique_fd till_;
    fs::path device_;
};

void write_all(int fd, const std::string& bytes)
{
    ASSERT_EQ(::write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
}

/// Reads that many bytes, or what came until nothing did for a second.
std::string read_all(int fd, std::size_t size)
{
    std::string bytes;
    std::array<char, 256> part{};
    while (bytes.size() < size) {
        pollfd ready{.fd = fd, .events = POLLIN, .revents = 0};
        if (::poll(&ready, 1, 1000) <= 0) break;
        const auto got = ::read(fd, part.data(), part.size());
        if (got <= 0) break;
        bytes.append(part.data(), static_cast<std::size_t>(got));
    }
    return bytes;
}

std::string every_byte()
{
    std::string bytes;
    for (int i = 0; i < 256; ++i)
        bytes += static_cast<char>(i);
    return bytes;
}

TEST_F(SerialPortTest, CarriesEveryByteUnchangedBothWays)
{
    const auto opened = open_serial_port(device_, {});
    ASSERT_TRUE(opened.port) << opened.problem;
    write_all(till_.get(), every_byte());
    EXPECT_EQ(read_all(opened.port.get(), 256), every_byte());
    write_all(opened.port.get(), every_byte());
    EXPECT_EQ(read_all(till_.get(), 256), every_byte());
}

TEST_F(SerialPortTest, DoesNotEcho)
{
    const auto opened = open_serial_port(device_, {});
    write_all(till_.get(), "pay\n");
    EXPECT_EQ(read_all(opened.port.get(), 4), "pay\n");
    pollfd echo{.fd = till_.get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&echo, 1, 0), 0);
}

TEST_F(SerialPortTest, ReadsDoNotBlock)
{
    const auto opened = open_serial_port(device_, {});
    char c = 0;
    EXPECT_EQ(::read(opened.port.get(), &c, 1), -1);
    EXPECT_EQ(errno, EAGAIN);
    EXPECT_NE(::fcntl(opened.port.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(SerialPortTest, SetsAnyBaudRate)
{
    for (const int baud : {300, 9600, 12345, 115200, 4000000}) {
        const auto opened = open_serial_port(device_, {.baud = baud});
        ASSERT_TRUE(opened.port) << opened.problem;
        EXPECT_EQ(mode_of(opened.port).c_ospeed, static_cast<speed_t>(baud));
        EXPECT_EQ(mode_of(opened.port).c_ispeed, static_cast<speed_t>(baud));
    }
}

TEST_F(SerialPortTest, SetsStopBitsOnThePort)
{
    const auto two = open_serial_port(device_, {.stop_bits = 2});
    EXPECT_EQ(mode_of(two.port).c_cflag & CSTOPB, static_cast<tcflag_t>(CSTOPB));
}

// A pseudo-terminal reports CS8 and no parity whatever it was told (Linux, pty_set_termios), so
// these two are checked on their way to the kernel.
struct format_case {
    std::string name;
    serial_settings settings;
    tcflag_t flags;

    friend void PrintTo(const format_case& c, std::ostream* out) { *out << c.name; }
};

class SerialFormatTest : public SerialPortTest, public testing::WithParamInterface<format_case> {};

TEST_P(SerialFormatTest, BecomesFlags)
{
    constexpr tcflag_t format = CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS;
    EXPECT_EQ(control_flags(GetParam().settings) & format, GetParam().flags);
    EXPECT_EQ(control_flags(GetParam().settings) & CBAUD, static_cast<tcflag_t>(BOTHER));
}

TEST_P(SerialFormatTest, IsAcceptedByAPort)
{
    const auto opened = open_serial_port(device_, GetParam().settings);
    EXPECT_TRUE(opened.port) << opened.problem;
}

// clang-format off
const format_case format_cases[] = {
    {"Usual8N1", {.data_bits = 8},                                                CS8},
    {"Old7E1",   {.data_bits = 7, .parity_bit = parity::even},                    CS7 | PARENB},
    {"Old7O2",   {.data_bits = 7, .parity_bit = parity::odd, .stop_bits = 2},     CS7 | PARENB | PARODD | CSTOPB},
    {"Telex5N2", {.data_bits = 5, .stop_bits = 2},                                CS5 | CSTOPB},
    {"Rare6E1",   {.data_bits = 6, .parity_bit = parity::even},                    CS6 | PARENB},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Formats, SerialFormatTest, testing::ValuesIn(format_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST_F(SerialPortTest, IsRawAndMarksDamage)
{
    const auto opened = open_serial_port(device_, {});
    const auto mode = mode_of(opened.port);
    EXPECT_EQ(mode.c_iflag, static_cast<tcflag_t>(IGNBRK | INPCK));
    EXPECT_EQ(mode.c_oflag, 0U);
    EXPECT_EQ(mode.c_lflag, 0U);
    EXPECT_EQ(mode.c_cflag & (CLOCAL | CREAD | CRTSCTS), static_cast<tcflag_t>(CLOCAL | CREAD));
}

TEST_F(SerialPortTest, OpensForOneOnly)
{
    const auto first = open_serial_port(device_, {});
    ASSERT_TRUE(first.port);
    const auto second = open_serial_port(device_, {});
    EXPECT_FALSE(second.port);
    EXPECT_TRUE(second.failed);
    EXPECT_EQ(second.problem,
              device_.string() + " is in use by another program: see fuser -v " + device_.string());
    int exclusive = 0;
    EXPECT_EQ(::ioctl(first.port.get(), TIOCGEXCL, &exclusive), 0);
    EXPECT_EQ(exclusive, 1);
}

TEST_F(SerialPortTest, CanBeOpenedAgainAfterItWasClosed)
{
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(open_serial_port(device_, {}).port) << i;
}

TEST_F(SerialPortTest, ForgetsWhatCameBeforeItWasOpened)
{
    unique_fd keep{::open(device_.c_str(), O_RDWR | O_NOCTTY)};
    write_all(till_.get(), "stale\n");
    const auto opened = open_serial_port(device_, {});
    ASSERT_TRUE(opened.port) << opened.problem;
    write_all(till_.get(), "fresh\n");
    EXPECT_EQ(read_all(opened.port.get(), 6), "fresh\n");
}

TEST_F(SerialPortTest, SaysWhenThereIsNoDevice)
{
    const auto opened = open_serial_port("/dev/ttyNOWHERE", {});
    EXPECT_EQ(opened.failed, boost::system::errc::no_such_file_or_directory);
    EXPECT_EQ(opened.problem,
              "there is no /dev/ttyNOWHERE: is it plugged in? See ls -l /dev/serial/by-id");
}

TEST_F(SerialPortTest, SaysWhenItIsNoSerialPort)
{
    const auto opened = open_serial_port("/dev/null", {});
    EXPECT_EQ(opened.failed, boost::system::errc::inappropriate_io_control_operation);
    EXPECT_EQ(opened.problem, "/dev/null is not a serial port");
}

}  // namespace
}  // namespace ecr::daemon
