#pragma once

#include <chrono>
#include <string_view>

namespace ecr::daemon {

/// The service's name, wherever Windows asks for one.
inline constexpr auto service_name = L"ecrbridged";

/// Becomes the process of the service, which Windows has started for that: `run` in a thread of
/// Windows', until it ends or Windows says stop, which comes as SIGTERM. Gives the exit status.
[[nodiscard]] int host_service(int argc, char** argv, int (*run)(int, char**));

/// Whether this process is the service's.
[[nodiscard]] bool is_service() noexcept;

/// Windows hears: tills can come.
void report_running() noexcept;

/// Windows hears: it stops, and may take that long.
void report_stopping(std::chrono::milliseconds at_most) noexcept;

/// Into the event log of Windows, under the service's name. Nothing when this is no service.
enum class event_kind { information, warning, error };
void report_event(event_kind kind, std::string_view text) noexcept;

}  // namespace ecr::daemon
