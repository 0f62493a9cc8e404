#pragma once

#include <filesystem>

namespace ecr::daemon {

/// The configuration of the service that the package installs.
[[nodiscard]] std::filesystem::path usual_config();

/// The service's journal.
[[nodiscard]] std::filesystem::path usual_journal();

/// Where the service's client key is when its account does not say; empty: it is given to it.
[[nodiscard]] std::filesystem::path usual_key();

/// Where the service writes its log when its configuration does not say; empty: its manager keeps
/// what it says.
[[nodiscard]] std::filesystem::path usual_log();

}  // namespace ecr::daemon
