#include "daemon/link/pseudo_terminal.hpp"

#include <boost/system/system_error.hpp>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(int why, const std::string& what)
{
    throw boost::system::system_error{why, boost::system::system_category(), what};
}

void check(bool done, const std::string& what)
{
    if (!done) fail(errno, what);
}

unique_fd open_master()
{
    unique_fd master{::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
    check(static_cast<bool>(master), "cannot create a pseudo-terminal");
    check(::grantpt(master.get()) == 0, "grantpt");
    check(::unlockpt(master.get()) == 0, "unlockpt");
    return master;
}

fs::path device_of(int master)
{
    std::array<char, 64> name{};
    check(::ptsname_r(master, name.data(), name.size()) == 0, "ptsname");
    return name.data();
}

unique_fd open_slave(const fs::path& device)
{
    unique_fd slave{::open(device.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)};
    check(static_cast<bool>(slave), "cannot open " + device.string());
    termios mode{};
    check(::tcgetattr(slave.get(), &mode) == 0, "tcgetattr");
    ::cfmakeraw(&mode);
    mode.c_cflag |= CLOCAL | CREAD;
    check(::tcsetattr(slave.get(), TCSANOW, &mode) == 0, "tcsetattr");
    // The till program runs under another user. Like a port on the loopback address, this is open
    // to every program of the machine; token_file says who may talk.
    check(::fchmod(slave.get(), 0666) == 0, "fchmod " + device.string());
    return slave;
}

bool is_pseudo_terminal(const fs::path& target)
{
    return target.parent_path() == "/dev/pts";
}

/// True when the name is free, or holds what an earlier run left behind. The number behind such a
/// link may long belong to somebody's shell, so that it exists says nothing.
bool may_take(const fs::path& symlink)
{
    std::error_code failed;
    const auto status = fs::symlink_status(symlink, failed);
    if (status.type() == fs::file_type::not_found) return true;
    if (status.type() != fs::file_type::symlink) return false;
    const auto target = fs::read_symlink(symlink, failed);
    return !failed && (is_pseudo_terminal(target) || !fs::exists(symlink, failed));
}

void put_symlink(const fs::path& device, const fs::path& symlink)
{
    if (!may_take(symlink))
        fail(EEXIST, symlink.string() + " is something else than a virtual port");
    // Made beside and moved: a till that opens the name at this moment finds the old or the new.
    const auto beside = symlink.string() + ".new." + std::to_string(::getpid());
    ::unlink(beside.c_str());
    check(::symlink(device.c_str(), beside.c_str()) == 0, "cannot create " + beside);
    if (::rename(beside.c_str(), symlink.c_str()) == 0) return;
    const int why = errno;
    ::unlink(beside.c_str());
    fail(why, "cannot create " + symlink.string());
}

}  // namespace

bool pseudo_terminal::are_there() noexcept
{
    return true;
}

pseudo_terminal::pseudo_terminal(fs::path symlink)
    : symlink_{std::move(symlink)},
      master_{open_master()},
      slave_{open_slave(device_ = device_of(master_.get()))}
{
    put_symlink(device_, symlink_);
}

pseudo_terminal::~pseudo_terminal()
{
    std::error_code gone;
    if (fs::read_symlink(symlink_, gone) == device_ && !gone) ::unlink(symlink_.c_str());
}

unique_fd pseudo_terminal::duplicate() const
{
    unique_fd copy{::fcntl(master_.get(), F_DUPFD_CLOEXEC, 0)};
    check(static_cast<bool>(copy), "cannot duplicate the descriptor of " + device_.string());
    return copy;
}

void pseudo_terminal::forget_exclusive_use() noexcept
{
    ::ioctl(slave_.get(), TIOCNXCL);
}

}  // namespace ecr::daemon
