#pragma once

#include "tests/crash/shifted_clock.hpp"
#include "tests/simulator/cloud.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <future>
#include <thread>
#include <type_traits>

namespace ecr::crash {

/// The simulated cloud in a thread of its own: it lives on when the bridge dies.
class cloud_thread {
public:
    cloud_thread();
    ~cloud_thread();
    cloud_thread(const cloud_thread&) = delete;
    cloud_thread& operator=(const cloud_thread&) = delete;

    /// Runs `what(cloud&)` on the cloud's thread and gives what it returns.
    template <class F>
    std::invoke_result_t<F, simulator::cloud&> ask(F what)
    {
        std::packaged_task<std::invoke_result_t<F, simulator::cloud&>()> task{
            [&] { return what(*cloud_); }};
        auto answer = task.get_future();
        boost::asio::post(io_, std::move(task));
        return answer.get();
    }

    [[nodiscard]] milliseconds wall_shift() const noexcept { return wall_shift_; }

private:
    milliseconds wall_shift_ = shift_away_from_midnight();
    shifted_clock clock_{wall_shift_};
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        io_.get_executor()};
    std::unique_ptr<simulator::cloud> cloud_;
    std::jthread thread_;
};

}  // namespace ecr::crash
