#pragma once

#include "daemon/certificate.hpp"

namespace ecr::simulator {

/// A certificate for localhost, 127.0.0.1 and ::1, for one run.
///
/// Throws std::runtime_error when OpenSSL cannot.
[[nodiscard]] daemon::server_certificate make_certificate();

}  // namespace ecr::simulator
