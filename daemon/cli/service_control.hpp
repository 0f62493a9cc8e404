#pragma once

#include "daemon/config.hpp"

#include <string>

namespace ecr::cli {

/// Whether the service can be started: systemd, or Windows, runs this machine.
[[nodiscard]] bool can_start_service();

/// What a person types for that.
[[nodiscard]] const char* how_to_start();

/// Starts the service, now and at every boot; under systemd it is given access to serial ports when
/// a link has one. One that runs is started again. Gives what went wrong, for people; empty: it is
/// ready.
[[nodiscard]] std::string start_service(const daemon::config& settings);

}  // namespace ecr::cli
