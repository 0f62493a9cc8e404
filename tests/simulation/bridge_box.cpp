#include "tests/simulation/bridge_box.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

namespace ecr::simulation {

/// Can be ended with everything in it: what waits in it is destroyed, not run.
class bridge_box::mortal_context : public asio::io_context {
public:
    mortal_context() : asio::io_context{1} {}
    using asio::execution_context::shutdown;
};

bridge_box::bridge_box(daemon::virtual_clock& time, sky& way, link_hub& hub, post_box& post,
                       std::string client_key)
    : time_{time}, way_{way}, hub_{hub}, post_{post}, client_key_{std::move(client_key)}
{}

bridge_box::~bridge_box()
{
    power_off();
}

daemon::app::options bridge_box::options(std::uint32_t chance, daemon::commit_hooks hooks)
{
    daemon::app::options how;
    how.client_key = client_key_;
    how.hooks = std::move(hooks);
    how.on_broken = [this] { stop(); };
    how.around.connect = [this](asio::any_io_executor executor, daemon::clock& time,
                                daemon::https_settings https) {
        return way_.connect(std::move(executor), time, https);
    };
    how.around.open_link = [this](const daemon::link_config& link, daemon::till_desk& desk) {
        return hub_.open(link, desk);
    };
    how.around.open_notifications = [this](daemon::notification_desk& desk) {
        post_.open(power_->get_executor(), desk);
    };
    how.around.store = daemon::store_runs::on_the_callers;
    how.around.chance = chance;
    return how;
}

void bridge_box::power_on(std::uint32_t chance, daemon::commit_hooks hooks)
{
    power_ = std::make_unique<mortal_context>();
    try {
        bridge_ = std::make_unique<daemon::app>(power_->get_executor(), time_, settings,
                                                options(chance, std::move(hooks)));
    } catch (const boost::system::system_error& failed) {
        ended_ = bridge_end{.journal_failed = true, .why = failed.what()};
        return;
    }
    asio::co_spawn(*power_, bridge_->start(), [this](std::exception_ptr failed) {
        if (!failed) return;
        try {
            std::rethrow_exception(failed);
        } catch (const boost::system::system_error& said) {
            ended_ = bridge_end{.journal_failed = true, .why = said.what()};
        }
    });
}

/// What the process does when its journal has failed.
void bridge_box::stop()
{
    asio::co_spawn(*power_, bridge_->stop(), [this](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
        ended_ = bridge_end{.journal_failed = true, .why = "its journal failed"};
    });
}

void bridge_box::power_off()
{
    ended_.reset();
    if (!power_) return;
    power_->shutdown();
    bridge_.reset();
    power_.reset();
    hub_.power_off();
    post_.power_off();
}

bool bridge_box::step()
{
    if (!power_ || ended_) return false;
    power_->restart();
    try {
        return power_->poll_one() > 0;
    } catch (const std::exception& bug) {
        ended_ = bridge_end{.why = bug.what()};
        return true;
    }
}

}  // namespace ecr::simulation
