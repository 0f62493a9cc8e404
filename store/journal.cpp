#include "store/journal_state.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace ecr::store {
namespace {

using protocol::order_state;

/// Errors that say something about the request or the moment, and nothing about the disk.
[[nodiscard]] bool is_harmless(const error_code& error) noexcept
{
    if (error.category() != sqlite_category()) return true;
    const int primary = error.value() & 0xff;
    return primary == SQLITE_BUSY || primary == SQLITE_LOCKED || primary == SQLITE_CONSTRAINT ||
           primary == SQLITE_TOOBIG;
}

[[nodiscard]] std::optional<std::string_view> known(const protocol::transaction_facts* facts,
                                                    std::string protocol::transaction_facts::*text)
{
    if (facts == nullptr || (facts->*text).empty()) return std::nullopt;
    return facts->*text;
}

[[nodiscard]] result<std::string> read_text(const rows& from)
{
    return from.text(0);
}

}  // namespace

// --- How a verb writes. --------------------------------------------------------------------------

/// Returns `why`, the error of the verb, whatever the undoing adds to it.
error_code journal::state::undo(const error_code& why) noexcept
{
    if (db.in_transaction()) {
        if (const auto failed = group_open ? verb.rollback() : group.rollback()) {
            group_lost = true;
            broken_by = failed;
        }
    }
    return note(why);
}

error_code journal::state::end_transaction() noexcept
{
    const auto failed = group.commit();
    if (!failed) return {};
    // Whatever the reason: the caller has been told of steps that are not there.
    broken_by = failed;
    // A rollback that fails, too, changes nothing: the journal is not used again, and closing the
    // connection rolls back.
    if (db.in_transaction()) (void)group.rollback();
    return failed;
}

/// Returns `error`, having drawn the consequences.
error_code journal::state::note(const error_code& error) noexcept
{
    // Some errors make SQLite roll back the whole transaction by itself
    // (sqlite.org/lang_transaction.html, section 3.1). Going on would write outside of any.
    if (group_open && !db.in_transaction()) group_lost = true;
    if (!broken_by && (group_lost || !is_harmless(error))) broken_by = error;
    return error;
}

error_code journal::state::append(std::string_view out_trade_no, const protocol::transition& step,
                                  std::string_view reason, timestamp at) noexcept
{
    return sql.append_step
        .exec(out_trade_no, to_column(step.from), to_column(step.on), to_column(step.to), reason,
              to_column(at))
        .error();
}

error_code journal::state::move(std::string_view out_trade_no, const protocol::transition& step,
                                std::string_view reason, timestamp at,
                                const step_facts& changes) noexcept
{
    using protocol::transaction_facts;
    const bool enters = step.from != step.to;
    const auto sent_at =
        enters && step.to == order_state::sending ? std::optional{at} : std::nullopt;
    const auto final_at = enters && is_final(step.to) ? std::optional{at} : std::nullopt;
    // Late, unless a human had found out before that the money has moved.
    const auto late = is_late(step) ? protocol::attention::late : protocol::attention::none;
    const auto* const facts = changes.facts ? &*changes.facts : nullptr;
    const auto by_question =
        facts != nullptr ? std::optional{facts->matched_by_question} : std::nullopt;

    const auto moved = sql.move_order.exec(
        out_trade_no, to_column(step.from), to_column(step.to), reason, to_column(at),
        to_column(changes.needs), to_column(sent_at), to_column(final_at),
        changes.refundable_before, changes.refundable_now, to_column(changes.cancel_wanted),
        to_column(changes.cancel_acknowledged), known(facts, &transaction_facts::syssn),
        known(facts, &transaction_facts::respcd), known(facts, &transaction_facts::sysdtm),
        known(facts, &transaction_facts::busicd), known(facts, &transaction_facts::chnlsn),
        known(facts, &transaction_facts::card), known(facts, &transaction_facts::card_scheme),
        to_column(by_question), to_column(changes.settled), known(facts, &transaction_facts::shown),
        to_column(changes.resolved_paid), to_column(late));
    if (!moved) return moved.error();
    if (*moved == 0) return why_not_moved(out_trade_no);
    return append(out_trade_no, step, reason, at);
}

error_code journal::state::why_not_moved(std::string_view out_trade_no) noexcept
{
    auto found = sql.is_its_row.query(out_trade_no);
    const auto outcome = found.next();
    if (!outcome) return outcome.error();
    if (*outcome == stepped::done) return errc::unknown_order;
    return found.integer(0) == 0 ? index_lies() : make_error_code(errc::stale_state);
}

error_code journal::state::index_lies() noexcept
{
    return note(make_sqlite_error(SQLITE_CORRUPT));
}

// --- The verbs. ----------------------------------------------------------------------------------

journal::journal(const std::filesystem::path& path) : state_{std::make_unique<state>(path)} {}

journal::~journal() = default;

bool journal::broken() const noexcept
{
    return state_->broken_by.failed();
}

error_code journal::begin_group() noexcept
{
    assert(!state_->group_open);
    if (state_->broken_by) return state_->broken_by;
    if (const auto failed = state_->group.begin()) return state_->note(failed);
    state_->group_open = true;
    return {};
}

error_code journal::commit_group() noexcept
{
    assert(state_->group_open);
    state_->group_open = false;
    if (!state_->group_lost) return state_->end_transaction();
    if (state_->db.in_transaction()) (void)state_->group.rollback();  // as in end_transaction()
    assert(state_->broken_by);
    return state_->broken_by;
}

