#include "daemon/page/page_client.hpp"

namespace ecr::daemon {

page_client::page_client(asio::any_io_executor executor, clock& time, const link_config& link)
    : link_{link}, patience_{std::move(executor), time}
{
    till = link.till;
    till_named = true;
    greeted = true;  // the guard of the page has seen to it
}

void page_client::tell(const protocol::till::reply& what)
{
    const bool worth_it =
        ends_command(what) || std::holds_alternative<protocol::till::accepted>(what);
    if (told_ || !worth_it) return;
    told_ = what;
    patience_.cancel();
}

void page_client::keep(std::shared_ptr<order_observer> observer)
{
    observers_.push_back(std::move(observer));
}

void page_client::drop(const order_observer* observer)
{
    std::erase_if(observers_, [&](const auto& one) { return one.get() == observer; });
}

asio::awaitable<std::optional<protocol::till::reply>> page_client::answer(milliseconds limit)
{
    if (!told_) {
        patience_.set(limit);
        (void)co_await patience_.wait();
    }
    co_return told_;
}

}  // namespace ecr::daemon
