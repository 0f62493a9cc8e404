#pragma once

#include "daemon/config_reader.hpp"

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace ecr::daemon {

/// A configuration that is there, as far as it can be read: which journal it names, and whose
/// orders are in that. Its mistakes elsewhere do not matter.
class old_config {
public:
    explicit old_config(std::string_view toml);

    /// Nothing: it does not say, or is no TOML.
    [[nodiscard]] std::optional<std::filesystem::path> journal() const;

    /// Whether the orders made under this one would be asked of the same accounts under `settings`:
    /// of each name the same app code at the same host. No TOML: nobody knows, so no.
    [[nodiscard]] bool has_accounts_in(const config& settings) const;

private:
    std::optional<std::vector<config_section>> sections_;
};

}  // namespace ecr::daemon
