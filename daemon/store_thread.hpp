#pragma once

#include "store/journal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <memory>
#include <thread>
#include <tuple>
#include <type_traits>
#include <vector>

namespace ecr::daemon {

namespace asio = boost::asio;

/// Called on the store thread around every commit. For crash tests.
struct commit_hooks {
    std::function<void()> before;
    std::function<void()> after;
};

/// Who touches the journal. A simulation has one thread for everything, so that the same seed runs
/// the same way.
enum class store_runs { on_its_own_thread, on_the_callers };

/// The one thread that touches the journal. An fsync may take seconds on a worn SD card; the I/O
/// thread must go on answering tills and the watchdog meanwhile.
///
/// Group commit: the work that is waiting when the thread gets to it shares one transaction. The
/// first work of a group posts the commit behind everything that is queued at that moment, so a
/// lone step is committed at once and a crowd pays for one fsync.
class store_thread {
public:
    /// `on_failure` runs on the I/O executor, once, when a commit or a write fails for good.
    store_thread(asio::any_io_executor io, std::unique_ptr<store::journal> journal,
                 std::function<void(error_code)> on_failure, commit_hooks hooks = {},
                 store_runs where = store_runs::on_its_own_thread);
    /// Finishes the queued work.
    ~store_thread();
    store_thread(const store_thread&) = delete;
    store_thread& operator=(const store_thread&) = delete;

    /// Runs `work(journal&)`, which gives an error_code or a result<T>, and resumes the caller once
    /// that is durable. Not interruptible: a commit that has begun is waited for.
    template <class F>
    [[nodiscard]] asio::awaitable<std::invoke_result_t<F, store::journal&>> run(F work)
    {
        using answer = std::invoke_result_t<F, store::journal&>;
        auto start = [this](auto handler, F w) {
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            asio::post(context_, [this, shared, w = std::move(w)]() mutable {
                open_group();
                auto got = group_error_ ? answer{group_error_} : w(*journal_);
                waiting_.push_back([this, shared, got = std::move(got)](error_code failed) mutable {
                    if (failed) got = failed;
                    asio::post(io_, [shared, got = std::move(got)]() mutable {
                        std::move (*shared)(std::tuple{std::move(got)});
                    });
                });
            });
            if (!thread_.joinable()) asio::post(io_, [this] { context_.poll(); });
        };
        ++callers_;
        // In a tuple, because Asio would throw an error_code that stands alone.
        using signature = void(std::tuple<answer>);
        auto [got] = co_await asio::async_initiate<const asio::use_awaitable_t<>, signature>(
            start, asio::use_awaitable, std::move(work));
        --callers_;
        co_return std::move(got);
    }

    /// Returns when the thread has got to it, behind all that was queued before. It touches no
    /// journal, and tells only that the thread works: for a watchdog.
    [[nodiscard]] asio::awaitable<void> answer();

    /// For a caller on the I/O thread whose write failed although the commit did not: the journal
    /// cannot be trusted, and `on_failure` runs unless it has run already.
    void report(error_code why);

    /// How many callers are waiting. For the I/O thread.
    [[nodiscard]] std::size_t waiting() const noexcept { return callers_; }

private:
    void open_group();
    void close_group();

    asio::any_io_executor io_;
    std::unique_ptr<store::journal> journal_;
    std::function<void(error_code)> on_failure_;
    commit_hooks hooks_;
    std::size_t callers_ = 0;

    // Touched by the store thread only.
    bool group_open_ = false;
    bool reported_ = false;
    error_code group_error_;
    std::vector<std::function<void(error_code)>> waiting_;

    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
    std::jthread thread_;
};

}  // namespace ecr::daemon
