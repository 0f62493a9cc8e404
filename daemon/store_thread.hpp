#pragma once

#include "daemon/stopwatch.hpp"
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
#include <optional>
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
/// the same way. Where it is quicker: see store_thread.
enum class store_runs { on_its_own_thread, on_the_callers, where_it_is_quicker };

/// The one thread that touches the journal. An fsync may take seconds on a worn SD card; the I/O
/// thread must go on answering tills and the watchdog meanwhile.
///
/// Group commit: the work that is waiting when the thread gets to it shares one transaction. The
/// first work of a group posts the commit behind everything that is queued at that moment, so a
/// lone step is committed at once and a crowd pays for one fsync.
///
/// Where it is quicker, a lone caller does its work itself, as long as commits are quick: waking a
/// thread and being woken costs as much as a good disk's flush. Nobody else waits then, so nobody
/// touches the journal at the same time.
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

    /// Where work is done that may take long by itself, whatever the disk: a whole day's orders.
    enum class takes { a_moment, long_perhaps };

    /// Runs `work(journal&)`, which gives an error_code or a result<T>, and resumes the caller once
    /// that is durable. Not interruptible: a commit that has begun is waited for.
    template <class F>
    [[nodiscard]] asio::awaitable<std::invoke_result_t<F, store::journal&>> run(
        F work, takes time = takes::a_moment)
    {
        using answer = std::invoke_result_t<F, store::journal&>;
        auto start = [this](auto handler, F w) {
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            asio::post(context_, [this, shared, w = std::move(w)]() mutable {
                open_group();
                auto got = group_error_ ? answer{group_error_} : w(*journal_);
                waiting_.push_back([shared, got = std::move(got)](error_code failed) mutable {
                    if (failed) got = failed;
                    std::move (*shared)(std::tuple{std::move(got)});
                });
            });
            if (!thread_.joinable()) asio::post(io_, [this] { context_.poll(); });
        };
        ++callers_;
        if (is_quicker_here(time)) {
            // Everybody who is ready may come too: together they share one commit, over there.
            ++hesitating_;
            co_await asio::post(io_, asio::use_awaitable);
            --hesitating_;
            if (callers_ == 1 && time == takes::a_moment) {
                auto got = do_here<answer>(work);
                if (group_error_) {
                    got = group_error_;
                    // Behind the report: what is told now would be told over a failed journal.
                    co_await asio::post(io_, asio::use_awaitable);
                }
                --callers_;
                co_return std::move(got);
            }
        }
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
    void begin();
    void commit();
    void open_group();
    void close_group();
    [[nodiscard]] bool is_quicker_here(takes time) const noexcept;

    /// The whole of it is measured: a lock that somebody else holds takes as long as a slow disk.
    template <class Answer, class F>
    [[nodiscard]] Answer do_here(F& work)
    {
        const stopwatch since_begin;
        begin();
        auto got = group_error_ ? Answer{group_error_} : work(*journal_);
        commit();
        remember_slowness(since_begin);
        return got;
    }
    void remember_slowness(const stopwatch& since_begin);

    asio::any_io_executor io_;
    std::unique_ptr<store::journal> journal_;
    std::function<void(error_code)> on_failure_;
    commit_hooks hooks_;
    std::size_t callers_ = 0;
    std::size_t hesitating_ = 0;

    bool may_run_here_;

    // Touched by the store thread while anybody waits, and else by the callers'.
    std::optional<stopwatch> since_slow_commit_;
    bool group_open_ = false;
    bool reported_ = false;
    error_code group_error_;
    std::vector<std::function<void(error_code)>> waiting_;

    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
    std::jthread thread_;
};

}  // namespace ecr::daemon
