#include "protocol/till/qfpay_local/serial_dialect.hpp"

#include "protocol/till/qfpay_local/limits.hpp"

namespace ecr::protocol::till::qfpay_local {
namespace {

constexpr std::size_t slice_size = 1024;

std::uint8_t type_of(fault wrong) noexcept
{
    switch (wrong) {
        case fault::none: return frame_type::ok;
        case fault::decrypt: return frame_type::not_decrypted;
        case fault::format: return frame_type::bad_data;
        case fault::digest: return frame_type::bad_digest;
    }
    return frame_type::unknown;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

void serial_dialect::receive(std::string_view bytes, dialect_output& out)
{
    while (!closed_ && !bytes.empty()) {
        const auto slice = bytes.substr(0, slice_size);
        bytes.remove_prefix(slice.size());
        frames_.feed(slice);
        while (!closed_) {
            auto event = frames_.next();
            if (!event) break;
            handle(std::move(*event), out);
        }
    }
    if (frames_.inside() || fragments_.collecting()) timer_.restart();
    timer_.end_call();
}

void serial_dialect::handle(frame_event&& event, dialect_output& out)
{
    if (event.bad) {
        translator_.count_bad();
        out.bytes += framed(frame_type::bad_format, event.ref, {});
    } else if (event.type == frame_type::request) {
        hear(std::move(event), out);
    } else if (event.type == frame_type::ok) {
        const auto about = outbox_.acknowledged(event.ref, out);
        // Whoever has the answer knows that the request has arrived.
        if (!about.empty() && about == last_.about) last_ = {};
    } else if (event.type >= frame_type::unknown && event.type <= frame_type::last_error) {
        outbox_.refused(event.ref, out);
        timer_.restart();
    } else {
        translator_.count_bad();
        out.bytes += framed(frame_type::unknown, event.ref, {});
    }
    if (translator_.too_many_bad()) return hang_up(out);
    pump(out);
}

void serial_dialect::hear(frame_event&& frame, dialect_output& out)
{
    if (outbox_.talked_over(out)) timer_.restart();
    const auto ref = frame.ref;
    auto message = fragments_.take(std::move(frame));
    switch (message.what) {
        case fragments::result_kind::incomplete: return;
        case fragments::result_kind::refused:
            translator_.count_bad();
            timer_.restart();
            out.bytes += framed(frame_type::bad_fragment, ref, {});
            return;
        case fragments::result_kind::whole: return serve(ref, std::move(message.data), out);
    }
}

void serial_dialect::serve(std::uint8_t ref, std::string data, dialect_output& out)
{
    // The same frame again means that our answer was lost.
    if (ref != last_.ref || data != last_.data) {
        if (outbox_.size() + translator_.pending() >= frame_queue_max) {
            // It reads no answers, so it gets no more of them. It may send the same again.
            out.bytes += framed(frame_type::unknown, ref, {});
            return;
        }
        last_ = {};
        const auto with = read(ref, data, out);
        last_.ref = ref;
        last_.data = std::move(data);
        last_.with = with;
    }
    out.bytes += framed(last_.with, ref, {});
    timer_.restart();
}

/// Returns: the type of the frame that answers it. A request that arrived well and asks for
/// something wrong gets its respcd as a result.
std::uint8_t serial_dialect::read(std::uint8_t ref, const std::string& data, dialect_output& out)
{
    const auto request = translator_.open(trimmed(data));
    auto heard = translator_.read(request, std::nullopt);
    if (auto* asked_for = std::get_if<command>(&heard)) {
        last_.about = asked_for->tag;
        out.commands.push_back(std::move(*asked_for));
    } else if (request.wrong == fault::none) {
        last_.about = "refusal " + std::to_string(ref);
        outbox_.put(std::nullopt, last_.about, std::move(std::get<sealed_answer>(heard).text));
    }
    return type_of(request.wrong);
}

void serial_dialect::send(reply_id id, const reply& what, dialect_output& out)
{
    auto ready = translator_.write(what);
    if (!ready || closed_) {
        out.receipts.push_back({id, false});
        return;
    }
    auto tag = std::visit([](const auto& r) { return r.tag; }, what);
    outbox_.put(id, std::move(tag), std::move(ready->text));
    pump(out);
    timer_.end_call();
}

void serial_dialect::pump(dialect_output& out)
{
    if (!closed_ && outbox_.pump(out)) timer_.restart();
}

serial_dialect::waiting serial_dialect::wait() const
{
    if (closed_) return waiting::nothing;
    if (frames_.inside()) return waiting::byte;
    if (fragments_.collecting()) return waiting::fragment;
    if (outbox_.flying()) return waiting::acknowledgement;
    if (fragments_.expects_late()) return waiting::late;
    return last_.ref != 0 ? waiting::repeat : waiting::nothing;
}

std::optional<std::chrono::milliseconds> serial_dialect::timer() const
{
    switch (wait()) {
        case waiting::nothing: return std::nullopt;
        case waiting::byte: return timer_.of(frame_byte_wait);
        case waiting::fragment: return timer_.of(frame_fragment_wait);
        case waiting::acknowledgement: return timer_.of(frame_ack_wait);
        case waiting::late: return timer_.of(frame_late_window);
        case waiting::repeat: return timer_.of(frame_repeat_window);
    }
    return std::nullopt;
}

void serial_dialect::elapsed(dialect_output& out)
{
    switch (wait()) {
        case waiting::nothing: return;
        case waiting::byte:
            // Silently: a till that was cut off misses its 20 and sends again.
            frames_.abandon();
            while (auto event = closed_ ? std::nullopt : frames_.next())
                handle(std::move(*event), out);
            if (outbox_.talked_over(out)) timer_.restart();
            break;
        case waiting::fragment: fragments_.give_up(); break;
        case waiting::acknowledgement: outbox_.elapsed(out); break;
        case waiting::late: fragments_.forget_late(); break;
        case waiting::repeat: last_ = {}; break;
    }
    pump(out);
    timer_.restart();
    timer_.end_call();
}

void serial_dialect::hang_up(dialect_output& out)
{
    closed_ = true;
    out.hang_up = true;
    outbox_.close(out);
    last_ = {};
}

}  // namespace ecr::protocol::till::qfpay_local
