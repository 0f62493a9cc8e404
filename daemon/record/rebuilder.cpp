#include "daemon/record/rebuilder.hpp"

#include "daemon/limits.hpp"
#include "daemon/logging.hpp"
#include "daemon/order/running_order.hpp"
#include "protocol/cloud/currency.hpp"
#include "protocol/cloud/pay_type.hpp"
#include "protocol/order/number.hpp"
#include "protocol/redact.hpp"

#include <algorithm>
#include <utility>

namespace ecr::daemon {
namespace {

using protocol::cloud_reply;
using protocol::difference;
using protocol::difference_kind;
using protocol::order;
using protocol::order_event;
using protocol::order_kind;
using protocol::order_route;
using protocol::order_state;
using protocol::transport;
using protocol::cloud::trade_row;

constexpr const char* restored_till = "rebuilt";
constexpr std::string_view why_restored = "restored from QFPay's records";
constexpr std::string_view stopping_text = "the bridge is stopping";

// How far apart an order of ours and a row without a number may be and still be the same.
constexpr std::chrono::hours may_be_the_same{1};

/// What the row says by itself; the rest is asked for.
order order_in(const trade_row& row, const cloud_account& account, timestamp now)
{
    order made;
    made.kind = protocol::is_refund(row) ? order_kind::refund : order_kind::payment;
    made.till = restored_till;
    made.amount_minor_units = row.txamt.value_or(0);
    const auto& letters = row.txcurrcd.empty() ? account.currency : row.txcurrcd;
    const auto* known = protocol::cloud::find_currency(letters);
    made.currency = known != nullptr ? std::string{known->numeric} : letters;
    made.via = protocol::channel_of_busicd(row.pay_type).value_or(protocol::channel::other);
    const auto mode = protocol::cloud::mode_of(row.pay_type);
    made.scan = mode == protocol::cloud::pay_mode::merchant_code ? protocol::scan_type::qrcode_pay
                                                                 : protocol::scan_type::scan_pay;
    made.merchant = account.name;
    made.of_syssn = row.origssn;
    made.txdtm = row.txdtm;
    const auto booked = parse_cloud_time(row.sysdtm);
    made.created_at = made.updated_at = booked ? *booked : now;
    made.facts = {.syssn = row.syssn,
                  .respcd = row.respcd,
                  .sysdtm = row.sysdtm,
                  .busicd = row.pay_type,
                  .chnlsn = row.chnlsn,
                  .card = protocol::masked_card(row.cardcd),
                  .card_scheme = {},
                  .matched_by_question = row.out_trade_no.empty(),
                  .shown = {}};
    return made;
}

/// An order of ours that a row without a number may belong to: its own course will find that out.
const order* may_be_ours(const record_book& book, const trade_row& row, const order& made)
{
    if (!row.out_trade_no.empty()) return nullptr;
    const auto found = std::ranges::find_if(book.orders, [&](const order& o) {
        const auto apart = std::chrono::abs(protocol::time_of(o) - made.created_at);
        const bool refused =
            o.state == order_state::rejected && o.facts.respcd != too_many_requests;
        const bool unpaid = o.state != order_state::paid && !refused;
        return o.kind == made.kind && unpaid && o.facts.syssn.empty() &&
               o.amount_minor_units == made.amount_minor_units && apart <= may_be_the_same;
    });
    return found == book.orders.end() ? nullptr : &*found;
}

protocol::till::row row_of(const difference& what, const order& made, const std::string& tag,
                           std::string_view state, std::string text)
{
    protocol::till::row told{.tag = tag, .name = "restored", .fields = {}};
    auto& f = told.fields;
    f.emplace_back("type", std::string{what.type == order_kind::refund ? "refund" : "payment"});
    f.emplace_back("state", std::string{state});
    f.emplace_back("order", made.out_trade_no);
    f.emplace_back("out_trade_no", made.out_trade_no);
    f.emplace_back("amount", made.amount_minor_units);
    f.emplace_back("channel", std::string{name_of(made.via)});
    f.emplace_back("syssn", what.theirs->syssn);
    if (!made.of.empty()) f.emplace_back("of", made.of);
    f.emplace_back("at", what.theirs->sysdtm);
    if (!text.empty()) f.emplace_back("text", std::move(text));
    return told;
}

}  // namespace

/// What is to be restored, and what only to be asked about.
void rebuilder::plan()
{
    planned_ = true;
    for (const auto& each : book_.found.differences) {
        if (each.theirs == nullptr) continue;
        const bool unknown = each.what == difference_kind::missing_here && each.ours == nullptr;
        const bool foreign_refund =
            each.what == difference_kind::refunded_elsewhere && each.type == order_kind::refund;
        const bool second = each.what == difference_kind::paid_twice;
        if (unknown || foreign_refund || second) {
            to_do_.push_back(&each);
        } else if (each.what == difference_kind::missing_here) {
            orders_.hint(each.ours->out_trade_no);
            ++asked_;
        }
    }
    std::ranges::stable_partition(
        to_do_, [](const difference* d) { return d->type == order_kind::payment; });
}

asio::awaitable<std::vector<protocol::till::row>> rebuilder::next(const std::string& tag)
{
    if (!planned_) plan();
    std::vector<row> told;
    while (told.size() < limits::record_rows_at_once && done_ < to_do_.size() && !book_.problem) {
        const auto& what = *to_do_[done_++];
        auto one = co_await restore(what, tag);
        if (!one.fields.empty()) told.push_back(std::move(one));
    }
    co_return told;
}

/// A row without fields: there was nothing to do, or a problem is in the book.
asio::awaitable<protocol::till::row> rebuilder::restore(const difference& what,
                                                        const std::string& tag)
{
    if (orders_.stopping()) {
        book_.problem = problem_of(orders_, {}, "");
        co_return row{};
    }
    const auto& syssn = what.theirs->syssn;
    const auto known =
        co_await orders_.journal().run([&](store::journal& j) { return j.find_syssn(syssn); });
    if (!known) {
        book_.problem = {protocol::till::result_code::journal_failed,
                         "The bridge cannot read its journal"};
        co_return row{};
    }
    if (*known && (*known)->kind == what.type) co_return row{};

    auto made = order_in(*what.theirs, book_.account, orders_.time().wall());
    auto problem = co_await make(what, made);
    if (book_.problem) co_return row{};
    if (!problem.empty()) {
        ++left_;
        log(log_level::warning, "rebuild.left", {{"syssn", syssn}, {"why", problem}});
        co_return row_of(what, made, tag, "left", std::move(problem));
    }
    ++restored_;
    log(log_level::info, "rebuild.restored",
        {{"order", made.out_trade_no}, {"syssn", syssn}, {"amount", made.amount_minor_units}});
    co_return row_of(what, made, tag, name_of(order_state::paid), {});
}

/// Completes the order and writes it. Gives why that cannot be; empty: it is in the journal.
asio::awaitable<std::string> rebuilder::make(const difference& what, order& into)
{
    const auto& theirs = *what.theirs;
    if (!money::of(into.amount_minor_units)) co_return "QFPay's row has no amount";
    if (theirs.syssn.empty()) co_return "QFPay's row has no syssn";
    if (const auto* ours = may_be_ours(book_, theirs, into)) {
        orders_.hint(ours->out_trade_no);
        co_return "it carries no number and may be our order " + ours->out_trade_no +
            ", which is asked about now";
    }
    const auto usable = protocol::cloud::is_out_trade_no(theirs.out_trade_no);
    const bool taken = used_.contains(theirs.out_trade_no) ||
                       std::ranges::any_of(book_.orders, [&](const order& o) {
                           return o.out_trade_no == theirs.out_trade_no;
                       });
    into.out_trade_no = what.what == difference_kind::paid_twice ? "again-" + theirs.syssn
                        : !usable                                ? "keyed-" + theirs.syssn
                        : taken                                  ? "refund-" + theirs.syssn
                                                                 : theirs.out_trade_no;
    store::step_facts facts;
    std::string problem;
    if (into.kind == order_kind::refund)
        problem = co_await find_payment(what, into);
    else
        problem = co_await find_route(into, facts);
    if (!problem.empty() || book_.problem) co_return problem;
    if (into.route == order_route::direct) into.pay_type = theirs.pay_type;
    if (into.route == order_route::terminal) into.txdtm.clear();
    into.content = protocol::content_of(into, "");
    if (what.what == difference_kind::paid_twice) facts.needs = protocol::attention::paid_twice;
    facts.facts = into.facts;
    problem = co_await write(into, facts);
    if (problem.empty()) used_.insert(into.out_trade_no);
    co_return problem;
}

/// By a terminal, or without one: /ecr knows what terminals did. Source: contract 13.29.
asio::awaitable<std::string> rebuilder::find_route(order& into, store::step_facts& facts)
{
    into.terminal = terminal_to_ask(orders_, book_.account, {});
    const protocol::cloud::query_request question{
        .syssn = into.facts.syssn, .out_trade_no = into.out_trade_no, .termid = into.terminal};
    if (into.terminal.empty()) {
        into.route = order_route::direct;
        co_return std::string{};
    }
    auto& gateway = book_.account.gateway;
    const auto once = [&gateway, &question]() -> asio::awaitable<cloud_reply> {
        return gateway.query(question, importance::watch);
    };
    const auto usable = [](const cloud_reply& reply) {
        const bool whole = reply.how == transport::answered && reply.http_status == 200;
        return whole && !reply.bad_signature &&
               protocol::cloud::read_enquiry(reply.body).has_value();
    };
    const auto reply = co_await ask_until(orders_, once, usable);
    if (!usable(reply) || orders_.stopping()) {
        book_.problem = problem_of(orders_, reply, "The enquiry about " + into.out_trade_no);
        co_return std::string{stopping_text};
    }
    const auto answer = protocol::cloud::read_enquiry(reply.body);
    const bool is_terminals = answer->row && answer->row->syssn == into.facts.syssn;
    into.route = is_terminals ? order_route::terminal : order_route::direct;
    if (!is_terminals) into.terminal.clear();
    if (is_terminals) facts.refundable_now = answer->row->allow_refund_amt;
    co_return std::string{};
}

asio::awaitable<std::string> rebuilder::find_payment(const difference& what, order& into)
{
    const auto& origssn = what.theirs->origssn;
    auto number = what.ours != nullptr ? what.ours->out_trade_no : std::string{};
    const auto payment =
        co_await orders_.journal().run([&](store::journal& j) -> result<std::optional<order>> {
            if (!number.empty()) return j.find(number);
            return j.find_syssn(origssn);
        });
    if (!payment) {
        book_.problem = {protocol::till::result_code::journal_failed,
                         "The bridge cannot read its journal"};
        co_return std::string{};
    }
    if (!*payment || (*payment)->kind != order_kind::payment)
        co_return "its payment " + origssn + " is not in the journal: rebuild from an earlier day";
    const auto& of = **payment;
    into.of = of.out_trade_no;
    into.of_syssn = of.facts.syssn;
    into.route = of.route;
    into.terminal = of.terminal;
    into.via = of.via;
    co_return std::string{};
}

/// Both steps or none: they share a group of the journal.
asio::awaitable<std::string> rebuilder::write(order& made, const store::step_facts& facts)
{
    const auto paid = protocol::decide(order_state::accepted, order_event::pay);
    const auto now = orders_.time().wall();
    const auto failed = co_await orders_.journal().run([&](store::journal& j) -> error_code {
        if (const auto not_added = j.add(made, why_restored)) return not_added;
        return j.advance(made.out_trade_no, *paid, why_restored, now, facts);
    });
    if (failed == make_error_code(errc::duplicate_order)) {
        // Taken since the journal was read, by a till that is at it now.
        orders_.hint(made.out_trade_no);
        co_return "its number is in use by now";
    }
    if (failed) {
        orders_.journal().report(failed);
        book_.problem = {protocol::till::result_code::journal_failed,
                         "The bridge cannot write its journal"};
    }
    made.state = order_state::paid;
    co_return std::string{};
}

}  // namespace ecr::daemon
