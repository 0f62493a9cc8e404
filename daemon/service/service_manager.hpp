#pragma once

#include "daemon/service/unix_datagram.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ecr::daemon {

/// What started this process and watches it: systemd, Windows, or nobody; then every call does
/// nothing. For systemd a few datagrams, so libsystemd is not needed. Source: sd_notify(3),
/// sd_watchdog_enabled(3). Windows hears what state its service is in, and has no watchdog.
class service_manager {
public:
    /// Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment: they are meant
    /// for this process alone.
    [[nodiscard]] static service_manager from_environment();

    /// Nobody.
    service_manager() = default;

    /// Tills can come.
    void ready(std::string_view sentence);
    /// A sentence for "systemctl status". The same again is not sent.
    void status(std::string_view sentence);
    /// The configuration is being read again; ready() ends it.
    void reloading();
    /// It does not start, or cannot go on, for that reason.
    void failed(std::string_view sentence);
    /// The end has begun and may take that long; it is not cut short before.
    void stopping(std::string_view sentence, std::chrono::milliseconds at_most);
    /// Still alive.
    void feed();

    /// After how long without feed() this process is killed; nothing: never.
    [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const { return patience_; }
    [[nodiscard]] bool present() const noexcept;

private:
    unix_datagram to_;
    std::optional<std::chrono::milliseconds> patience_;
    std::string sentence_;
};

}  // namespace ecr::daemon
