#include "protocol/order/reconciliation.hpp"

#include "protocol/cloud/currency.hpp"
#include "protocol/order/state.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace ecr::protocol {
namespace {

using cloud::trade_row;
using row_ptr = const trade_row*;
using order_ptr = const order*;

/// The books say that its money moved.
bool is_held(const order& o)
{
    return o.state == order_state::paid ||
           (o.state == order_state::resolved && o.resolved_paid.value_or(false));
}

bool same_money(const order& o, const trade_row& row)
{
    return row.txamt == o.amount_minor_units &&
           (row.txcurrcd.empty() || cloud::same_currency(row.txcurrcd, o.currency));
}

std::string marked_as_returned(const trade_row& row)
{
    return "QFPay marks it as given back (cancel=" + std::to_string(row.cancel.value_or(0)) + ")";
}

class comparison {
public:
    comparison(std::span<const order> orders, std::span<const trade_row> rows,
               const record_period& period)
        : orders_{orders}, period_{period}
    {
        for (const auto& o : orders)
            index(o);
        take(rows);
    }

    reconciliation run()
    {
        compare_payments();
        compare_refunds();
        for (const auto& o : orders_)
            look_for(o);
        std::ranges::sort(found_.differences, {}, [](const difference& d) {
            const auto at =
                d.theirs != nullptr ? d.theirs->sysdtm : to_cloud_time(time_of(*d.ours));
            const auto& number = d.theirs != nullptr ? d.theirs->syssn : d.ours->out_trade_no;
            return std::tuple{at, number, d.what};
        });
        return std::move(found_);
    }

private:
    using by_text = std::unordered_multimap<std::string_view, order_ptr>;

    void index(const order& o)
    {
        const bool refund = o.kind == order_kind::refund;
        by_number_.emplace(o.out_trade_no, &o);
        if (!o.facts.syssn.empty())
            (refund ? refunds_by_syssn_ : payments_by_syssn_).emplace(o.facts.syssn, &o);
        if (refund && !o.of_syssn.empty()) refunds_of_.emplace(o.of_syssn, &o);
    }

    /// What has moved money, oldest first, each once.
    void take(std::span<const trade_row> rows)
    {
        std::unordered_set<std::string_view> known;
        std::vector<row_ptr> moved;
        for (const auto& row : rows) {
            if (!row.syssn.empty() && !known.insert(row.syssn).second) continue;
            const bool money = row.order_type != "close";
            if (money && in_period(row)) ++found_.rows;
            if (has_moved_money(row)) moved.push_back(&row);
        }
        std::ranges::sort(moved, {}, [](row_ptr row) { return std::tie(row->sysdtm, row->syssn); });
        for (const auto* row : moved)
            (is_refund(*row) ? refund_rows_ : payment_rows_).push_back(row);
        for (const auto* row : refund_rows_)
            if (!row->origssn.empty()) refunded_.insert(row->origssn);
    }

    /// A row without a time belongs everywhere: it must not be lost between two periods.
    [[nodiscard]] bool in_period(const trade_row& row) const
    {
        const auto at = parse_cloud_time(row.sysdtm);
        return !at || period_.holds(*at);
    }

    void report(difference_kind what, order_kind type, order_ptr ours, row_ptr theirs,
                std::string text)
    {
        const bool belongs = theirs != nullptr ? in_period(*theirs) : period_.holds(time_of(*ours));
        if (belongs) found_.differences.push_back({what, type, ours, theirs, std::move(text)});
    }

    [[nodiscard]] order_ptr find(std::string_view number, order_kind kind) const
    {
        const auto found = number.empty() ? by_number_.end() : by_number_.find(number);
        return found != by_number_.end() && found->second->kind == kind ? found->second : nullptr;
    }

    /// The order of ours that holds the row's syssn.
    [[nodiscard]] static order_ptr owner_of(const trade_row& row, const by_text& by_syssn)
    {
        const auto [first, last] = by_syssn.equal_range(row.syssn);
        return row.syssn.empty() || first == last ? nullptr : first->second;
    }

    void compare_payments();
    void compare_group(order_ptr ours, std::vector<row_ptr> rows);
    void compare_payment(const order& ours, const trade_row& row);
    void compare_refunds();
    [[nodiscard]] order_ptr refund_of(const trade_row& row, bool same_amount) const;
    void compare_refund(const order& ours, const trade_row& row);
    void report_foreign_refund(const trade_row& row);
    [[nodiscard]] order_ptr payment_behind(const trade_row& row) const;
    void look_for(const order& o);

