#include "tests/simulation/bridge_box.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace ecr::simulation {

/// Can be ended with everything in it: what waits in it is destroyed, not run.
class bridge_box::mortal_context : public asio::io_context {
public:
    mortal_context() : asio::io_context{1} {}
    using asio::execution_context::shutdown;
};

bridge_box::bridge_box(daemon::virtual_clock& time, sky& way, link_hub& hub, std::string client_key)
    : time_{time}, way_{way}, hub_{hub}, client_key_{std::move(client_key)}
{}

bridge_box::~bridge_box()
{
    power_off();
}

void bridge_box::power_on(std::uint32_t chance, daemon::commit_hooks hooks)
{
    power_ = std::make_unique<mortal_context>();
    daemon::app::options how;
    how.client_key = client_key_;
    how.hooks = std::move(hooks);
    how.around.connect = [this](asio::any_io_executor executor, daemon::clock& time,
                                daemon::https_settings https) {
        return way_.connect(std::move(executor), time, https);
    };
    how.around.open_link = [this](const daemon::link_config& link, daemon::till_desk& desk) {
        return hub_.open(link, desk);
    };
    how.around.store = daemon::store_runs::on_the_callers;
    how.around.chance = chance;
    bridge_ =
        std::make_unique<daemon::app>(power_->get_executor(), time_, settings, std::move(how));
    asio::co_spawn(*power_, bridge_->start(), [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
}

void bridge_box::power_off()
{
    if (!power_) return;
    power_->shutdown();
    bridge_.reset();
    power_.reset();
    hub_.power_off();
}

bool bridge_box::step()
{
    if (!power_) return false;
    power_->restart();
    return power_->poll_one() > 0;
}

}  // namespace ecr::simulation
