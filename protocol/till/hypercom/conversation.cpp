#include "protocol/till/hypercom/conversation.hpp"

#include "protocol/till/control.hpp"
#include "protocol/till/hypercom/response.hpp"

#include <algorithm>
#include <utility>

namespace ecr::protocol::till::hypercom {

conversation::conversation(const settings& how)
    : how_{how},
      outbox_{{.queue_max = 1,
               .tries_max = std::max(1, how.response_tries),
               .talked_over_max = talked_over_max}}
{}

void conversation::receive(std::string_view bytes, dialect_output& out)
{
    while (!closed_) {
        const auto event = frames_.next(bytes);
        if (!event) break;
        handle(*event, out);
        pump(out);
    }
    if (frames_.inside()) timer_.restart();
    timer_.end_call();
}

void conversation::handle(const frame_event& event, dialect_output& out)
{
    switch (event.what) {
        case frame_event::kind::frame: return hear(event.message, out);
        case frame_event::kind::bad: return bad(out);
        case frame_event::kind::ack: outbox_.acknowledged(out); break;
        case frame_event::kind::nak: outbox_.refused(out); break;
        case frame_event::kind::flood: return hang_up(out);
    }
    forget_request_if_over();
    timer_.restart();
}

/// The response is acknowledged or given up: the same bytes again are another command. If the till
/// sends them because it heard nothing of the end, the desk attaches it to that order.
void conversation::forget_request_if_over()
{
    if (how_.acknowledges && responded_ && outbox_.empty()) forget_request();
}

void conversation::bad(dialect_output& out)
{
    out.bytes += control::nak;
    if (++bad_in_a_row_ >= bad_frames_max) hang_up(out);
}

void conversation::hear(std::string_view bytes, dialect_output& out)
{
    if (!last_.empty() && bytes == last_ && (!responded_ || moves_money(request_)))
        return hear_again(out);
    auto request = parse_headers(bytes);
    if (!request) return bad(out);
    if (is_response(*request)) {
        // Our own words on a looped line. An answer would come back, too.
        if (++bad_in_a_row_ >= bad_frames_max) hang_up(out);
        return;
    }
    out.bytes += control::ack;
    const bool understood = parse_fields(bytes, *request);
    last_ = bytes;
    since_last_ = {};
    timer_.restart();
    begin(std::move(*request), out);
    if (!understood) {
        if (++bad_in_a_row_ >= bad_frames_max) return hang_up(out);
        tag_.clear();
        respond(std::nullopt, short_response({code::bad_data, "BAD FIELDS"}, request_, how_), out);
        return;
    }
    auto wanted = read_request(request_, how_);
    bad_in_a_row_ = 0;
    if (auto* c = std::get_if<command>(&wanted)) {
        c->tag = tag_;
        out.commands.push_back(std::move(*c));
        return;
    }
    const auto& no = std::get<refusal>(wanted);
    tag_.clear();
    respond(std::nullopt, short_response({no.status, std::string{no.text}}, request_, how_), out);
}

/// Our ACK was lost, and perhaps the response too.
void conversation::hear_again(dialect_output& out)
{
    out.bytes += control::ack;
    const bool idle = outbox_.wait() == frame_outbox::waiting::nothing;
    if (outbox_.talked_over(out) || idle) timer_.restart();
    forget_request_if_over();
    since_last_ = {};
    if (!how_.acknowledges && responded_) holding_ = true;
}

void conversation::begin(message&& request, dialect_output& out)
{
    outbox_.withdraw(out);
    if (holding_ && held_) out.receipts.push_back({*held_, false});
    held_.reset();
    holding_ = false;
    response_.clear();
    responded_ = false;
    request_ = std::move(request);
    tag_ = "exchange-" + std::to_string(++exchanges_);
}

void conversation::send(reply_id id, const reply& what, dialect_output& out)
{
    const auto& tag = std::visit([](const auto& r) -> const std::string& { return r.tag; }, what);
    const bool of_this_exchange = !closed_ && !tag.empty() && tag == tag_;
    const auto m = of_this_exchange ? response_of(what, request_, how_) : std::nullopt;
    if (!m) {
        out.receipts.push_back({id, false});
        return;
    }
    tag_.clear();
    respond(id, *m, out);
    pump(out);
    timer_.end_call();
}

void conversation::respond(std::optional<reply_id> id, const message& m, dialect_output& out)
{
    responded_ = true;
    auto bytes = framed(to_bytes(m));
    if (how_.acknowledges) return outbox_.put(id, worth::outcome, std::move(bytes), out);
    response_ = std::move(bytes);
    held_ = id;
    holding_ = true;
}

void conversation::pump(dialect_output& out)
{
    // While the till is sending it does not listen.
    if (closed_ || frames_.inside()) return;
    if (std::exchange(holding_, false)) {
        out.bytes += response_;
        held_.reset();
    }
    const auto begun = outbox_.begun();
    outbox_.pump(out);
    if (outbox_.begun() != begun) timer_.restart();
}

void conversation::forget_request()
{
    std::string{}.swap(last_);
    since_last_ = {};
}

conversation::waiting conversation::wait() const noexcept
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

std::optional<std::chrono::milliseconds> conversation::timer() const
{
    const auto wanted = [&]() -> std::chrono::milliseconds {
        switch (wait()) {
            case waiting::nothing: return {};
            case waiting::byte: return byte_wait;
            case waiting::acknowledgement:
                return std::max(how_.repeat_after, std::chrono::milliseconds{1});
            case waiting::settling: return settle_wait;
            case waiting::resend: return std::max(resend_window - since_last_, byte_wait);
        }
        return {};
    }();
    return timer_.value(wanted);
}

void conversation::elapsed(dialect_output& out)
{
    const auto waited = timer().value_or(std::chrono::milliseconds{0});
    if (!last_.empty()) since_last_ += waited;
    switch (wait()) {
        case waiting::nothing: return;
        case waiting::byte:
            if (const auto event = frames_.expire()) handle(*event, out);
            break;
        case waiting::acknowledgement:
        case waiting::settling:
            outbox_.elapsed(out);
            forget_request_if_over();
            break;
        case waiting::resend: break;
    }
    if (since_last_ >= resend_window) forget_request();
    pump(out);
    timer_.restart();
    timer_.end_call();
}

void conversation::hang_up(dialect_output& out)
{
    closed_ = true;
    out.hang_up = true;
    outbox_.close(out);
    if (holding_ && held_) out.receipts.push_back({*held_, false});
    holding_ = false;
    tag_.clear();
    forget_request();
}

}  // namespace ecr::protocol::till::hypercom
