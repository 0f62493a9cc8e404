#pragma once

#include "daemon/cloud/merchants.hpp"
#include "daemon/config.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ecr::daemon {

/// Reads the file. Gives what is wrong, for people; empty: nothing.
[[nodiscard]] std::string read_config_text(const std::filesystem::path& file, std::string& text);

/// A configuration with the secrets it names; or what is to be repaired, a line each.
struct config_loading {
    std::optional<config> settings;
    std::vector<merchant_secrets> secrets;
    std::string text;  // of the file
    std::string problem;
};

/// Reads the file and everything it names that a start would read. For a check by hand, what only
/// the service can see is no problem.
[[nodiscard]] config_loading load_config(const std::filesystem::path& file, secrets_for whom);

}  // namespace ecr::daemon
