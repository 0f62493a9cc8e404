#include "daemon/store_thread.hpp"

#include <memory>
#include <utility>

namespace ecr::daemon {

store_thread::store_thread(asio::any_io_executor io, std::unique_ptr<store::journal> journal,
                           std::function<void(error_code)> on_failure, commit_hooks hooks,
                           store_runs where)
    : io_{std::move(io)},
      journal_{std::move(journal)},
      on_failure_{std::move(on_failure)},
      hooks_{std::move(hooks)}
{
    if (where == store_runs::on_its_own_thread) thread_ = std::jthread{[this] { context_.run(); }};
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

void store_thread::open_group()
{
    if (group_open_) return;
    group_open_ = true;
    if (!group_error_) group_error_ = journal_->begin_group();
    // Behind all that is queued now: that, and nothing later, shares this transaction.
    asio::post(context_, [this] { close_group(); });
}

void store_thread::close_group()
{
    const bool failed_before = static_cast<bool>(group_error_);
    if (hooks_.before) hooks_.before();
    if (!failed_before) group_error_ = journal_->commit_group();
    if (hooks_.after) hooks_.after();
    group_open_ = false;

    // Before the callers resume: what they were about to tell would be told over a failed journal.
    if (group_error_ && !std::exchange(reported_, true))
        asio::post(io_, [this, why = group_error_] { report(why); });
    for (auto& resume : std::exchange(waiting_, {}))
        resume(group_error_);
}

void store_thread::report(error_code why)
{
    if (const auto tell = std::exchange(on_failure_, {})) tell(why);
}

}  // namespace ecr::daemon
