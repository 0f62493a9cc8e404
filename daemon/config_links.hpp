#pragma once

#include "daemon/config_reader.hpp"

#include <string_view>
#include <vector>

namespace ecr::daemon {

/// Puts a setting of a [[link]] into its field. False: there is no such key.
[[nodiscard]] bool read_link_key(std::string_view key, setting_reader& reader, link_config& into);

/// The keys of [[link]], in the order of its documentation.
[[nodiscard]] std::vector<std::string_view> link_keys();

/// Reports what does not fit together about a link's dialect, its wire and its certificate.
void check_language(const link_config& link, const config_section& where, config_report& report);

}  // namespace ecr::daemon
