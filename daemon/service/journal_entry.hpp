#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace ecr::daemon {

/// Where systemd's journal takes entries of named fields. Source: the journal's native protocol,
/// systemd.io/JOURNAL_NATIVE_PROTOCOL.
inline constexpr auto journal_socket_path = "/run/systemd/journal/socket";

using journal_fields = std::span<const std::pair<std::string_view, std::string>>;

/// An entry as a datagram: the fields as they are named, in their order. Fields can be searched
/// ("journalctl ECR_ORDER=A1001"), which prefixes on standard error cannot carry. A few lines, so
/// libsystemd is not needed.
[[nodiscard]] std::string journal_entry(journal_fields fields);

/// The name of one of our fields there: ECR_ and the key in capitals.
[[nodiscard]] std::string journal_name(std::string_view key);

}  // namespace ecr::daemon
