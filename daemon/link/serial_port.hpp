#pragma once

#include "daemon/config.hpp"
#include "daemon/link/unique_fd.hpp"
#include "protocol/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace ecr::daemon {

struct serial_settings {
    int baud = 9600;
    int data_bits = 8;
    parity parity_bit = parity::none;
    int stop_bits = 1;
};

/// A port, or why there is none.
struct serial_opening {
    unique_fd port;
    error_code failed;
    std::string problem;  // for people, with what to do
};

/// Opens a serial device for this process alone, non-blocking and raw: every byte passes as it is,
/// and no signal line is waited for. What had arrived before is thrown away. Can be called again
/// and again while a port is missing.
///
/// A byte that came damaged is read as NUL, which no dialect takes for data: dropped, it could turn
/// an amount of 110 into 10.
///
/// Errors: the system's, of opening and of locking (resource_unavailable_try_again: in use);
///         errc::bad_parameter  the device cannot do these settings
[[nodiscard]] serial_opening open_serial_port(const std::filesystem::path& device,
                                              const serial_settings& settings);

/// What the other side's hardware says: a till that is switched on mostly holds both.
struct serial_lines {
    bool dsr = false;
    bool cts = false;
};
/// Nothing: the port has no such wires.
[[nodiscard]] std::optional<serial_lines> lines_of(int port) noexcept;

/// The c_cflag for these settings: what the wire looks like. Source: termios(3).
[[nodiscard]] std::uint32_t control_flags(const serial_settings& settings) noexcept;

}  // namespace ecr::daemon
