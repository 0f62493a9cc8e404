#pragma once

#include <filesystem>
#include <string>

namespace ecr::daemon {

/// How long a stop waits for open orders when nobody says: a shopper's two minutes and a margin.
inline constexpr int wait_for_orders_s = 150;

// What went wrong, for people; empty: it is done. All but questions need an administrator.

[[nodiscard]] bool is_service_installed();
[[nodiscard]] bool is_service_running();

/// Registers this program as a service, or sets the registered one anew: its account, that it waits
/// for the network, that it is started again when it fails. Makes its folder, which nobody else can
/// look into, and tells the event log of it. Starts nothing.
[[nodiscard]] std::string install_service(const std::filesystem::path& config);

/// Starts it, now and at every boot, lets its links through the firewall that leave this machine,
/// and returns when tills can come.
[[nodiscard]] std::string start_service();

/// Waits until no order is open, at most so long, and stops it. What is open then is in the
/// journal, and the next start goes on with it. None that runs: it is done.
[[nodiscard]] std::string stop_service(int wait_s);

/// Takes the service, its rule of the firewall and its entry of the event log away. Its files stay.
[[nodiscard]] std::string remove_service();

}  // namespace ecr::daemon
