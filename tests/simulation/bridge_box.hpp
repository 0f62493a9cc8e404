#pragma once

#include "daemon/app.hpp"
#include "tests/simulation/cable.hpp"
#include "tests/simulation/sky.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace ecr::simulation {

/// The real bridge in a box of its own, with a switch: what is switched off says and drains
/// nothing, as after a power cut.
class bridge_box {
public:
    bridge_box(daemon::virtual_clock& time, sky& way, link_hub& hub, std::string client_key);
    ~bridge_box();
    bridge_box(const bridge_box&) = delete;
    bridge_box& operator=(const bridge_box&) = delete;

    daemon::config settings;

    /// Opens the journal and recovers; `chance` seeds jitter and made numbers.
    void power_on(std::uint32_t chance, daemon::commit_hooks hooks = {});
    void power_off();
    [[nodiscard]] bool is_on() const { return power_ != nullptr; }

    /// One handler of the bridge. False: there is nothing to do at this moment.
    bool step();

private:
    class mortal_context;

    daemon::virtual_clock& time_;
    sky& way_;
    link_hub& hub_;
    std::string client_key_;
    std::unique_ptr<mortal_context> power_;
    std::unique_ptr<daemon::app> bridge_;
};

}  // namespace ecr::simulation
