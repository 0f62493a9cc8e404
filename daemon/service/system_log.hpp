#pragma once

#include <string_view>

namespace ecr::daemon {

enum class log_level : std::uint8_t;

/// A line for the log that the system keeps of its services, beside files and standard error: the
/// event log of Windows gets warnings and errors of the service. On Linux systemd reads standard
/// error, or its journal is written to; see logging.cpp.
void tell_system(log_level level, std::string_view line) noexcept;

}  // namespace ecr::daemon
