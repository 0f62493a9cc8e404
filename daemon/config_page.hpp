#pragma once

#include "daemon/config_reader.hpp"

#include <string_view>
#include <vector>

namespace ecr::daemon {

/// The keys of [page], as read_setting() and known_keys() have those of other tables.
[[nodiscard]] bool read_page_key(std::string_view key, setting_reader& reader, page_config& into);
[[nodiscard]] std::vector<std::string_view> page_keys();

/// Reports contradictions within [page], and with what else listens.
void check_page(const config& settings, const config_section& where, config_report& report);

/// What is wrong with a token, for people; empty: nothing.
[[nodiscard]] std::string page_token_problem(std::string_view token);

}  // namespace ecr::daemon
