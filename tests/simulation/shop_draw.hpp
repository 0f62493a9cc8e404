#pragma once

#include "daemon/config.hpp"
#include "tests/simulation/shop_run.hpp"
#include "tests/simulator/settings.hpp"
#include "tests/simulator/shopper.hpp"

/// What of a shop its seed decides before it opens.
namespace ecr::simulation {

/// The cloud. Where the contract leaves open what it does, it may do either.
[[nodiscard]] simulator::settings cloud_of(const shop_plan& plan, fate& luck);

[[nodiscard]] daemon::config bridge_of(const shop_plan& plan, const std::filesystem::path& folder,
                                       fate& luck);

/// Who comes to the terminal next.
[[nodiscard]] simulator::shopper shopper_of(bool sluggish, fate& luck);

}  // namespace ecr::simulation
