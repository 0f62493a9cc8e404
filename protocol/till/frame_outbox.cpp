#include "protocol/till/frame_outbox.hpp"

#include <algorithm>
#include <utility>

namespace ecr::protocol::till {

void frame_outbox::put(std::optional<reply_id> id, worth value, std::string bytes,
                       dialect_output& out)
{
    entry fresh{.id = id, .value = value, .bytes = std::move(bytes)};
    if (queue_.size() >= how_.queue_max) {
        const auto first = queue_.begin() + (flying_ ? 1 : 0);
        const auto least = std::ranges::min_element(first, queue_.end(), {}, &entry::value);
        // Among equals the newest progress tells most; of anything else the earlier was there
        // first.
        const bool newer_is_better = value == worth::progress && least->value == value;
        if (least->value >= value && !newer_is_better) return receipt(fresh, false, out);
        receipt(*least, false, out);
        queue_.erase(least);
    }
    queue_.push_back(std::move(fresh));
}

void frame_outbox::pump(dialect_output& out)
{
    if (flying_ || unanswered_ > 0 || queue_.empty()) return;
    flying_ = true;
    tries_ = 0;
    ++begun_;
    transmit(out);
}

void frame_outbox::transmit(dialect_output& out)
{
    ++tries_;
    ++unanswered_;
    talked_over_ = 0;
    out.bytes += queue_.front().bytes;
}

void frame_outbox::acknowledged(dialect_output& out)
{
    if (unanswered_ > 0) --unanswered_;
    if (!flying_) return;
    settled_ = begun_;
    finish(true, out);
}

void frame_outbox::refused(dialect_output& out)
{
    if (unanswered_ > 0) --unanswered_;
    if (!flying_) return;
    if (tries_ < how_.tries_max) return transmit(out);
    finish(false, out);
}

void frame_outbox::elapsed(dialect_output& out)
{
    if (!flying_) {
        unanswered_ = 0;  // quiet: no ACK of an earlier repeat can be on its way any more
        return;
    }
    if (tries_ < how_.tries_max) return transmit(out);
    settled_ = begun_;
    finish(false, out);
}

bool frame_outbox::talked_over(dialect_output& out)
{
    if (!flying_ || ++talked_over_ < how_.talked_over_max) return false;
    elapsed(out);
    return true;
}

void frame_outbox::finish(bool delivered, dialect_output& out)
{
    receipt(queue_.front(), delivered, out);
    queue_.erase(queue_.begin());
    if (queue_.empty()) std::vector<entry>{}.swap(queue_);
    flying_ = false;
}

void frame_outbox::withdraw(dialect_output& out)
{
    for (const auto& e : queue_)
        receipt(e, false, out);
    queue_.clear();
    flying_ = false;
}

void frame_outbox::close(dialect_output& out)
{
    withdraw(out);
    unanswered_ = 0;
}

frame_outbox::waiting frame_outbox::wait() const noexcept
{
    if (flying_) return waiting::acknowledgement;
    return unanswered_ > 0 ? waiting::settling : waiting::nothing;
}

bool frame_outbox::full_of_answers() const noexcept
{
    const auto answers =
        std::ranges::count_if(queue_, [](const entry& e) { return e.value >= worth::answer; });
    return answers >= static_cast<std::ptrdiff_t>(how_.queue_max);
}

void frame_outbox::receipt(const entry& e, bool delivered, dialect_output& out)
{
    if (e.id) out.receipts.push_back({*e.id, delivered});
}

}  // namespace ecr::protocol::till
