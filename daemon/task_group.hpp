#pragma once

#include "daemon/waiting_line.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <functional>

namespace ecr::daemon {

/// Tasks that somebody owns and waits for. An exception that leaves a task is a mistake of ours; it
/// goes to `on_bug`.
class task_group {
public:
    task_group(asio::any_io_executor executor, std::function<void(std::exception_ptr)> on_bug)
        : executor_{std::move(executor)}, on_bug_{std::move(on_bug)}
    {}

    void spawn(asio::awaitable<void> task)
    {
        ++running_;
        asio::co_spawn(executor_, std::move(task), [this](std::exception_ptr failed) {
            if (--running_ == 0) empty_.call_all();
            if (failed) on_bug_(failed);
        });
    }

    [[nodiscard]] asio::awaitable<void> until_empty()
    {
        while (running_ > 0)
            (void)co_await empty_.wait();
    }

    [[nodiscard]] std::size_t size() const noexcept { return running_; }
    [[nodiscard]] const asio::any_io_executor& executor() const noexcept { return executor_; }

private:
    asio::any_io_executor executor_;
    std::function<void(std::exception_ptr)> on_bug_;
    std::size_t running_ = 0;
    waiting_line empty_;
};

}  // namespace ecr::daemon
