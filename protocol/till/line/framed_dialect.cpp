#include "protocol/till/line/framed_dialect.hpp"

#include "protocol/till/control.hpp"

namespace ecr::protocol::till::line {
namespace {

worth worth_of(const reply& what)
{
    struct judge {
        worth operator()(const accepted&) const { return worth::accepted; }
        worth operator()(const progress&) const { return worth::progress; }
        worth operator()(const outcome&) const { return worth::outcome; }
        worth operator()(const row&) const { return worth::row; }
        worth operator()(const done&) const { return worth::answer; }
        worth operator()(const problem&) const { return worth::answer; }
        // Without it nobody can pay: worth as much as an end.
        worth operator()(const code_to_show&) const { return worth::answer; }
    };
    return std::visit(judge{}, what);
}

}  // namespace

void framed_dialect::receive(std::string_view bytes, dialect_output& out)
{
    while (!closed_) {
        const auto event = frames_.next(bytes);
        if (!event) break;
        handle(*event, out);
        if (translator_.too_many_bad()) hang_up(out);
        pump(out);
    }
    if (frames_.inside()) restart_timer();
    timer_.end_call();
}

void framed_dialect::handle(const frame_event& event, dialect_output& out)
{
    switch (event.what) {
        case frame_event::kind::frame: return hear(event.text, out);
        case frame_event::kind::bad:
            translator_.count_bad();
            out.bytes += control::nak;
            return;
        case frame_event::kind::ack: outbox_.acknowledged(out); break;
        case frame_event::kind::nak: outbox_.refused(out); break;
        case frame_event::kind::flood: out.bytes += control::nak; return hang_up(out);
    }
    forget_last_if_settled();
    restart_timer();
}

void framed_dialect::hear(std::string_view text, dialect_output& out)
{
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.remove_suffix(1);
    const bool again = !text.empty() && text == last_;
    if (!again && outbox_.full_of_answers()) {
        // It reads no answers, so it gets no more of them: the command waits on its side.
        out.bytes += control::nak;
        return;
    }
    out.bytes += control::ack;
    // The resend window starts with every frame; the wait for an ACK does not.
    const bool idle = outbox_.wait() == frame_outbox::waiting::nothing;
    if (outbox_.talked_over(out) || idle) restart_timer();
    forget_last_if_settled();
    if (again) return;

    auto heard = translator_.read(text);
    last_ = text;
    begun_at_last_ = outbox_.begun();
    if (const auto* wrong = std::get_if<std::string>(&heard))
        outbox_.put(std::nullopt, worth::answer, framed(*wrong), out);
    if (auto* asked = std::get_if<command>(&heard)) out.commands.push_back(std::move(*asked));
}

void framed_dialect::send(reply_id id, const reply& what, dialect_output& out)
{
    auto lines = closed_ ? std::vector<std::string>{} : translator_.write(what);
    if (lines.empty()) {
        out.receipts.push_back({id, false});
        return;
    }
    // A drawing is a help only: what counts is that its code has arrived.
    outbox_.put(id, worth_of(what), framed(lines.front()), out);
    for (std::size_t i = 1; i < lines.size(); ++i)
        outbox_.put(std::nullopt, worth::row, framed(lines[i]), out);
    pump(out);
    timer_.end_call();
}

void framed_dialect::pump(dialect_output& out)
{
    // While the till is sending it does not listen.
    if (closed_ || frames_.inside()) return;
    const auto begun = outbox_.begun();
    outbox_.pump(out);
    if (outbox_.begun() != begun) restart_timer();
}

/// A reply begun after the till's last frame is over, so the till has moved on or is deaf. Not when
/// it was refused: a till that waits for our ACK may well refuse everything else.
void framed_dialect::forget_last_if_settled()
{
    if (outbox_.settled() > begun_at_last_) std::string{}.swap(last_);
}

framed_dialect::waiting framed_dialect::wait() const
{
    if (closed_) return waiting::nothing;
    if (frames_.inside()) return waiting::byte;
    switch (outbox_.wait()) {
        case frame_outbox::waiting::acknowledgement: return waiting::acknowledgement;
        case frame_outbox::waiting::settling: return waiting::settling;
        case frame_outbox::waiting::nothing: break;
    }
    return last_.empty() ? waiting::nothing : waiting::resend;
}

std::optional<std::chrono::milliseconds> framed_dialect::timer() const
{
    const auto wanted = [&]() -> std::chrono::milliseconds {
        switch (wait()) {
            case waiting::nothing: return {};
            case waiting::byte: return frame_byte_wait;
            case waiting::acknowledgement: return frame_ack_wait;
            case waiting::settling: return frame_settle_wait;
            case waiting::resend: return frame_resend_window;
        }
        return {};
    }();
    return timer_.value(wanted);
}

void framed_dialect::elapsed(dialect_output& out)
{
    switch (wait()) {
        case waiting::nothing: return;
        case waiting::byte:
            // Silently: a till that was cut off misses its ACK and sends again, and line noise that
            // looked like an STX asked for no answer.
            frames_.abandon();
            break;
        case waiting::acknowledgement:
        case waiting::settling:
            outbox_.elapsed(out);
            forget_last_if_settled();
            break;
        case waiting::resend: std::string{}.swap(last_); break;
    }
    pump(out);
    restart_timer();
    timer_.end_call();
}

void framed_dialect::hang_up(dialect_output& out)
{
    closed_ = true;
    out.hang_up = true;
    outbox_.close(out);
    std::string{}.swap(last_);
}

}  // namespace ecr::protocol::till::line
