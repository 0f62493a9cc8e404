#include "daemon/record/record_book.hpp"

#include "daemon/limits.hpp"
#include "protocol/cloud/query_window.hpp"
#include "protocol/order/direct_evidence.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace ecr::daemon {
namespace {

using protocol::cloud_reply;
using protocol::difference_kind;
using protocol::finding;
using protocol::order;
using protocol::order_kind;
using protocol::order_route;
using protocol::transport;

// A refund may wait for the end of QFPay's night, and a code be paid hours after it was made: both
// were made on the day before.
constexpr std::chrono::hours made_before{26};

record_problem journal_unreadable()
{
    return {protocol::till::result_code::journal_failed, "The bridge cannot read its journal"};
}

class journal_reader {
public:
    journal_reader(order_service& orders, record_book& book) : orders_{orders}, book_{book} {}

    /// A day at a time: the tills' steps wait for no more than that.
    asio::awaitable<void> read_days()
    {
        const auto end = book_.period.before + limits::record_edge;
        for (auto day = book_.period.from - made_before; day < end && !book_.problem;) {
            const auto next = std::min<timestamp>(day + std::chrono::days{1}, end);
            const store::order_filter filter{
                .since = day, .before = next, .limit = std::numeric_limits<int>::max()};
            auto found = co_await orders_.journal().run(
                [&filter](store::journal& j) { return j.list(filter); },
                store_thread::takes::long_perhaps);
            keep(std::move(found));
            day = next;
        }
    }

    /// What the rows name and the days did not have.
    asio::awaitable<void> read_named()
    {
        std::vector<const protocol::cloud::trade_row*> left;
        for (const auto& row : book_.rows)
            if (protocol::has_moved_money(row)) left.push_back(&row);
        for (std::size_t begin = 0; begin < left.size() && !book_.problem;) {
            const auto end = std::min(left.size(), begin + limits::record_lookups_max);
            auto found = co_await orders_.journal().run(
                [&](store::journal& j) {
                    result<std::vector<order>> named{std::vector<order>{}};
                    for (auto i = begin; i < end && named; ++i)
                        if (const auto failed = look_up(j, *left[i], *named)) named = failed;
                    return named;
                },
                store_thread::takes::long_perhaps);
            keep(std::move(found));
            begin = end;
        }
    }

private:
    /// On the store thread; the I/O thread waits and touches nothing of ours.
    error_code look_up(store::journal& j, const protocol::cloud::trade_row& row,
                       std::vector<order>& into) const
    {
        const auto add = [&](const result<std::optional<order>>& found) {
            if (!found) return found.error();
            if (*found) into.push_back(**found);
            return error_code{};
        };
        if (!row.out_trade_no.empty() && !known_.contains(row.out_trade_no))
            if (const auto failed = add(j.find(row.out_trade_no))) return failed;
        for (const auto& syssn : {row.syssn, row.origssn})
            if (!syssn.empty() && !syssns_.contains(syssn))
                if (const auto failed = add(j.find_syssn(syssn))) return failed;
        if (row.cancel.value_or(0) == 0) return {};
        // Its refunds may have been made long after.
        const auto payment = j.find_syssn(row.syssn);
        if (!payment) return payment.error();
        if (!*payment) return {};
        const auto refunds = j.refunds_of((*payment)->out_trade_no);
        if (!refunds) return refunds.error();
        into.insert(into.end(), refunds->begin(), refunds->end());
        return {};
    }

    void keep(result<std::vector<order>> found)
    {
        if (!found) {
            book_.problem = journal_unreadable();
            return;
        }
        for (auto& each : *found) {
            const bool ours = &orders_.accounts().of(each.merchant) == &book_.account;
            if (!ours || !known_.insert(each.out_trade_no).second) continue;
            if (!each.facts.syssn.empty()) syssns_.insert(each.facts.syssn);
            book_.orders.push_back(std::move(each));
        }
    }

    order_service& orders_;
    record_book& book_;
    std::set<std::string> known_;
    std::set<std::string> syssns_;
};

bool reached(const cloud_reply& reply)
{
    return reply.how == transport::answered && reply.http_status == 200 && !reply.bad_signature;
}

/// What QFPay says when it is asked about one order.
class confirmation {
public:
    confirmation(order_service& orders, record_book& book, const order& o)
        : orders_{orders}, book_{book}, order_{o}
    {}

    asio::awaitable<void> ask()
    {
        if (order_.route == order_route::direct)
            co_await ask_trade();
        else
            co_await ask_terminals();
    }

