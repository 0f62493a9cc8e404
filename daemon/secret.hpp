#pragma once

#include "protocol/result.hpp"

#include <filesystem>
#include <string>

namespace ecr::daemon {

/// Reads a secret from a file that only its owner may read, or from one among the credentials that
/// systemd has given, which it keeps private itself. Blanks at both ends are dropped.
/// The second member says what is wrong, for people; empty: the first is the secret.
struct secret_reading {
    std::string secret;
    std::string problem;
};
[[nodiscard]] secret_reading read_secret_file(const std::filesystem::path& file);

/// The same for a systemd credential (LoadCredential=), found through $CREDENTIALS_DIRECTORY.
[[nodiscard]] secret_reading read_credential(const std::string& name);

/// True for what only a service that systemd has started can read, when this is none: a check by
/// hand cannot look at it. An empty file stands for a credential by name.
[[nodiscard]] bool only_the_service_sees(const std::filesystem::path& file = {});

}  // namespace ecr::daemon
