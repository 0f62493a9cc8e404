#pragma once

#include "daemon/app.hpp"
#include "tests/simulation/cable.hpp"
#include "tests/simulation/post_box.hpp"
#include "tests/simulation/sky.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace ecr::simulation {

/// Why a bridge has ended by itself.
struct bridge_end {
    bool journal_failed = false;  // the service manager starts it again
    std::string why;
};

/// The real bridge in a box of its own, with a switch: what is switched off says and drains
/// nothing, as after a power cut.
class bridge_box {
public:
    bridge_box(daemon::virtual_clock& time, sky& way, link_hub& hub, post_box& post,
               std::string client_key);
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

    /// The process has ended by itself: its journal failed, or it met a mistake of its own. Nothing
    /// until then; power_off() forgets it.
    [[nodiscard]] const std::optional<bridge_end>& ended() const { return ended_; }

private:
    class mortal_context;

    [[nodiscard]] daemon::app::options options(std::uint32_t chance, daemon::commit_hooks hooks);
    void stop();

    daemon::virtual_clock& time_;
    sky& way_;
    link_hub& hub_;
    post_box& post_;
    std::string client_key_;
    std::unique_ptr<mortal_context> power_;
    std::unique_ptr<daemon::app> bridge_;
    std::optional<bridge_end> ended_;
};

}  // namespace ecr::simulation