    std::span<const order> orders_;
    const record_period& period_;
    std::unordered_map<std::string_view, order_ptr> by_number_;
    by_text payments_by_syssn_;
    by_text refunds_by_syssn_;
    by_text refunds_of_;  // by the payment's syssn
    std::vector<row_ptr> payment_rows_;
    std::vector<row_ptr> refund_rows_;
    std::unordered_set<std::string_view> refunded_;  // syssn of payments that have refund rows
    std::unordered_set<order_ptr> seen_;             // orders of ours that have a row
    reconciliation found_;
};

void comparison::compare_payments()
{
    std::unordered_map<order_ptr, std::vector<row_ptr>> known;
    std::unordered_map<std::string_view, std::vector<row_ptr>> unknown;
    for (const auto* row : payment_rows_) {
        const auto* named = find(row->out_trade_no, order_kind::payment);
        const auto* owner = owner_of(*row, payments_by_syssn_);
        const auto* ours = named != nullptr ? named : owner;
        // A second payment of a number may have an order of its own: it is there.
        if (owner != nullptr && (named == nullptr || named->facts.syssn != row->syssn))
            seen_.insert(owner);
        const auto& key = row->out_trade_no.empty() ? row->syssn : row->out_trade_no;
        if (ours != nullptr)
            known[ours].push_back(row);
        else if (!key.empty())
            unknown[key].push_back(row);
        else
            compare_group(nullptr, {row});
    }
    for (auto& [ours, rows] : known)
        compare_group(ours, std::move(rows));
    for (auto& [number, rows] : unknown)
        compare_group(nullptr, std::move(rows));
}

/// All payments of one number, oldest first.
void comparison::compare_group(order_ptr ours, std::vector<row_ptr> rows)
{
    if (ours != nullptr) {
        seen_.insert(ours);
        const auto is_known = [&](row_ptr row) { return row->syssn == ours->facts.syssn; };
        const auto fits = [&](row_ptr row) { return same_money(*ours, *row); };
        std::stable_partition(rows.begin(), rows.end(), fits);
        std::stable_partition(rows.begin(), rows.end(), is_known);
        compare_payment(*ours, *rows.front());
    } else {
        const auto& row = *rows.front();
        const bool back = row.cancel.value_or(0) != 0;
        report(difference_kind::missing_here, order_kind::payment, nullptr, &row,
               "QFPay has this payment, and the journal does not know it" +
                   (back ? "; " + marked_as_returned(row) : ""));
    }
    for (std::size_t i = 1; i < rows.size(); ++i)
        report(difference_kind::paid_twice, order_kind::payment, ours, rows[i],
               "A second payment under one number: the first is " + rows.front()->syssn);
}

void comparison::compare_payment(const order& ours, const trade_row& row)
{
    if (!is_final(ours.state)) return;
    const bool has_refunds = refunded_.contains(row.syssn);
    const auto digit = row.cancel.value_or(0);
    if (!is_held(ours)) {
        // A payment that was reversed keeps its row: the shop has no money of it.
        const bool undone = (digit == 1 || digit == 2) && !has_refunds;
        if (!undone)
            report(
                difference_kind::missing_here, order_kind::payment, &ours, &row,
                "QFPay has this paid, and the journal has it " + std::string{name_of(ours.state)});
        return;
    }
    if (!same_money(ours, row))
        report(difference_kind::amount_differs, order_kind::payment, &ours, &row,
               "QFPay has another amount or currency");
    // The digit tells no amount, and which digit stands for what has changed over the years: it
    // counts only where neither a row nor a refund of ours explains it. Source: contract 4.6.
    if (digit == 0 || has_refunds) return;
    const auto [first, last] = refunds_of_.equal_range(row.syssn);
    const bool by_us = std::any_of(first, last, [](const auto& entry) {
        return is_held(*entry.second) || !is_final(entry.second->state);
    });
    if (!by_us)
        report(difference_kind::refunded_elsewhere, order_kind::payment, &ours, &row,
               marked_as_returned(row) + ", and no refund of ours explains it");
}

order_ptr comparison::payment_behind(const trade_row& row) const
{
    const auto found =
        row.origssn.empty() ? payments_by_syssn_.end() : payments_by_syssn_.find(row.origssn);
    if (found != payments_by_syssn_.end()) return found->second;
    // Old pages show refunds under the number of their payment.
    return row.origssn.empty() ? find(row.out_trade_no, order_kind::payment) : nullptr;
}

/// A refund of ours that has no row yet and goes by its payment alone.
order_ptr comparison::refund_of(const trade_row& row, bool same_amount) const
{
    const auto* payment = payment_behind(row);
    const std::string_view of = !row.origssn.empty() ? std::string_view{row.origssn}
                                : payment != nullptr ? std::string_view{payment->facts.syssn}
                                                     : std::string_view{};
    if (of.empty()) return nullptr;
    const auto [first, last] = refunds_of_.equal_range(of);
    order_ptr best = nullptr;
    for (auto entry = first; entry != last; ++entry) {
        const auto* refund = entry->second;
        const bool may_be = is_held(*refund) || !is_final(refund->state);
        const bool fits = !same_amount || same_money(*refund, row);
        if (!may_be || !fits || seen_.contains(refund)) continue;
        if (best == nullptr || time_of(*refund) < time_of(*best)) best = refund;
    }
    return best;
}

/// The surest ways first, so that a refund is not taken for another one of the same payment.
void comparison::compare_refunds()
{
    auto left = std::move(refund_rows_);
    const auto pass = [&](auto find_ours) {
        std::vector<row_ptr> next;
        for (const auto* row : left) {
            const order_ptr ours = find_ours(*row);
            if (ours == nullptr || !seen_.insert(ours).second)
                next.push_back(row);
            else
                compare_refund(*ours, *row);
        }
        left = std::move(next);
    };
    pass([&](const trade_row& row) { return find(row.out_trade_no, order_kind::refund); });
    pass([&](const trade_row& row) { return owner_of(row, refunds_by_syssn_); });
    pass([&](const trade_row& row) { return refund_of(row, true); });
    pass([&](const trade_row& row) { return refund_of(row, false); });
    for (const auto* row : left)
        report_foreign_refund(*row);
}

void comparison::compare_refund(const order& ours, const trade_row& row)
{
    if (!is_final(ours.state)) return;
    if (!is_held(ours))
        report(
            difference_kind::missing_here, order_kind::refund, &ours, &row,
            "QFPay has this refunded, and the journal has it " + std::string{name_of(ours.state)});
    else if (!same_money(ours, row))
        report(difference_kind::amount_differs, order_kind::refund, &ours, &row,
               "QFPay has another amount or currency");
}

void comparison::report_foreign_refund(const trade_row& row)
{
    const auto* payment = payment_behind(row);
    if (payment != nullptr)
        report(difference_kind::refunded_elsewhere, order_kind::refund, payment, &row,
               "QFPay has given money of this payment back, and no refund of ours explains it");
    else
        report(difference_kind::missing_here, order_kind::refund, nullptr, &row,
               "QFPay has this refund, and the journal knows neither it nor its payment");
}

void comparison::look_for(const order& o)
{
    if (!period_.holds(time_of(o))) return;
    ++found_.orders;
    if (!is_final(o.state))
        found_.open.push_back(&o);
    else if (is_held(o) && !seen_.contains(&o))
        report(difference_kind::missing_there, o.kind, &o, nullptr,
               o.state == order_state::paid
                   ? "The journal has it done, and QFPay has no such row"
                   : "The operator has ended it as paid, and QFPay has no such row");
}

}  // namespace

std::string_view name_of(difference_kind what) noexcept
{
    switch (what) {
        case difference_kind::missing_here: return "missing_here";
        case difference_kind::missing_there: return "missing_there";
        case difference_kind::amount_differs: return "amount_differs";
        case difference_kind::paid_twice: return "paid_twice";
        case difference_kind::refunded_elsewhere: return "refunded_elsewhere";
    }
    return "";
}

bool is_refund(const trade_row& row) noexcept
{
    return row.order_type == "refund";
}

bool has_moved_money(const trade_row& row) noexcept
{
    return row.respcd == "0000" && row.order_type != "close";
}

timestamp time_of(const order& o) noexcept
{
    const auto booked = parse_cloud_time(o.facts.sysdtm);
    return booked ? *booked : o.sent_at.value_or(o.created_at);
}

reconciliation reconcile(std::span<const order> orders, std::span<const trade_row> rows,
                         const record_period& period)
{
    return comparison{orders, rows, period}.run();
}

}  // namespace ecr::protocol
