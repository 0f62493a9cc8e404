// Until when a command without a number is the repeat of an earlier one. Source: design 3.4.
#include "daemon/limits.hpp"
#include "daemon/order/order_service.hpp"

namespace ecr::daemon {
namespace {

// The longest that an order runs before it ends, with room to spare.
constexpr std::chrono::hours life_max{3};

}  // namespace

bool order_service::is_recent(const protocol::order& known) const
{
    auto updated = ctx_.since(known.updated_at);  // of an earlier start: the wall clock is all
    const auto last = last_ended_.find(known.till);
    if (const auto r = running(known.out_trade_no))
        updated = r->updated;
    else if (last != last_ended_.end() && last->second.out_trade_no == known.out_trade_no)
        updated = last->second.at;
    return ctx_.time.now() - updated <= ctx_.settings.reattach_window;
}

bool order_service::has_just_started() const
{
    return ctx_.time.now() - started_ <= ctx_.settings.reattach_window;
}

/// An order whose end the till may not have heard can be repeated for a while, also over a restart:
/// that nobody did so before the while was over is durable, or the first customer of the next day
/// would be shown the last sale of the day before.
void order_service::open_window(const protocol::order& ended)
{
    if (halted() || ended.delivered || !ended.till_order.empty()) return;
    const auto number = ended.out_trade_no;
    const auto [window, fresh] = windows_.try_emplace(number, ctx_.executor, ctx_.time);
    if (!fresh) return;
    window->second.set(ctx_.settings.reattach_window);
    window->second.on_ring([this, number] { mark_delivered(number); });
}

asio::awaitable<error_code> order_service::open_windows_again(timestamp last_sign)
{
    store::order_filter lately;
    lately.since = last_sign - life_max;
    lately.limit = limits::list_limit_max;
    const auto rows = co_await ctx_.journal.run([&](store::journal& j) { return j.list(lately); });
    if (!rows) co_return rows.error();
    for (const auto& row : *rows)
        if (protocol::is_final(row.state)) open_window(row);
    co_return error_code{};
}

}  // namespace ecr::daemon
