// What the status page reads: sums, counts, and orders by what people know of them.
#include "store/journal_state.hpp"

#include <limits>

namespace ecr::store {
namespace {

using protocol::channel;
using protocol::order_kind;
using protocol::order_state;

template <class Enum>
[[nodiscard]] bool read_enum(std::int64_t number, Enum first, Enum last, Enum& into) noexcept
{
    if (number < to_column(first) || number > to_column(last)) return false;
    into = static_cast<Enum>(number);
    return true;
}

[[nodiscard]] result<moved_total> read_total(const rows& from)
{
    moved_total total;
    total.hour = from.integer(0);
    total.till = from.text(1);
    const bool known =
        read_enum(from.integer(2), channel::card_payment, channel::other, total.via) &&
        read_enum(from.integer(3), order_kind::payment, order_kind::refund, total.kind);
    if (!known) return make_sqlite_error(SQLITE_CORRUPT);
    total.merchant = from.text(4);
    total.currency = from.text(5);
    total.returned = from.integer(6) != 0;
    total.by_hand = from.integer(7) != 0;
    total.count = from.integer(8);
    total.amount_minor_units = from.integer(9);
    return total;
}

[[nodiscard]] result<state_count> read_state_count(const rows& from)
{
    state_count made;
    if (!read_enum(from.integer(0), order_state::accepted, order_state::resolved, made.state))
        return make_sqlite_error(SQLITE_CORRUPT);
    made.count = from.integer(1);
    made.oldest = timestamp{std::chrono::milliseconds{from.integer(2)}};
    return made;
}

[[nodiscard]] result<timestamp> read_time(const rows& from) noexcept
{
    return timestamp{std::chrono::milliseconds{from.integer(0)}};
}

}  // namespace

result<std::vector<moved_total>> journal::totals(timestamp since, timestamp before) noexcept
{
    return state_->read_all<moved_total>(read_total, state_->sql.totals, to_column(since),
                                         to_column(before));
}

result<std::vector<state_count>> journal::count_unfinished() noexcept
{
    return state_->read_all<state_count>(read_state_count, state_->sql.count_unfinished);
}

result<std::vector<protocol::order>> journal::find_all(std::string_view number, int limit) noexcept
{
    return state_->read_all<protocol::order>(read_order, state_->sql.find_all, number,
                                             to_column(std::max(limit, 0)));
}

result<amount_found> journal::find_amount(const amount_search& what) noexcept
{
    using limits = std::numeric_limits<std::int64_t>;
    const auto since = to_column(what.since).value_or(limits::min());
    const auto before = to_column(what.before).value_or(limits::max());
    const auto look_at = to_column(std::max(what.look_at_max, 0));
    auto found = state_->read_all<protocol::order>(read_order, state_->sql.find_amount, since,
                                                   before, look_at, what.amount_minor_units,
                                                   to_column(std::max(what.limit, 0)));
    if (!found) return found.error();
    const auto edge =
        state_->read_all<timestamp>(read_time, state_->sql.edge_of_search, since, before, look_at);
    if (!edge) return edge.error();
    amount_found made{.orders = std::move(*found), .unseen_from = {}};
    // Those of the very moment of the edge were looked at in part: "before" has to include them.
    if (!edge->empty()) made.unseen_from = edge->front() + std::chrono::milliseconds{1};
    return made;
}

}  // namespace ecr::store
