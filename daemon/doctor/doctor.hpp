#pragma once

#include "daemon/clock.hpp"
#include "daemon/doctor/finding.hpp"
#include "daemon/usual_places.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ecr::daemon::doctor {

/// Where the machine keeps what the doctor looks at, and from when on it complains.
struct surroundings {
    std::filesystem::path proc = "/proc";
    std::filesystem::path dev = "/dev";
    std::filesystem::path systemd = "/run/systemd/system";
    std::filesystem::path serial_drop_in = "/etc/systemd/system/ecrbridged.service.d/serial.conf";
    std::string systemctl = "systemctl";  // as the shell finds it
    std::uint64_t room_short_mib = 1024;
    std::uint64_t room_full_mib = 100;
    std::chrono::hours certificate_ends_soon{30 * 24};
    /// Whether something sets the clock: 0 yes, 1 no, negative not known.
    int (*clock_unset)() = nullptr;  // none: the kernel is asked
};

struct examination {
    std::filesystem::path config_file = usual_config();
    bool ask_cloud = true;
    surroundings around = {};
};

/// Looks at everything that a payment needs, from the configuration to the terminal, before the
/// bridge is installed and while it runs. Moves no money: the cloud is asked about an order that
/// nobody has made. Changes nothing: while a bridge runs, its ports are not opened and its journal
/// is only read.
[[nodiscard]] std::vector<finding> examine(const examination& what, clock& time);

/// The worst of them; that something could not be looked at counts less than a caution.
[[nodiscard]] verdict worst_of(const std::vector<finding>& all) noexcept;

}  // namespace ecr::daemon::doctor
