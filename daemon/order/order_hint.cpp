// Somebody who is not believed says that there is news of an order.
#include "daemon/log_often.hpp"
#include "daemon/order/order_service.hpp"

namespace ecr::daemon {
namespace {

using protocol::order_state;

// An enquiry that was due anyway has been answered by then, most likely.
constexpr milliseconds settling{500};

/// Takes an order in hand again that is known to the journal alone.
asio::awaitable<void> look_up(order_service& orders, std::string out_trade_no)
{
    const auto found =
        co_await orders.journal().run([&](store::journal& j) { return j.find(out_trade_no); });
    if (!found) {
        log_often(log_level::error, "journal.failed", {{"why", found.error().message()}});
        co_return;
    }
    // It may have been taken in hand while the journal was read.
    if (*found && !orders.running(out_trade_no)) (void)orders.watch_again(**found);
}

}  // namespace

void order_service::hint(const std::string& out_trade_no)
{
    if (stopping()) return;
    const auto r = running(out_trade_no);
    if (!r) {
        if (!hints_.contains(out_trade_no)) tasks_.spawn(look_up(*this, out_trade_no));
        return;
    }
    // Nothing was sent yet, or nothing can change any more.
    if (r->row.state == order_state::accepted || r->row.state == order_state::paid) return;

    // Not more often than a till may ask; but a hint is not forgotten for that: the next enquiry
    // of a watched order may be an hour away.
    const auto ready_at = r->last_asked.value_or(ctx_.time.now()) +
                          (r->last_asked ? ctx_.settings.pace.while_waiting : milliseconds{0});
    if (ctx_.time.now() >= ready_at) {
        r->asked_for = true;
        r->wake.cancel();
        return;
    }
    const auto [later, fresh] = hints_.try_emplace(out_trade_no, ctx_.executor, ctx_.time);
    if (!fresh) return;
    later->second.set_at(ready_at + settling);
    later->second.on_ring([this, out_trade_no, asked_at = r->last_asked] {
        hints_.erase(out_trade_no);
        const auto now_running = running(out_trade_no);
        if (now_running && now_running->last_asked == asked_at) hint(out_trade_no);
    });
}

}  // namespace ecr::daemon
