#pragma once

#include "daemon/order/order_context.hpp"
#include "daemon/order/orders_in_hand.hpp"
#include "daemon/task_group.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace ecr::daemon {

/// What a till wants, with everything its link's settings add.
struct order_draft {
    protocol::order_kind kind = protocol::order_kind::payment;
    std::string till;
    bool till_named = false;
    std::string till_order;  // empty: the till sent no number
    numbering numbers = numbering::unique;
    std::string terminal;           // termid
    std::string terminal_as_asked;  // empty: the setting chose it
    // Never no value at all: a journal with such a row cannot be read again.
    protocol::channel via = protocol::channel::other;
    protocol::scan_type scan = protocol::scan_type::scan_pay;
    std::optional<int> camera_id;
    std::chrono::seconds payment_timeout{120};
    money amount;
    std::optional<protocol::order> payment;  // refunds: what is refunded
    bool new_sale = false;

    // Direct payments and refunds.
    protocol::order_route route = protocol::order_route::terminal;
    std::string merchant;
    std::string pay_type;
    std::string currency;   // either ISO code; empty: HKD
    std::string auth_code;  // a secret: goes to the cloud and nowhere else
    std::string goods;
    std::optional<std::chrono::seconds> valid_time;  // a shown code's life, when told in seconds
    std::string return_url;                          // of a page that the shopper pays on
    bool everything = false;     // refund: all that is left; `amount` is what that is
    bool when_possible = false;  // refund: waits for the end of QFPay's night
    bool unattended = false;     // refund: nobody stands there who could ask for it again
};

struct refusal {
    protocol::till::result_code code{};
    std::string text;
    bool safe_to_retry = true;
};

/// What became of a draft: refused, or an order that runs or has ended.
struct placement {
    std::optional<refusal> refused;
    running_ptr running;                   // in hand; it may have ended and be watched only
    std::optional<protocol::order> order;  // set whenever not refused
    bool earlier = false;                  // not a new order
};

/// All orders. Belongs to the I/O thread.
class order_service {
public:
    /// `chance` seeds jitter and made numbers.
    order_service(asio::any_io_executor executor, clock& time, store_thread& journal,
                  merchants& accounts, const order_config& settings,
                  const std::vector<terminal_config>& terminals, std::uint32_t chance,
                  std::function<void(std::exception_ptr)> on_bug);

    /// Goes on with everything the journal holds that is not final. Before any till is served.
    [[nodiscard]] asio::awaitable<error_code> recover();

    /// Makes the order durable and starts it, or finds the one it repeats. Source: design 3.4.
    [[nodiscard]] asio::awaitable<placement> place(order_draft draft);

    /// An order by its six-digit number when that is given, else by the till's number, our number,
    /// or QFPay's; the newest of several.
    [[nodiscard]] asio::awaitable<result<std::optional<protocol::order>>> find(
        std::string till, std::string number, std::uint32_t invoice = 0);
    [[nodiscard]] asio::awaitable<result<std::optional<protocol::order>>> last_of(std::string till);

    /// The order in hand, or nothing.
    [[nodiscard]] running_ptr running(const std::string& out_trade_no) const;
    /// The newest running order of a till that is not final.
    [[nodiscard]] running_ptr running_of(const std::string& till) const;

    /// All that are in hand, by out_trade_no: those that run, and those whose end is watched.
    [[nodiscard]] const std::map<std::string, running_ptr>& in_hand() const noexcept
    {
        return orders_.all();
    }
    /// Called with every order that becomes final, a moment before that is durable. One listener.
    void on_end(std::function<void(const protocol::order&)> listener)
    {
        end_listener_ = std::move(listener);
    }

    /// Asks for a cancel. A wish: the order ends when an enquiry ends it.
    void cancel(const running_ptr& r);

    /// Asks the cloud now and gives the order as it stands afterwards.
    [[nodiscard]] asio::awaitable<protocol::order> ask_now(running_ptr r);

    /// Takes an order of the journal in hand again that ended without payment or unresolved: late
    /// money may have come since. Nothing when it is paid, or the bridge is stopping.
    [[nodiscard]] running_ptr watch_again(protocol::order row);

    /// The operator ends an order, or takes it off the list. A text says why not; empty: done.
    [[nodiscard]] asio::awaitable<std::string> resolve(std::string out_trade_no, resolution how);

    /// What is left of a payment, as far as the journal knows.
    [[nodiscard]] asio::awaitable<result<std::int64_t>> left_of(protocol::order payment);

