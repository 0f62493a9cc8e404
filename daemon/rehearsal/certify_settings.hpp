#pragma once

#include "daemon/config.hpp"
#include "daemon/rehearsal/certify_stage.hpp"
#include "tests/simulator/settings.hpp"

#include <filesystem>

/// How bridge and cloud are set for a certification.
namespace ecr::daemon::certify {

inline constexpr auto terminal_id = "SIM0000001";
inline constexpr auto neighbour_link = "certify-neighbour";

[[nodiscard]] simulator::settings cloud_settings(const pace& how);

/// A bridge of this cloud, without links. `folder` has the cloud's authority, and room for a
/// journal.
[[nodiscard]] config bridge_settings(const std::filesystem::path& folder, std::uint16_t cloud_port);

/// A shop's link as the stage has it: its dialect stays, its terminal is the simulated one.
[[nodiscard]] link_config staged(link_config link, const pace& how);

/// QFPay refunds nothing at night. What to add to the clock so that it is another hour.
[[nodiscard]] milliseconds shift_out_of_the_night(timestamp now);

}  // namespace ecr::daemon::certify
