#include "simulator_thread.hpp"

namespace ecr::process {

simulator_thread::simulator_thread(simulator::settings initial)
{
    cloud_.emplace(io_.get_executor(), clock_, std::move(initial));
    cloud_->start();
    port_ = cloud_->port();
    ca_pem_ = cloud_->ca_pem();
    thread_ = std::jthread{[this] { io_.run(); }};
}

simulator_thread::~simulator_thread()
{
    with([this](simulator::cloud& running) {
        running.stop();
        io_.stop();
    });
    thread_.join();
}

simulator::ledger simulator_thread::truth()
{
    return with([](simulator::cloud& running) { return running.truth(); });
}

void simulator_thread::plan(simulator::fault next)
{
    with([&](simulator::cloud& running) { running.plan(std::move(next)); });
}

void simulator_thread::plan(simulator::shopper next)
{
    with([&](simulator::cloud& running) { running.plan(std::move(next)); });
}

void simulator_thread::set_listening(bool listening)
{
    with([&](simulator::cloud& running) { running.set_listening(listening); });
}

}  // namespace ecr::process