    /// A payment of the same till and amount that was rung after this one and paid: most likely
    /// the same sale again. Nothing: none.
    [[nodiscard]] asio::awaitable<std::optional<protocol::order>> rung_again(protocol::order o);

    void hint(const std::string& out_trade_no);  // there may be news: asks soon, unless it is paid

    void mark_delivered(const std::string& out_trade_no);

    /// Nothing new from now on. Orders that were not sent end so; the others are given `grace` as
    /// long as a till waits for them (`hurried` ends it), then stay in the journal for the next
    /// start. Requests under way are not cut off: that is the cloud client's part.
    [[nodiscard]] asio::awaitable<void> stop(milliseconds grace, const bool& hurried);
    /// After stop(): all courses have ended.
    [[nodiscard]] asio::awaitable<void> ended() { return tasks_.until_empty(); }

    /// The journal failed: tells everybody, sends nothing more.
    void give_up();

    [[nodiscard]] store_thread& journal() noexcept { return ctx_.journal; }
    [[nodiscard]] clock& time() noexcept { return ctx_.time; }
    [[nodiscard]] merchants& accounts() noexcept { return ctx_.accounts; }
    [[nodiscard]] const order_config& settings() const noexcept { return ctx_.settings; }
    [[nodiscard]] const std::vector<terminal_config>& terminals() const noexcept
    {
        return ctx_.terminals;
    }
    [[nodiscard]] running_ptr holder_of(const std::string& termid) const;
    /// No order goes on any more: all that is open waits for the next start.
    [[nodiscard]] bool halted() const noexcept { return ctx_.stopping || ctx_.broken; }
    [[nodiscard]] bool stopping() const noexcept { return ctx_.refusing || ctx_.broken; }
    /// Orders that a stop gives its grace: being sent, or with a till that waits for them.
    [[nodiscard]] std::size_t awaited_orders() const;

private:
    [[nodiscard]] protocol::order row_of(const order_draft& draft) const;
    void number(protocol::order& row, const order_draft& draft);
    [[nodiscard]] asio::awaitable<std::optional<placement>> repeated(const order_draft& draft,
                                                                     protocol::order& row);
    [[nodiscard]] asio::awaitable<std::optional<placement>> repeated_without_number(
        const order_draft& draft, const protocol::order& row);
    [[nodiscard]] bool is_of_this_day(const protocol::order& earlier,
                                      const protocol::order& row) const;
    /// Whether a till may still be repeating the command of this order.
    [[nodiscard]] bool is_recent(const protocol::order& known) const;
    /// The same over a restart: while the bridge was off nobody could ask.
    [[nodiscard]] bool outlived_an_outage(const protocol::order& known) const;
    void open_window(const protocol::order& ended);
    void note_end(const protocol::order& o)
    {
        open_window(o);
        if (end_listener_) end_listener_(o);
    }
    [[nodiscard]] asio::awaitable<error_code> open_windows_again(timestamp last_sign);
    [[nodiscard]] placement compared(const protocol::order& known, const protocol::order& wanted);
    [[nodiscard]] asio::awaitable<std::optional<refusal>> refund_problem(const order_draft& draft);
    [[nodiscard]] asio::awaitable<placement> start(protocol::order row, const order_draft& draft);
    [[nodiscard]] asio::awaitable<placement> attached(running_ptr r, protocol::order row);
    [[nodiscard]] bool is_full() const;
    [[nodiscard]] bool is_full_for(const std::string& till) const;
    void follow(const running_ptr& r);
    [[nodiscard]] asio::awaitable<void> course(running_ptr r);
    void late(const protocol::order& o);
    [[nodiscard]] asio::awaitable<result<std::vector<protocol::order>>> refused_for_room(
        timestamp last_sign);
    [[nodiscard]] asio::awaitable<result<std::vector<protocol::order>>> paid_while_undone(
        timestamp last_sign);
    [[nodiscard]] asio::awaitable<error_code> recover_late();
    [[nodiscard]] asio::awaitable<void> refund_late(protocol::order payment);

    order_context ctx_;
    orders_in_hand orders_;
    std::set<std::string> placing_;  // tills (numberless commands) and payments (refunds)
    waiting_line placing_line_;
    task_group tasks_;
    struct last_end {
        std::string out_trade_no;
        milliseconds at{};
    };
    std::map<std::string, last_end> last_ended_;  // by till, since this start
    milliseconds started_{};                      // by the clock that never jumps
    std::map<std::string, alarm> windows_;        // orders that may still be repeated, by number
    std::function<void(const protocol::order&)> end_listener_;
    std::map<std::string, alarm> hints_;  // orders that were asked about too lately, by number
};

}  // namespace ecr::daemon
