#include "daemon/link/till_session.hpp"

#include "daemon/limits.hpp"
#include "daemon/logging.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace ecr::daemon {

using protocol::till::dialect_output;
using protocol::till::outcome;
using protocol::till::problem;
using protocol::till::reply;
using protocol::till::result_code;

till_session::till_session(std::unique_ptr<byte_channel> channel,
                           std::unique_ptr<protocol::till::dialect> language, till_desk& desk,
                           const link_config& link, bool is_local)
    : channel_{std::move(channel)},
      language_{std::move(language)},
      desk_{desk},
      link_{link},
      local_{is_local},
      timer_{desk.executor(), desk.time()}
{
    greeted = link.token_file.empty();
}

asio::awaitable<void> till_session::run()
{
    const auto self = shared_from_this();
    last_heard_ = desk_.time().now();
    trace_ = desk_.traces().tap(link_, till, language_->make_cutter(), channel_->name());
    set_timer();
    error_code why;
    while (!closed_) {
        const auto bytes = co_await channel_->read();
        if (!bytes) {
            why = bytes.error();
            break;
        }
        received(*bytes);
    }
    // Replies that had arrived when the till finished in good order have been read by it.
    if (why == asio::error::eof && in_hand_ == 0 && !writing_ && channel_->all_arrived())
        all_have_arrived();
    leaving_ = true;
    const bool finished_sending = why == asio::error::eof && link_.kind == link_kind::tcp;
    if (why && !finished_sending) shut();  // nobody is there; the orders go on without
    close_when_done();
    // A till may have finished sending only: it is still told what it has asked for.
    while (!closed_)
        (void)co_await shut_.wait();
    timer_.cancel();
}

bool till_session::looks_dead() const
{
    return in_hand_ == 0 && desk_.time().now() - last_heard_ >= limits::dead_after;
}

void till_session::shut()
{
    closed_ = true;
    channel_->close();
    shut_.call_all();
}

void till_session::received(std::string_view bytes)
{
    last_heard_ = desk_.time().now();
    if (on_bytes_) on_bytes_();
    if (trace_) trace_->heard(bytes);
    // The till goes on talking after everything was written (and, on TCP, acknowledged by its
    // kernel): it is alive, and the replies are with it.
    if (!writing_ && (link_.kind != link_kind::tcp || channel_->all_arrived())) all_have_arrived();
    if (over_) return;  // the dialect has said its last word
    if (is_browser(bytes)) return;
    dialect_output out;
    language_->receive(bytes, out);
    carry_out(std::move(out));
    set_timer();
}

bool till_session::is_browser(std::string_view bytes)
{
    if (!on_browser_ || !hello_.heard(bytes)) return false;
    on_browser_();
    outbox_ +=
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
        "This port is for tills, and does not speak HTTP.\n";
    over_ = true;
    write_outbox();
    return true;
}

void till_session::carry_out(dialect_output out)
{
    if (!out.bytes.empty() && !closed_) {
        if (trace_) trace_->said(out.bytes);
        outbox_ += out.bytes;
        if (outbox_.size() > limits::outbox_size_max) {
            log(log_level::warning, "till.dropped",
                {{"till", till}, {"peer", channel_->name()}, {"why", "it does not read"}});
            shut();
        }
        write_outbox();
    }
    for (const auto& receipt : out.receipts) {
        if (!receipt.delivered) unproven_.erase(receipt.id);
        const auto known = unacknowledged_.extract(receipt.id);
        if (receipt.delivered && !known.empty()) arrived(known.mapped());
    }
    for (auto& command : out.commands) {
        if (closed_) break;  // dropped: thousands may have come in one piece, and cost others time
        if (trace_ && command.what == protocol::till::verb::trace) trace_->mute();
        if (in_hand_ >= limits::commands_in_hand_max) {
            ++in_hand_;  // tell() ends a command
            tell(problem{.tag = command.tag,
                         .order = command.order,
                         .code = result_code::busy,
                         .safe_to_retry = false,  // it may repeat an order that is running
                         .text = "Too many commands at once: wait for the replies"});
            continue;
        }
        ++in_hand_;
        desk_.serve(std::move(command), shared_from_this());
    }
    if (out.hang_up) hanging_up_ = true;
    if (out.finished && link_.kind == link_kind::tcp) over_ = true;  // a wire cannot be hung up
    if (hanging_up_ || over_) close_when_done();
}

void till_session::tell(const reply& what)
{
    const auto* end = std::get_if<outcome>(&what);
    const bool by_invoice = link_.dialect == protocol::till::dialect_kind::hypercom;
    if (end == nullptr || !by_invoice || end->invoice != 0) return say(what);
    ++on_the_way_;
    desk_.tasks().spawn(say_with_invoice(shared_from_this(), *end));
}

/// Tills of that kind know no other number. It exists as soon as the order is durable.
asio::awaitable<void> till_session::say_with_invoice(std::shared_ptr<till_session> self,
                                                     outcome what)
{
    const auto invoice = co_await self->desk_.orders().journal().run(
        [&](store::journal& j) { return j.invoice_of(what.order.out_trade_no); });
    if (invoice) what.invoice = *invoice;  // else the result is worth more than its number
    --self->on_the_way_;
    self->say(what);
}

