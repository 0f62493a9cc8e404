#include "daemon/certify/certify_case.hpp"

#include <algorithm>
#include <array>

namespace ecr::daemon::certify {
namespace {

using protocol::order;
using protocol::order_kind;
using protocol::order_state;

// clang-format off
constexpr auto all_trials = std::to_array<trial_text>({
    {trial::payment, "payment", "Payment",
     "Ring up the sale and let the customer pay.",
     "One sale is one payment, and the till shows it."},
    {trial::decline, "decline", "Declined payment",
     "Ring up the sale. The customer's wallet will refuse.",
     "The till shows a refusal as one, and does not try again by itself."},
    {trial::cancel, "cancel", "Cancelled payment",
     "Ring up the sale, and cancel it at the till while the terminal waits for the customer.",
     "A cancel reaches the terminal, and the till waits for what becomes of the sale."},
    {trial::expiry, "expiry", "Customer who walks away",
     "Ring up the sale and wait. Nobody will pay.",
     "The till waits for the end, and shows that nobody has paid."},
    {trial::late_payment, "late-payment", "Payment that comes too late",
     "Ring up the sale and wait. Nobody will pay in time; a little later the money comes all the same.",
     "A till that was told \"not paid\" does not charge again by itself."},
    {trial::in_doubt, "in-doubt", "Outcome that is not known",
     "Ring up the sale and wait. QFPay falls silent; do what the till tells you.",
     "\"Not known yet\" is neither paid nor failed: the till asks until it knows."},
    {trial::power_cut, "power-cut", "Power cut at the bridge",
     "Ring up the sale. The bridge loses its power; do what the till tells you.",
     "The till keeps its sale's number, connects again and asks."},
    {trial::lost_reply, "lost-reply", "Reply that gets lost",
     "Ring up the sale. The answer will not arrive; do what the till tells you.",
     "Silence is no refusal: the till asks, or repeats the same number."},
    {trial::repeat, "repeat", "Repeated sale",
     "Ring up the sale, let the customer pay, and send the same sale again (repeat, last result).",
     "The same number is the same sale: it is not charged twice."},
    {trial::busy, "busy", "Busy terminal",
     "Ring up the sale while another till has the terminal.",
     "The till shows that nothing has happened."},
    {trial::refund, "refund", "Refund",
     "Refund a sale that was paid.",
     "Money goes back once, and for the right sale."},
});
// clang-format on

const std::string& number_of(const order& o)
{
    return o.till_order.empty() ? o.out_trade_no : o.till_order;
}

std::vector<order> of_kind(const observation& seen, order_kind kind)
{
    std::vector<order> all;
    std::ranges::copy_if(seen.orders, std::back_inserter(all),
                         [&](const order& o) { return o.kind == kind; });
    return all;
}

std::string numbers_of(const std::vector<order>& all)
{
    std::string text;
    for (const auto& o : all)
        text += (text.empty() ? "" : ", then ") + number_of(o);
    return text;
}

bool breaks_the_answer(trial which)
{
    return which == trial::in_doubt || which == trial::power_cut || which == trial::lost_reply;
}

judgement fail(std::string why)
{
    return {mark::fail, std::move(why)};
}

judgement pass(std::string why)
{
    return {mark::pass, std::move(why)};
}

std::string twice(const observation& seen)
{
    return seen.charges > 1
               ? " The customer was charged " + std::to_string(seen.charges) + " times."
               : "";
}

/// More than one payment for one sale.
judgement judge_several(const observation& seen, const std::vector<order>& payments)
{
    const auto numbers = numbers_of(payments);
    const auto& first = number_of(payments.front());
    if (breaks_the_answer(seen.which))
        return fail("The till sent the sale again under a new number (" + numbers +
                    ") although the first might have been paid. It must ask for the status of " +
                    first + ", or repeat " + first + "." + twice(seen));
    return fail("The till sent more than one payment for one sale: " + numbers + "." + twice(seen));
}

/// The money has moved, and the till does not show it.
judgement judge_unshown(const observation& seen, const order& sale)
{
    const auto& number = number_of(sale);
    if (!breaks_the_answer(seen.which))
        return fail("The customer has paid " + number + ", and the till does not show it.");
    if (seen.asked > 0)
        return fail("The till has asked what became of " + number +
                    ", and still does not show that it is paid.");
    if (seen.which == trial::in_doubt)
        return fail("The till was told that the outcome of " + number +
                    " is not known yet, and ignored it: it never asked again. The customer has "
                    "paid, and the till does not know.");
    return fail("The till forgot its number: it never asked what became of " + number +
                " after the answer was lost. The customer has paid, and the till does not know.");
}

judgement judge_refund(const observation& seen)
{
    const auto refunds = of_kind(seen, order_kind::refund);
    if (refunds.empty()) return fail("The till has sent no refund.");
    if (seen.refunds > 1) return fail("The money went back more than once: " + numbers_of(refunds));
    if (seen.refunds == 0)
        return fail("The till's refund gave nothing back: " + refunds.back().reason);
    if (seen.shows == shown::not_paid)
        return fail("The money went back, and the till shows that it did not.");
    return pass("One refund, and the money went back once.");
}

judgement judge_end(const observation& seen, const order& sale)
{
    switch (seen.which) {
        case trial::payment: return pass("One payment, and the till shows it.");
        case trial::decline: return pass("One payment, refused, and the till left it at that.");
        case trial::cancel:
            if (!sale.cancel_wanted) return fail("No cancel has come from the till.");
            return pass(seen.charges > 0
                            ? "The cancel came too late, and the till shows the payment."
                            : "The cancel arrived, and the till waited for the end.");
        case trial::expiry: return pass("The till waited for the end: nobody has paid.");
        case trial::late_payment:
            if (seen.charges == 0) return {mark::skipped, "The late payment did not come."};
            return pass(
                "The till did not charge again. The late payment is on the operator's "
                "list.");
        case trial::in_doubt:
        case trial::power_cut:
        case trial::lost_reply:
            if (!seen.hit)
                return {mark::skipped, "The sale was over before anything could go wrong."};
            return pass("The till asked what became of the sale, and shows it. One charge.");
        case trial::repeat:
            if (seen.asked == 0) return fail("The till has not sent the sale a second time.");
            return pass("Sent again, it was the same sale, and charged once.");
        case trial::busy: return pass("The till came to a truthful end.");
        case trial::refund: break;
    }
    return {};
}

}  // namespace

std::span<const trial_text> trials() noexcept
{
    return all_trials;
}

const trial_text& text_of(trial which) noexcept
{
    return all_trials[static_cast<std::size_t>(which)];
}

std::optional<trial> trial_of(std::string_view name) noexcept
{
    const auto found = std::ranges::find(all_trials, name, &trial_text::name);
    return found == all_trials.end() ? std::nullopt : std::optional{found->which};
}

judgement judge(const observation& seen)
{
    if (seen.which == trial::refund) return judge_refund(seen);
    const auto payments = of_kind(seen, order_kind::payment);
    if (payments.empty() && seen.which == trial::busy) {
        if (seen.shows == shown::paid)
            return fail("The till shows a payment, and the terminal was busy with another.");
        return pass("The till was told that the terminal is busy, and made no payment.");
    }
    if (payments.empty()) return fail("The till has sent no payment: none has reached the bridge.");
    if (payments.size() > 1) return judge_several(seen, payments);
    const auto& sale = payments.front();
    if (seen.charges > 1)
        return fail("The customer was charged twice for " + number_of(sale) + ".");
    // A till that was told "not paid" in time may show that.
    const bool may_not_know = seen.which == trial::late_payment;
    if (seen.charges == 1 && seen.shows != shown::paid && !may_not_know)
        return judge_unshown(seen, sale);
    if (seen.charges == 0 && seen.shows == shown::paid)
        return fail("The till shows " + number_of(sale) + " as paid, and no money has moved.");
    return judge_end(seen, sale);
}

}  // namespace ecr::daemon::certify
