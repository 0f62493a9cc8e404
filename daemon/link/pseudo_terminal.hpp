#pragma once

#include "daemon/link/unique_fd.hpp"

#include <filesystem>

namespace ecr::daemon {

/// A virtual serial port under a stable name: what the till opens instead of /dev/ttyS0. Raw, so
/// that every byte passes as it is. A till may close and re-open it as often as it likes.
class pseudo_terminal {
public:
    /// Whether this system has such ports without a driver. Windows has not.
    [[nodiscard]] static bool are_there() noexcept;
    /// What to say where it has not.
    static constexpr auto none_here =
        "this system has no virtual ports of its own: pair two with com0com or a vendor's driver, "
        "and use one of them as a serial port";

    /// Creates the port and then its name, a symbolic link, in one step. A link that an earlier run
    /// left behind is replaced.
    ///
    /// Throws boost::system::system_error: file_exists when something else has that name; else the
    ///         system's reason
    explicit pseudo_terminal(std::filesystem::path symlink);
    /// Removes the name, unless somebody else has taken it over meanwhile.
    ~pseudo_terminal();
    pseudo_terminal(const pseudo_terminal&) = delete;
    pseudo_terminal& operator=(const pseudo_terminal&) = delete;

    /// The bridge's end: non-blocking, and never at its end, whatever the till does.
    [[nodiscard]] int descriptor() const noexcept { return master_.get(); }
    /// A second descriptor of the bridge's end, for an owner that closes what it is given.
    [[nodiscard]] unique_fd duplicate() const;

    /// The till's end: "/dev/pts/7".
    [[nodiscard]] const std::filesystem::path& device() const noexcept { return device_; }
    [[nodiscard]] const std::filesystem::path& symlink() const noexcept { return symlink_; }

    /// A till that had asked for exclusive use and crashed would find its port busy for ever,
    /// because our own descriptor keeps the port alive. To be called whenever bytes have come.
    void forget_exclusive_use() noexcept;

private:
    std::filesystem::path symlink_;
    std::filesystem::path device_;
    unique_fd master_;
    unique_fd slave_;  // open for ever: without any, the master reads EIO once the till has left
};

}  // namespace ecr::daemon
