#pragma once

#include "daemon/config_reader.hpp"

#include <string_view>
#include <vector>

namespace ecr::daemon {

/// Puts a setting into its field; that of a [[terminal]] or a [[link]] into the last one there is.
/// False: the section has no such key.
[[nodiscard]] bool read_setting(const config_section& section, const config_setting& setting,
                                config& into, config_report& report);

/// The keys of a section, in the order of its documentation. Empty: no such section.
[[nodiscard]] std::vector<std::string_view> known_keys(std::string_view section);

}  // namespace ecr::daemon
