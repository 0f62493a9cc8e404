#pragma once

#include "daemon/order/order_context.hpp"

namespace ecr::daemon {

/// Takes one order from where it stands to its end, and then watches for late money. The only place
/// that moves an order: nobody else writes a step of it.
class order_course {
public:
    order_course(order_context& context, running_ptr order) : ctx_{context}, r_{std::move(order)} {}

    /// Ends when the order needs no more watching, or the bridge stops.
    [[nodiscard]] asio::awaitable<void> run();

    /// Why every order leaves, in its history.
    static constexpr std::string_view being_sent = "being sent";

private:
    // The way to the cloud. False: the order ended, or the bridge cannot go on.
    [[nodiscard]] asio::awaitable<bool> wait_for_morning();
    [[nodiscard]] asio::awaitable<bool> take_terminal();
    [[nodiscard]] asio::awaitable<bool> read_refundable();
    [[nodiscard]] asio::awaitable<bool> leave();
    [[nodiscard]] asio::awaitable<bool> push();
    [[nodiscard]] asio::awaitable<protocol::push_verdict> send_once();
    [[nodiscard]] asio::awaitable<bool> uphold_refund();
    [[nodiscard]] asio::awaitable<protocol::cloud_reply> send_push(bool with_number);
    [[nodiscard]] asio::awaitable<protocol::cloud_reply> send_direct();

    // The way to the end.
    [[nodiscard]] asio::awaitable<void> follow();
    [[nodiscard]] asio::awaitable<bool> sleep_until_next_enquiry();
    [[nodiscard]] asio::awaitable<void> tell_terminal_to_cancel();
    [[nodiscard]] asio::awaitable<protocol::evidence> ask();
    [[nodiscard]] asio::awaitable<protocol::evidence> ask_by_own_number();
    [[nodiscard]] asio::awaitable<protocol::evidence> ask_about_payment();
    [[nodiscard]] asio::awaitable<protocol::evidence> ask_directly();
    [[nodiscard]] asio::awaitable<protocol::evidence> ask_about_direct_payment();
    [[nodiscard]] asio::awaitable<void> undo();
    [[nodiscard]] asio::awaitable<void> wish_to_cancel();
    [[nodiscard]] asio::awaitable<void> weigh(protocol::evidence found);
    [[nodiscard]] asio::awaitable<void> weigh_end(const protocol::evidence& found);
    [[nodiscard]] asio::awaitable<void> weigh_silence(const protocol::evidence& found);
    [[nodiscard]] asio::awaitable<void> returned(const protocol::evidence& found);
    [[nodiscard]] asio::awaitable<void> paid_again(const protocol::evidence& found);
    [[nodiscard]] asio::awaitable<void> mismatch(const protocol::evidence& found);
    [[nodiscard]] asio::awaitable<void> resolve();
    [[nodiscard]] asio::awaitable<void> run_out_of_patience();

    [[nodiscard]] bool is_confirmed(const protocol::evidence& found);
    [[nodiscard]] bool out_of_reach() const;
    [[nodiscard]] bool nothing_to_ask() const;
    [[nodiscard]] asio::awaitable<void> give_up();
    [[nodiscard]] asio::awaitable<void> end_watch_early();
    [[nodiscard]] asio::awaitable<bool> another_refund_followed();
    [[nodiscard]] asio::awaitable<bool> was_refunded();
    [[nodiscard]] bool is_direct() const { return r_->row.route == protocol::order_route::direct; }
    [[nodiscard]] milliseconds window() const;
    [[nodiscard]] milliseconds patience(milliseconds usual) const;
    [[nodiscard]] milliseconds concluded_at() const;
    /// The earliest age at which a look counts as one after the order's time.
    [[nodiscard]] milliseconds next_concluding_look() const;
    [[nodiscard]] bool undo_begun() const;
    /// A refund whose push was refused, once the cloud knows of none: nothing has moved.
    [[nodiscard]] bool refused_refund_is_over() const;
    [[nodiscard]] bool needs_no_more_asking() const;
    [[nodiscard]] bool has_stood();
    [[nodiscard]] milliseconds age() const { return ctx_.time.now() - r_->sent; }
    /// At most: how far back the cloud may have to look for it.
    [[nodiscard]] milliseconds oldest_age() const
    {
        return std::max(age(), ctx_.time.now() - r_->begun.value_or(r_->sent));
    }
    [[nodiscard]] protocol::enquiry_phase phase() const;
    [[nodiscard]] bool settled() const { return protocol::is_final(r_->row.state); }
    [[nodiscard]] const std::string& enquiry_terminal() const;
    [[nodiscard]] importance urgency() const;

    /// Makes a step durable, then applies it to the row and tells the log and the observers.
    /// False: the journal failed; then nobody is told anything but that.
    ///
    /// `reason` must live as long as the call. Facts are named first: GCC 12 destroys temporaries
    /// in a co_await expression twice, braced aggregates and texts made from literals among them.
    [[nodiscard]] asio::awaitable<bool> step(protocol::order_event on, std::string_view reason,
                                             store::step_facts facts);
    [[nodiscard]] asio::awaitable<bool> step(protocol::order_event on, std::string_view reason);
    [[nodiscard]] asio::awaitable<void> end_unsent(protocol::order_event on,
                                                   std::string_view reason);
    void apply(const protocol::transition& step, std::string_view reason,
               const store::step_facts& facts, timestamp at);
    void set_stage(protocol::till::stage where);
    void release_terminal(bool seen_to_end = false);

    order_context& ctx_;
    running_ptr r_;
    bool may_have_left_ = false;    // the request for money
    bool known_after_all_ = false;  // to the cloud, of an order that it has refused
};

}  // namespace ecr::daemon
