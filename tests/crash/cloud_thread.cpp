#include "tests/crash/cloud_thread.hpp"

namespace ecr::crash {
namespace {

simulator::settings quick_shop()
{
    simulator::settings s;
    s.push_delay = milliseconds{5};
    s.shopper_delay = milliseconds{30};
    // Enquiries come every few milliseconds here: the limit is not what is tested.
    s.requests_per_second = 1'000'000;
    s.requests_per_minute = 1'000'000;
    return s;
}

}  // namespace

cloud_thread::cloud_thread()
    : cloud_{std::make_unique<simulator::cloud>(io_.get_executor(), clock_, quick_shop())}
{
    cloud_->start();
    thread_ = std::jthread{[this] { io_.run(); }};
}

cloud_thread::~cloud_thread()
{
    ask([](simulator::cloud& c) { c.stop(); });
    work_.reset();
    io_.stop();
}

}  // namespace ecr::crash
