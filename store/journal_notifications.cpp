// What QFPay tells by itself, and the six-digit numbers.
#include "store/journal_state.hpp"

#include <algorithm>

namespace ecr::store {
namespace {

[[nodiscard]] result<notification_record> read_notification(const rows& from)
{
    notification_record record;
    record.merchant = from.text(0);
    record.kind = from.text(1);
    record.syssn = from.text(2);
    record.out_trade_no = from.text(3);
    record.order = from.text(4);
    record.body = from.text(5);
    record.digest = from.text(6);
    record.received_at = timestamp{std::chrono::milliseconds{from.integer(7)}};
    record.times = from.integer(8);
    return record;
}

[[nodiscard]] result<std::int64_t> read_integer(const rows& from) noexcept
{
    return from.integer(0);
}

}  // namespace

result<std::int64_t> journal::note_notification(const notification_record& what) noexcept
{
    std::int64_t times = 0;
    const auto failed = state_->write([&]() -> error_code {
        auto answer = state_->sql.note_notification.query(what.merchant, what.kind, what.syssn,
                                                          what.out_trade_no, what.order, what.body,
                                                          what.digest, to_column(what.received_at));
        const auto outcome = answer.next();
        if (!outcome) return outcome.error();
        assert(*outcome == stepped::row);
        times = answer.integer(0);
        return {};
    });
    if (failed) return failed;
    return times;
}

result<std::uint32_t> journal::invoice_of(std::string_view out_trade_no) noexcept
{
    const auto found =
        state_->read_all<std::int64_t>(read_integer, state_->sql.invoice_of, out_trade_no);
    if (!found) return found.error();
    if (found->empty()) return state_->note(state_->why_not_moved(out_trade_no));
    return static_cast<std::uint32_t>(found->front());
}

result<std::optional<protocol::order>> journal::find_invoice(std::uint32_t invoice) noexcept
{
    const auto any = [](const auto&) { return true; };  // found without an index
    return state_->read_one(any, state_->sql.find_invoice, std::int64_t{invoice});
}

result<std::vector<notification_record>> journal::notifications_of(
    std::string_view out_trade_no) noexcept
{
    auto found = state_->read_all<notification_record>(read_notification,
                                                       state_->sql.notifications_of, out_trade_no);
    const auto is_one = [&](const auto& record) { return record.order == out_trade_no; };
    if (found && !std::ranges::all_of(*found, is_one)) return state_->index_lies();
    return found;
}

result<std::vector<notification_record>> journal::unmatched_notifications(timestamp since) noexcept
{
    return state_->read_all<notification_record>(
        read_notification, state_->sql.unmatched_notifications, to_column(since));
}

}  // namespace ecr::store
