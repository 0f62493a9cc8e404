#pragma once

#include <string>

namespace ecr::simulator {

/// A certificate authority made for one run and thrown away, and a certificate of it for
/// localhost, 127.0.0.1 and ::1. PEM.
struct throw_away_certificate {
    std::string ca;
    std::string chain;  // the server's, then the authority's
    std::string key;
};

/// Throws std::runtime_error when OpenSSL cannot.
[[nodiscard]] throw_away_certificate make_certificate();

}  // namespace ecr::simulator