error_code journal::add(const protocol::order& order, std::string_view reason) noexcept
{
    assert(order.state == order_state::accepted);
    return state_->write([&]() -> error_code {
        if (const auto failed = insert_order(state_->sql.insert_order, order, reason)) {
            const bool exists = failed == make_sqlite_error(SQLITE_CONSTRAINT_UNIQUE) ||
                                failed == make_sqlite_error(SQLITE_CONSTRAINT_PRIMARYKEY);
            return exists ? make_error_code(errc::duplicate_order) : failed;
        }
        const auto first = decide(order_state::accepted, protocol::order_event::learn);
        return state_->append(order.out_trade_no, *first, reason, order.created_at);
    });
}

error_code journal::advance(std::string_view out_trade_no, const protocol::transition& step,
                            std::string_view reason, timestamp at, const step_facts& facts) noexcept
{
    const auto legal = protocol::decide(step.from, step.on);
    if (!legal || *legal != step) return errc::illegal_transition;
    return state_->write([&] { return state_->move(out_trade_no, step, reason, at, facts); });
}

error_code journal::mark_delivered(std::string_view out_trade_no) noexcept
{
    return state_->write([&]() -> error_code {
        const auto marked = state_->sql.deliver.exec(out_trade_no);
        if (!marked) return marked.error();
        return *marked == 0 ? state_->why_not_moved(out_trade_no) : error_code{};
    });
}

result<std::optional<protocol::order>> journal::find(std::string_view out_trade_no) noexcept
{
    const auto is_it = [&](const auto& order) { return order.out_trade_no == out_trade_no; };
    return state_->read_one(is_it, state_->sql.find, out_trade_no);
}

result<std::optional<protocol::order>> journal::find_till_order(
    std::string_view till, std::string_view till_order) noexcept
{
    const auto is_it = [&](const auto& order) {
        return order.till == till && order.till_order == till_order;
    };
    return state_->read_one(is_it, state_->sql.find_till_order, till, till_order);
}

result<std::optional<protocol::order>> journal::find_syssn(std::string_view syssn) noexcept
{
    const auto is_it = [&](const auto& order) { return order.facts.syssn == syssn; };
    return state_->read_one(is_it, state_->sql.find_syssn, syssn);
}

result<std::optional<protocol::order>> journal::last_of_till(std::string_view till) noexcept
{
    const auto is_it = [&](const auto& order) { return order.till == till; };
    return state_->read_one(is_it, state_->sql.last_of_till, till);
}

result<std::vector<protocol::order>> journal::refunds_of(std::string_view out_trade_no) noexcept
{
    auto found =
        state_->read_all<protocol::order>(read_order, state_->sql.refunds_of, out_trade_no);
    const auto is_one = [&](const auto& order) { return order.of == out_trade_no; };
    if (found && !std::ranges::all_of(*found, is_one)) return state_->index_lies();
    return found;
}

result<std::vector<protocol::order>> journal::open_orders() noexcept
{
    return state_->read_all<protocol::order>(read_order, state_->sql.open_orders);
}

result<std::vector<protocol::order>> journal::watched_orders(timestamp since) noexcept
{
    return state_->read_all<protocol::order>(read_order, state_->sql.watched_orders,
                                             to_column(since));
}

result<std::vector<protocol::order>> journal::list(const order_filter& filter) noexcept
{
    using limits = std::numeric_limits<std::int64_t>;
    const bool unfinished = filter.state && !is_final(*filter.state);
    auto& from = filter.needs_attention ? state_->sql.list_attention
                 : unfinished           ? state_->sql.list_unfinished
                                        : state_->sql.list;
    return state_->read_all<protocol::order>(
        read_order, from, to_column(filter.since).value_or(limits::min()),
        to_column(filter.before).value_or(limits::max()), to_column(filter.state),
        to_column(std::max(filter.limit, 0)));
}

result<std::vector<protocol::order_step>> journal::steps_of(std::string_view out_trade_no) noexcept
{
    auto found =
        state_->read_all<protocol::order_step>(read_step, state_->sql.steps_of, out_trade_no);
    if (!found || !found->empty()) return found;
    const auto why = state_->why_not_moved(out_trade_no);
    if (why.category() == sqlite_category()) return state_->note(why);
    return found;  // nobody knows that order
}

result<counts> journal::count_orders() noexcept
{
    if (state_->broken_by) return state_->broken_by;
    auto answer = state_->sql.counts.query();
    const auto outcome = answer.next();
    if (!outcome) return state_->note(outcome.error());
    assert(*outcome == stepped::row);
    return counts{answer.integer(0), answer.integer(1), answer.integer(2)};
}

result<std::string> journal::integrity() noexcept
{
    const auto complaints = state_->read_all<std::string>(read_text, state_->sql.integrity_check);
    if (!complaints) return complaints.error();
    const auto orphans = state_->read_all<std::string>(read_text, state_->sql.foreign_key_check);
    if (!orphans) return orphans.error();

    try {
        std::string all;
        for (const auto& complaint : *complaints)
            if (complaint != "ok") all.append(complaint).append("\n");
        for (const auto& table : *orphans)
            all.append("orphan in ").append(table).append("\n");
        return all;
    } catch (const std::bad_alloc&) {
        return make_sqlite_error(SQLITE_NOMEM);
    }
}

error_code journal::checkpoint() noexcept
{
    assert(!state_->group_open);
    if (state_->broken_by) return state_->broken_by;
    const int code = sqlite3_wal_checkpoint_v2(state_->db.handle(), nullptr,
                                               SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    return code == SQLITE_OK ? error_code{} : state_->note(make_sqlite_error(code));
}

}  // namespace ecr::store
