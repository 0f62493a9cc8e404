#pragma once

#include <filesystem>

namespace ecr::daemon {

/// Lets the ports of links that leave this machine through Windows' firewall, by one rule, and
/// takes away what an earlier configuration had. None leaves it: there is no rule.
void open_firewall(const std::filesystem::path& program);

/// Takes the rule away.
void close_firewall();

}  // namespace ecr::daemon
