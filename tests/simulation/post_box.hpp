#pragma once

#include "tests/simulator/agenda.hpp"
#include "tests/simulator/http_post.hpp"

#include <string>

namespace ecr::daemon {
class notification_desk;
}

namespace ecr::simulation {

namespace asio = boost::asio;

/// Brings QFPay's notifications to the bridge that runs; there may be none. Belongs to the world.
class post_box {
public:
    explicit post_box(simulator::agenda& wires) : wires_{wires} {}

    /// From here on this bridge is the one that runs.
    void open(asio::any_io_executor executor, daemon::notification_desk& desk);
    void power_off() { desk_ = nullptr; }

    /// `then` as of post_json.
    void post(const std::string& body, const std::string& sign, simulator::post_listener then);

private:
    simulator::agenda& wires_;
    asio::any_io_executor executor_;
    daemon::notification_desk* desk_ = nullptr;
};

}  // namespace ecr::simulation
