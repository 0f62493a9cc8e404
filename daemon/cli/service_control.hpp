#pragma once

#include "daemon/config.hpp"

#include <string>

namespace ecr::cli {

/// Whether systemd runs this machine, so that the service can be started.
[[nodiscard]] bool has_systemd();

/// Gives the unit access to serial ports when a link has one, and starts it, now and at every boot;
/// one that runs is started again. Gives what went wrong, for people; empty: it is ready.
[[nodiscard]] std::string start_service(const daemon::config& settings);

}  // namespace ecr::cli
