#include "store/order_row.hpp"

namespace ecr::store {
namespace {

[[nodiscard]] constexpr timestamp time_of(std::int64_t at_ms) noexcept
{
    return timestamp{std::chrono::milliseconds{at_ms}};
}

/// Reads a row from left to right, and remembers whether an enum was out of its range.
class column_reader {
public:
    explicit column_reader(const rows& from) noexcept : from_{from} {}

    [[nodiscard]] std::string text() { return from_.text(column_++); }
    [[nodiscard]] std::int64_t integer() noexcept { return from_.integer(column_++); }
    [[nodiscard]] bool flag() noexcept { return integer() != 0; }
    [[nodiscard]] std::optional<std::int64_t> maybe_integer() noexcept
    {
        return from_.maybe_integer(column_++);
    }
    [[nodiscard]] std::optional<timestamp> maybe_time() noexcept
    {
        const auto at_ms = maybe_integer();
        return at_ms ? std::optional{time_of(*at_ms)} : std::nullopt;
    }

    template <class Enum>
    [[nodiscard]] Enum one_of(Enum first, Enum last) noexcept
    {
        const auto number = integer();
        if (number >= to_column(first) && number <= to_column(last))
            return static_cast<Enum>(number);
        in_range_ = false;
        return first;
    }

    [[nodiscard]] int columns_read() const noexcept { return column_; }
    [[nodiscard]] bool in_range() const noexcept { return in_range_; }

private:
    const rows& from_;
    int column_ = 0;
    bool in_range_ = true;
};

[[nodiscard]] protocol::order_state read_state(column_reader& in) noexcept
{
    return in.one_of(protocol::order_state::accepted, protocol::order_state::resolved);
}
static_assert(to_column(protocol::order_state::resolved) == protocol::order_state_count);

void read_question(column_reader& in, protocol::order& order)
{
    using protocol::channel, protocol::order_kind, protocol::scan_type;
    order.out_trade_no = in.text();
    order.kind = in.one_of(order_kind::payment, order_kind::refund);
    order.till = in.text();
    order.till_named = in.flag();
    order.till_order = in.text();
    order.content = in.text();
    order.terminal = in.text();
    order.via = in.one_of(channel::card_payment, channel::other);
    order.scan = in.one_of(scan_type::qrcode_pay, scan_type::scan_pay);
    if (const auto camera = in.maybe_integer()) order.camera_id = static_cast<int>(*camera);
    order.amount_minor_units = in.integer();
    order.currency = in.text();
    order.payment_timeout = std::chrono::seconds{in.integer()};
    order.of = in.text();
    order.of_syssn = in.text();
    order.allow_modify = in.flag();
    order.refundable_before = in.maybe_integer();
}
static_assert(to_column(protocol::channel::other) == protocol::channel_count + 1);

void read_facts(column_reader& in, protocol::transaction_facts& facts)
{
    facts.syssn = in.text();
    facts.respcd = in.text();
    facts.sysdtm = in.text();
    facts.busicd = in.text();
    facts.chnlsn = in.text();
    facts.card = in.text();
    facts.card_scheme = in.text();
    facts.matched_by_question = in.flag();
}

}  // namespace

result<protocol::order> read_order(const rows& from)
{
    protocol::order order;
    column_reader in{from};
    read_question(in, order);
    order.state = read_state(in);
    order.reason = in.text();
    order.needs = in.one_of(protocol::attention::none, protocol::attention{0xff});
    read_facts(in, order.facts);
    order.refundable_now = in.maybe_integer();
    order.cancel_wanted = in.flag();
    order.cancel_acknowledged = in.flag();
    order.delivered = in.flag();
    order.created_at = time_of(in.integer());
    order.sent_at = in.maybe_time();
    order.updated_at = time_of(in.integer());
    order.final_at = in.maybe_time();
    order.facts.shown = in.text();
    order.merchant = in.text();
    order.route = in.one_of(protocol::order_route::terminal, protocol::order_route::direct);
    order.pay_type = in.text();
    order.txdtm = in.text();
    order.not_before = in.maybe_time();
    if (const auto paid = in.maybe_integer()) order.resolved_paid = *paid != 0;
    assert(in.columns_read() == order_column_count);
    if (!in.in_range()) return make_sqlite_error(SQLITE_CORRUPT);
    return order;
}

result<protocol::order_step> read_step(const rows& from)
{
    using protocol::order_event;
    protocol::order_step step;
    column_reader in{from};
    step.from = read_state(in);
    step.on = in.one_of(order_event::send, order_event::resolve);
    step.to = read_state(in);
    step.reason = in.text();
    step.at = time_of(in.integer());
    if (!in.in_range()) return make_sqlite_error(SQLITE_CORRUPT);
    return step;
}
static_assert(to_column(protocol::order_event::resolve) + 1 == protocol::order_event_count);

error_code insert_order(statement& insert, const protocol::order& order,
                        std::string_view reason) noexcept
{
    const auto& facts = order.facts;
    constexpr std::optional<timestamp> not_yet;
    return insert
        .exec(order.out_trade_no, to_column(order.kind), order.till, to_column(order.till_named),
              order.till_order, order.content, order.terminal, to_column(order.via),
              to_column(order.scan), to_column(order.camera_id), order.amount_minor_units,
              order.currency, to_column(order.payment_timeout.count()), order.of, order.of_syssn,
              to_column(order.allow_modify), order.refundable_before,
              to_column(protocol::order_state::accepted), reason, to_column(order.needs),
              facts.syssn, facts.respcd, facts.sysdtm, facts.busicd, facts.chnlsn, facts.card,
              facts.card_scheme, to_column(facts.matched_by_question), order.refundable_now,
              to_column(order.cancel_wanted), to_column(order.cancel_acknowledged),
              to_column(order.delivered), to_column(order.created_at), to_column(not_yet),
              to_column(order.created_at), to_column(not_yet), facts.shown, order.merchant,
              to_column(order.route), order.pay_type, order.txdtm, to_column(order.not_before),
              to_column(order.resolved_paid))
        .error();
}

}  // namespace ecr::store