void till_session::say(const reply& what)
{
    const auto id = ++last_reply_;
    // Only towards the till whose order it is: an operator who looks at it is not the till.
    const auto* end = std::get_if<outcome>(&what);
    const bool counts = end != nullptr && end->order.till == till &&
                        protocol::is_final(end->order.state) && !end->order.delivered;
    if (counts && language_->confirms_delivery()) unacknowledged_[id] = end->order.out_trade_no;
    const bool unconfirmed = counts && !language_->confirms_delivery();
    // Before the receipts are read: a reply that is dropped at once has not even been written.
    if (unconfirmed && !leaving_ && unproven_.size() < limits::unproven_replies_max)
        unproven_[id] = end->order.out_trade_no;
    if (ends_command(what)) --in_hand_;
    dialect_output out;
    language_->send(id, what, out);
    carry_out(std::move(out));
    set_timer();
    close_when_done();
}

void till_session::all_have_arrived()
{
    for (const auto& [id, order] : std::exchange(unproven_, {}))
        arrived(order);
}

void till_session::arrived(const std::string& out_trade_no)
{
    desk_.orders().mark_delivered(out_trade_no);
}

void till_session::keep(std::shared_ptr<order_observer> observer)
{
    observers_.push_back(std::move(observer));
}

void till_session::drop(const order_observer* observer)
{
    std::erase_if(observers_, [&](const auto& o) { return o.get() == observer; });
}

void till_session::set_timer()
{
    if (closed_ || hanging_up_ || finished_) return;
    const auto now = desk_.time().now();
    if (const auto wanted = language_->timer(); wanted != dialect_timer_ || !wanted) {
        dialect_timer_ = wanted;
        dialect_due_ = wanted ? std::optional{now + *wanted} : std::nullopt;
    }
    std::optional<clock_point> due = dialect_due_;
    if (link_.idle_timeout > milliseconds{0} && !leaving_) {
        const auto idle_due = last_heard_ + link_.idle_timeout;
        due = due ? std::min(*due, idle_due) : idle_due;
    }
    if (!due) {
        timer_.cancel();
        return;
    }
    timer_.set_at(*due);
    timer_.on_ring([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->timer_rang();
    });
}

void till_session::timer_rang()
{
    const auto now = desk_.time().now();
    if (dialect_due_ && now >= *dialect_due_) {
        dialect_due_.reset();
        dialect_timer_.reset();
        dialect_output out;
        if (trace_) trace_->expired();
        language_->elapsed(out);
        carry_out(std::move(out));
        close_when_done();
    }
    const bool silent =
        link_.idle_timeout > milliseconds{0} && now - last_heard_ >= link_.idle_timeout;
    if (silent && in_hand_ > 0)
        last_heard_ = now;  // it waits for us
    else if (silent && !leaving_ && link_.kind == link_kind::tcp) {
        log(log_level::info, "till.dropped",
            {{"till", till}, {"peer", channel_->name()}, {"why", "silent for too long"}});
        shut();
        return;
    } else if (silent) {
        last_heard_ = now;  // a port stays open; nobody else could use it
        if (on_silence_) on_silence_();
    }
    set_timer();
}

void till_session::write_outbox()
{
    if (writing_ || closed_ || outbox_.empty()) return;
    writing_ = true;
    desk_.tasks().spawn(write_all());
}

asio::awaitable<void> till_session::write_all()
{
    const auto self = shared_from_this();
    alarm deadline{desk_.executor(), desk_.time()};
    // What is said in one breath leaves in one piece: "accepted" and the first "progress".
    co_await asio::post(desk_.executor(), asio::use_awaitable);
    while (!outbox_.empty() && !closed_) {
        deadline.set(link_.write_timeout);
        deadline.on_ring([weak = weak_from_this()] {
            const auto alive = weak.lock();
            if (!alive || alive->closed_) return;
            alive->shut();
        });
        const auto failed = co_await channel_->write(std::exchange(outbox_, {}));
        if (failed) shut();
    }
    deadline.cancel();
    writing_ = false;
    close_when_done();
}

void till_session::close_when_done()
{
    const bool done = hanging_up_ || over_ || (leaving_ && in_hand_ == 0);
    if (!done || writing_ || closed_ || !outbox_.empty() || on_the_way_ > 0) return;
    if (!unacknowledged_.empty() && !hanging_up_) return;  // the dialect still repeats
    if (over_ && !leaving_ && !hanging_up_) return say_goodbye();
    if (!finished_) channel_->finish();
    shut();
}

/// The till closes its side once it has read the last reply: that proves its arrival.
void till_session::say_goodbye()
{
    if (std::exchange(finished_, true)) return;
    channel_->finish();
    timer_.set(limits::last_words);
    timer_.on_ring([weak = weak_from_this()] {
        if (const auto self = weak.lock(); self && !self->closed_) self->shut();
    });
}

void till_session::stop(bool now)
{
    leaving_ = true;
    if (now) hanging_up_ = true;
    close_when_done();
    if (!now || closed_) return;
    // Something is still being written. A till that does not read it must not hold up the end.
    timer_.set(limits::last_words);
    timer_.on_ring([weak = weak_from_this()] {
        if (const auto self = weak.lock(); self && !self->closed_) self->shut();
    });
}

}  // namespace ecr::daemon
