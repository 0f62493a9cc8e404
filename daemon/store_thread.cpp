#include "daemon/store_thread.hpp"

#include "daemon/limits.hpp"

#include <memory>
#include <utility>

namespace ecr::daemon {

store_thread::store_thread(asio::any_io_executor io, std::unique_ptr<store::journal> journal,
                           std::function<void(error_code)> on_failure, commit_hooks hooks,
                           store_runs where)
    : io_{std::move(io)},
      journal_{std::move(journal)},
      on_failure_{std::move(on_failure)},
      hooks_{std::move(hooks)},
      may_run_here_{where == store_runs::where_it_is_quicker}
{
    if (where != store_runs::on_the_callers) thread_ = std::jthread{[this] { context_.run(); }};
}

store_thread::~store_thread()
{
    work_.reset();  // the thread ends once its queue is empty
}

asio::awaitable<void> store_thread::answer()
{
    auto start = [this](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        asio::post(context_,
                   [this, shared] { asio::post(io_, [shared] { std::move (*shared)(); }); });
        if (!thread_.joinable()) asio::post(io_, [this] { context_.poll(); });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start,
                                                                         asio::use_awaitable);
}

bool store_thread::is_quicker_here(takes time) const noexcept
{
    // Nobody overtakes: what was asked for first is written first.
    if (hesitating_ > 0) return true;
    // A caller that waits alone has the journal to itself, and the stopwatch with it.
    if (!may_run_here_ || callers_ != 1 || time == takes::long_perhaps) return false;
    return !since_slow_commit_ || since_slow_commit_->elapsed() > limits::slow_commit_remembered;
}

void store_thread::remember_slowness(const stopwatch& since_begin)
{
    if (since_begin.elapsed() > limits::quick_commit) since_slow_commit_.emplace();
}

void store_thread::begin()
{
    if (!group_error_) group_error_ = journal_->begin_group();
}

void store_thread::commit()
{
    const bool failed_before = static_cast<bool>(group_error_);
    const stopwatch since_begin;
    if (hooks_.before) hooks_.before();
    if (!failed_before) group_error_ = journal_->commit_group();
    if (hooks_.after) hooks_.after();
    remember_slowness(since_begin);

    // Before the callers resume: what they were about to tell would be told over a failed journal.
    if (group_error_ && !std::exchange(reported_, true))
        asio::post(io_, [this, why = group_error_] { report(why); });
}

void store_thread::open_group()
{
    if (group_open_) return;
    group_open_ = true;
    begin();
    // Behind all that is queued now: that, and nothing later, shares this transaction.
    asio::post(context_, [this] { close_group(); });
}

void store_thread::close_group()
{
    commit();
    group_open_ = false;
    // All of them by one message: each would wake the I/O thread.
    asio::post(io_, [all = std::exchange(waiting_, {}), why = group_error_]() mutable {
        for (auto& resume : all)
            resume(why);
    });
}

void store_thread::report(error_code why)
{
    if (const auto tell = std::exchange(on_failure_, {})) tell(why);
}

}  // namespace ecr::daemon
