#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ecr::daemon {

/// The serial ports of this machine, best names first: those of udev that stay with an adapter
/// (/dev/serial/by-id), then those that stay with a socket of the PC (by-path) of ports that have
/// no other, then fixed ports (ttyS0, ttyAMA0) that have hardware behind them.
///
/// On Windows: COM1, COM2, … in the order of their numbers.
///
/// `dev` and `sys`: where Linux keeps them.
[[nodiscard]] std::vector<std::string> serial_ports(const std::filesystem::path& dev = "/dev",
                                                    const std::filesystem::path& sys = "/sys");

/// Why that is no name of a port, for people; empty: it could be one.
[[nodiscard]] std::string device_problem(const std::string& device);

}  // namespace ecr::daemon
