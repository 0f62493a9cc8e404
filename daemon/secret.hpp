#pragma once

#include "protocol/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ecr::daemon {

/// Reads a secret from a file that only its owner may read (on Windows: nor the system and its
/// administrators), or from one among the credentials that systemd has given, which it keeps
/// private itself. Blanks at both ends are dropped.
/// The second member says what is wrong, for people; empty: the first is the secret.
struct secret_reading {
    std::string secret;
    std::string problem;
};
[[nodiscard]] secret_reading read_secret_file(const std::filesystem::path& file);

/// The same of a file that has been looked at, or that the system keeps private.
[[nodiscard]] secret_reading read_secret_text(const std::filesystem::path& file);

/// The same for a systemd credential (LoadCredential=), found through $CREDENTIALS_DIRECTORY.
[[nodiscard]] secret_reading read_credential(const std::string& name);

/// A secret as it is written into a file: as it is; on Windows bound to this machine (DPAPI), so
/// that a copy of the file is worth nothing elsewhere.
///
/// Throws boost::system::system_error: of Windows
[[nodiscard]] std::string kept_form(const std::string& secret);

/// True for what only a service that systemd has started can read, when this is none: a check by
/// hand cannot look at it. An empty file stands for a credential by name.
[[nodiscard]] bool only_the_service_sees(const std::filesystem::path& file = {});

/// Compares in a time that depends on the lengths only.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b) noexcept;

}  // namespace ecr::daemon
