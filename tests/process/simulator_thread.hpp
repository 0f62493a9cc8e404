#pragma once

#include "tests/simulator/cloud.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <future>
#include <optional>
#include <thread>
#include <utility>

namespace ecr::process {

/// The simulated cloud in a thread of the test, on the real clock.
class simulator_thread {
public:
    /// Throws boost::system::system_error when it cannot listen.
    explicit simulator_thread(simulator::settings initial);
    ~simulator_thread();
    simulator_thread(const simulator_thread&) = delete;
    simulator_thread& operator=(const simulator_thread&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const std::string& ca_pem() const { return ca_pem_; }

    /// Runs `does(cloud&)` on the simulator's thread and waits for it.
    template <class F>
    auto with(F does)
    {
        std::packaged_task<std::invoke_result_t<F, simulator::cloud&>()> task{
            [this, &does] { return does(*cloud_); }};
        auto done = task.get_future();
        boost::asio::post(io_, [&task] { task(); });
        return done.get();
    }

    [[nodiscard]] simulator::ledger truth();
    void plan(simulator::fault next);
    void plan(simulator::shopper next);
    /// Refuses connections, or takes them again. Those that stand stay.
    void set_listening(bool listening);

private:
    daemon::real_clock clock_;  // before the context: its handlers hold alarms
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        io_.get_executor()};
    std::optional<simulator::cloud> cloud_;
    std::uint16_t port_ = 0;
    std::string ca_pem_;
    std::jthread thread_;
};

}  // namespace ecr::process
