#pragma once

#include <optional>

namespace ecr::daemon {

/// A peer that has left, a file that may not grow, a disk that was pulled out: error values to
/// whoever writes, not the end of the process, and no box that waits for somebody to press OK.
void outlive_peers() noexcept;

/// What standard output and standard error are told are bytes. On Windows they would change ends of
/// lines, and a console would take UTF-8 for something else.
void write_bytes_as_they_are() noexcept;

/// The signal that asks for the configuration to be read again; none: here a restart does it.
[[nodiscard]] std::optional<int> reload_signal() noexcept;

}  // namespace ecr::daemon
