#pragma once

#include "daemon/config_reader.hpp"

#include <string_view>
#include <vector>

namespace ecr::daemon {

/// The keys of [notifications], as read_setting() and known_keys() have those of other tables.
[[nodiscard]] bool read_notification_key(std::string_view key, setting_reader& reader,
                                         notification_config& into);
[[nodiscard]] std::vector<std::string_view> notification_keys();

/// Reports contradictions within [notifications], and with the links.
void check_notifications(const config& settings, const config_section& where,
                         config_report& report);

}  // namespace ecr::daemon
