#include "protocol/till/qfpay_local/frame_outbox.hpp"

#include "protocol/till/qfpay_local/frame.hpp"
#include "protocol/till/qfpay_local/limits.hpp"

namespace ecr::protocol::till::qfpay_local {

void frame_outbox::put(std::optional<reply_id> id, std::string about, std::string text)
{
    queue_.push_back({id, std::move(about), std::move(text)});
}

bool frame_outbox::pump(dialect_output& out)
{
    if (flying_ || queue_.empty()) return false;
    flying_ = true;
    tries_ = 0;
    // Our own count, not the till's ref: a till that always sends 01 would take the second answer
    // for a repeat of the first.
    ref_ = ref_ == frame_ref_max ? std::uint8_t{1} : static_cast<std::uint8_t>(ref_ + 1);
    transmit(out);
    return true;
}

void frame_outbox::transmit(dialect_output& out)
{
    ++tries_;
    talked_over_ = 0;
    out.bytes += framed(frame_type::request, ref_, queue_.front().text);
}

std::string frame_outbox::acknowledged(std::uint8_t ref, dialect_output& out)
{
    if (!flying_ || ref != ref_) return {};
    auto about = queue_.front().about;
    finish(true, out);
    return about;
}

void frame_outbox::refused(std::uint8_t ref, dialect_output& out)
{
    if (flying_ && ref == ref_) elapsed(out);
}

void frame_outbox::elapsed(dialect_output& out)
{
    if (!flying_) return;
    if (tries_ < frame_tries_max) return transmit(out);
    finish(false, out);
}

bool frame_outbox::talked_over(dialect_output& out)
{
    if (!flying_ || ++talked_over_ < frame_talked_over_max) return false;
    elapsed(out);
    return true;
}

void frame_outbox::finish(bool delivered, dialect_output& out)
{
    if (queue_.front().id) out.receipts.push_back({*queue_.front().id, delivered});
    queue_.pop_front();
    flying_ = false;
}

void frame_outbox::close(dialect_output& out)
{
    while (!queue_.empty())
        finish(false, out);
}

}  // namespace ecr::protocol::till::qfpay_local
