#include "daemon/link/serial_port.hpp"
#include "protocol/errc.hpp"

#include <boost/system/errc.hpp>

#include <asm/termbits.h>  // not <termios.h>: only the kernel's own structure takes any baud rate
#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace ecr::daemon {
namespace {

/// Two UARTs understand each other up to about this difference.
constexpr int baud_tolerance_percent = 3;

termios2 raw_mode(const serial_settings& settings)
{
    termios2 mode{};
    // INPCK without IGNPAR: damaged bytes, also those with a wrong stop bit, become NUL.
    mode.c_iflag = IGNBRK | INPCK;
    mode.c_cflag = control_flags(settings);
    mode.c_ispeed = static_cast<speed_t>(settings.baud);
    mode.c_ospeed = static_cast<speed_t>(settings.baud);
    mode.c_cc[VMIN] = 1;
    return mode;
}

bool is_pseudo_terminal(int port)
{
    struct stat facts {};
    // Source: Linux, Documentation/admin-guide/devices.txt, 136 to 143: Unix98 PTY slaves.
    return ::fstat(port, &facts) == 0 && major(facts.st_rdev) >= 136 && major(facts.st_rdev) <= 143;
}

/// A driver that cannot do what it is told says so only in what it reports afterwards.
bool took(int port, const termios2& wanted)
{
    termios2 mode{};
    if (::ioctl(port, TCGETS2, &mode) != 0) return false;
    const auto apart =
        std::abs(static_cast<long>(mode.c_ospeed) - static_cast<long>(wanted.c_ospeed));
    if (apart * 100 > static_cast<long>(wanted.c_ospeed) * baud_tolerance_percent) return false;
    if (is_pseudo_terminal(port)) return true;  // carries bytes: bits mean nothing to it
    constexpr tcflag_t format = CSIZE | CSTOPB | PARENB | PARODD;
    return (mode.c_cflag & format) == (wanted.c_cflag & format);
}

std::string name_of(const serial_settings& settings)
{
    static constexpr char parities[] = {'N', 'O', 'E'};
    return std::to_string(settings.baud) + " " + std::to_string(settings.data_bits) +
           parities[static_cast<int>(settings.parity_bit)] + std::to_string(settings.stop_bits);
}

std::string why_not_opened(const std::string& device, int why)
{
    switch (why) {
        case ENOENT:
        case ENXIO:
        case ENODEV:
            return "there is no " + device + ": is it plugged in? See ls -l /dev/serial/by-id";
        case EACCES:
        case EPERM:
            return "not permitted to open " + device +
                   ": the bridge's user must be in the group dialout";
        case ENOTTY: return device + " is not a serial port";
        case EWOULDBLOCK:  // another program holds the lock
        case EBUSY: return device + " is in use by another program: see fuser -v " + device;
        default:
            return "cannot open " + device + ": " +
                   error_code{why, boost::system::system_category()}.message();
    }
}

serial_opening failure(const std::string& device, int why)
{
    return {.port = {},
            .failed = {why, boost::system::system_category()},
            .problem = why_not_opened(device, why)};
}

}  // namespace

std::uint32_t control_flags(const serial_settings& settings) noexcept
{
    static constexpr tcflag_t sizes[] = {CS5, CS6, CS7, CS8};
    assert(settings.data_bits >= 5 && settings.data_bits <= 8);
    tcflag_t flags = BOTHER | CLOCAL | CREAD | sizes[settings.data_bits - 5];
    if (settings.parity_bit != parity::none) flags |= PARENB;
    if (settings.parity_bit == parity::odd) flags |= PARODD;
    if (settings.stop_bits == 2) flags |= CSTOPB;
    return flags;
}

std::optional<serial_lines> lines_of(int port) noexcept
{
    int bits = 0;
    if (::ioctl(port, TIOCMGET, &bits) != 0) return std::nullopt;
    return serial_lines{.dsr = (bits & TIOCM_DSR) != 0, .cts = (bits & TIOCM_CTS) != 0};
}

serial_opening open_serial_port(const std::filesystem::path& device,
                                const serial_settings& settings)
{
    const auto name = device.string();
    unique_fd port{::open(name.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
    if (!port) return failure(name, errno);

    termios2 before{};
    if (::ioctl(port.get(), TCGETS2, &before) != 0) return failure(name, errno);
    // Two locks: other programs of our kind ask for flock, and the kernel itself heeds TIOCEXCL,
    // except for root.
    if (::flock(port.get(), LOCK_EX | LOCK_NB) != 0) return failure(name, errno);
    if (::ioctl(port.get(), TIOCEXCL) != 0) return failure(name, errno);

    const auto mode = raw_mode(settings);
    if (::ioctl(port.get(), TCSETS2, &mode) != 0 || !took(port.get(), mode))
        return {.port = {},
                .failed = make_error_code(errc::bad_parameter),
                .problem = name + " cannot do " + name_of(settings)};
    ::ioctl(port.get(), TCFLSH, TCIOFLUSH);  // bytes of before belong to no command
    return {.port = std::move(port), .failed = {}, .problem = {}};
}

}  // namespace ecr::daemon