    bool is_there = false;
    bool is_returned = false;
    std::string said;  // empty: nothing
    record_problem problem;

private:
    asio::awaitable<cloud_reply> ask_ecr(std::string syssn)
    {
        const protocol::cloud::query_request question{
            .syssn = std::move(syssn),
            .out_trade_no = order_.out_trade_no,
            .termid = terminal_to_ask(orders_, book_.account, order_.terminal)};
        auto& gateway = book_.account.gateway;
        const auto once = [&gateway, &question]() -> asio::awaitable<cloud_reply> {
            return gateway.query(question, importance::watch);
        };
        auto reply = co_await ask_until(orders_, once, reached);
        if (!reached(reply) || orders_.stopping())
            problem = problem_of(orders_, reply, "The enquiry about " + order_.out_trade_no);
        co_return reply;
    }

    asio::awaitable<void> ask_terminals()
    {
        const auto reply = co_await ask_ecr(order_.facts.syssn);
        if (problem) co_return;
        const protocol::enquiry_context context{.now = book_.account.gateway.cloud_now(),
                                                .syssn_owner = order_.out_trade_no};
        take(protocol::judge_enquiry(order_, reply, context));
        if (is_there || is_returned || order_.kind != order_kind::refund) co_return;
        co_await ask_payment();
    }

    /// Many refunds of terminals are known by nothing but what their payment has left.
    asio::awaitable<void> ask_payment()
    {
        if (order_.of_syssn.empty()) co_return;
        const auto reply = co_await ask_ecr(order_.of_syssn);
        if (problem) co_return;
        const auto left = protocol::read_refundable(order_, reply).amount;
        const auto payment =
            co_await orders_.journal().run([this](store::journal& j) { return j.find(order_.of); });
        const auto refunds = co_await orders_.journal().run(
            [this](store::journal& j) { return j.refunds_of(order_.of); });
        if (!payment || !refunds) {
            problem = journal_unreadable();
            co_return;
        }
        if (!left || !*payment) co_return;
        auto should_be_left = (*payment)->amount_minor_units;
        for (const auto& each : *refunds)
            if (each.state == protocol::order_state::paid)
                should_be_left -= each.amount_minor_units;
        is_there = *left <= should_be_left;
        said = "the payment has " + std::to_string(*left) + " left to refund";
    }

    asio::awaitable<void> ask_trade()
    {
        const auto sent_at = protocol::time_of(order_);
        const auto now = book_.account.gateway.cloud_now();
        for (const auto& month : protocol::cloud::windows_for_order(sent_at, now)) {
            const auto once = [&]() -> asio::awaitable<cloud_reply> {
                return book_.account.enquirer.ask(order_.out_trade_no, to_cloud_time(month.start),
                                                  to_cloud_time(month.end), importance::watch);
            };
            const auto reply = co_await ask_until(orders_, once, reached);
            if (!reached(reply) || orders_.stopping()) {
                problem = problem_of(orders_, reply, "The enquiry about " + order_.out_trade_no);
                co_return;
            }
            take(protocol::judge_direct_rows(order_, reply));
            if (is_there || is_returned) co_return;
        }
    }

    void take(const protocol::evidence& found)
    {
        is_there = found.what == finding::paid;
        is_returned = found.what == finding::returned;
        said = found.reason;
    }

    order_service& orders_;
    record_book& book_;
    const order& order_;
};

}  // namespace

std::string terminal_to_ask(order_service& orders, const cloud_account& account,
                            const std::string& own)
{
    if (!own.empty()) return own;
    for (const auto& terminal : orders.terminals())
        if (&orders.accounts().of(terminal.merchant) == &account) return terminal.id;
    return {};
}

asio::awaitable<void> fill(order_service& orders, record_book& book)
{
    const auto from = book.period.from - limits::record_edge;
    // Nothing is booked in the future; a month that has not begun needs no question.
    const auto to = std::min<timestamp>(book.period.before + limits::record_edge,
                                        book.account.gateway.cloud_now() + limits::record_edge);
    auto reading = co_await read_records(orders, book.account, from, to);
    book.problem = std::move(reading.problem);
    book.rows = std::move(reading.rows);
    if (book.problem) co_return;
    // After the list: what was done meanwhile is known to the journal at least.
    journal_reader reader{orders, book};
    co_await reader.read_days();
    if (!book.problem) co_await reader.read_named();
    if (!book.problem) book.found = protocol::reconcile(book.orders, book.rows, book.period);
}

asio::awaitable<void> confirm_missing(order_service& orders, record_book& book)
{
    std::vector<protocol::difference> kept;
    for (auto& each : book.found.differences) {
        if (each.what != difference_kind::missing_there) {
            kept.push_back(std::move(each));
            continue;
        }
        confirmation asked{orders, book, *each.ours};
        co_await asked.ask();
        book.problem = asked.problem;
        if (book.problem) co_return;
        if (asked.is_there) continue;
        if (asked.is_returned) each.what = difference_kind::refunded_elsewhere;
        if (!asked.said.empty()) each.text += "; asked about it: " + asked.said;
        kept.push_back(std::move(each));
    }
    book.found.differences = std::move(kept);
}

}  // namespace ecr::daemon
