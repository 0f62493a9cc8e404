#pragma once

#include "daemon/config_reader.hpp"

#include <span>
#include <string>
#include <string_view>

namespace ecr::daemon {

/// The sample configuration with all its explanations, as it is in packaging/ecrbridged.toml.
[[nodiscard]] std::string_view sample_config() noexcept;

/// The sample with these settings in their places: every key keeps its explanation, and what is not
/// set keeps its default. Further tables of a name follow the first.
[[nodiscard]] std::string setup_text(std::string_view sample,
                                     std::span<const config_section> sections);

/// A value as TOML.
[[nodiscard]] std::string toml_of(const decltype(config_setting::value)& value);

}  // namespace ecr::daemon
