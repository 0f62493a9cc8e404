#pragma once

#include "daemon/config.hpp"
#include "protocol/result.hpp"

#include <windows.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ecr::daemon {

inline constexpr auto service_title = L"ecrbridge: tills to QFPay";
/// Services that must run before: the network. Each ends with a zero, the list with another.
inline constexpr auto service_needs = L"Tcpip\0Afd\0";
/// As little as can reach the network; its folder is opened to the service by its own name.
inline constexpr auto service_account = L"NT AUTHORITY\\LocalService";

/// How Windows is to treat it: started again when it fails, stopped with time enough before the
/// machine goes down, no privileges. Gives what this Windows has refused.
[[nodiscard]] std::vector<std::string> set_manners(SC_HANDLE service);

/// At a boot, after what the machine needs most.
void start_late_at_boot(SC_HANDLE service);

/// Takes a folder away from all but the system, its administrators and the service; what is made in
/// it later follows.
///
/// Errors: system category
[[nodiscard]] error_code make_service_folder(const std::filesystem::path& folder);

/// The service's configuration; nothing: there is none, or it is wrong.
[[nodiscard]] std::optional<config> config_of_service();

/// Tells the event log which program has the texts.
void register_event_source(const std::filesystem::path& program);
void forget_event_source();

}  // namespace ecr::daemon
