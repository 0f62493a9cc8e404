// Until when a command without a number is the repeat of an earlier one. Source: design 3.4.
#include "daemon/limits.hpp"
#include "daemon/order/order_service.hpp"

namespace ecr::daemon {
namespace {

// The longest that an order runs before it ends, with room to spare.
constexpr std::chrono::hours life_max{3};
// A customer waits no longer for the power to come back.
constexpr std::chrono::hours outage_max{1};

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

bool order_service::outlived_an_outage(const protocol::order& known) const
{
    if (ctx_.time.now() - started_ > ctx_.settings.reattach_window) return false;
    // What has ended belongs to a customer who has left by then: the first one of the next day must
    // not be shown the last sale of the day before. What has not ended must not be rung again.
    return !protocol::is_final(known.state) || ctx_.time.wall() - known.updated_at <= outage_max;
}

/// An order whose end the till may not have heard can be repeated for a while, also over a restart:
/// so it is durable, too, that nobody did so before the while was over.
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
