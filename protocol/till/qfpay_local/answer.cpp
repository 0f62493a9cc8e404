#include "protocol/till/qfpay_local/answer.hpp"

#include "protocol/till/qfpay_local/limits.hpp"
#include "protocol/till/qfpay_local/transaction_data.hpp"
#include "protocol/till/text_encoding.hpp"

namespace ecr::protocol::till::qfpay_local {
namespace {

bool moves_money(function asked_for) noexcept
{
    return asked_for == function::payment || asked_for == function::refund ||
           asked_for == function::cancel;
}

std::string and_do_not_ring(std::string text)
{
    if (text.find("ring again") != text.npos) return text;
    return text + ". Do not ring again: ask with an enquiry first";
}

std::string_view code_of_problem(result_code code) noexcept
{
    switch (code) {
        case result_code::bad_command:
        case result_code::too_long: return respcd::bad_parameter;
        case result_code::not_allowed: return respcd::not_logged_in;
        case result_code::declined:
        case result_code::cancelled:
        case result_code::expired:
        case result_code::rejected:
        case result_code::not_sent:
        case result_code::resolved:
        case result_code::unknown_order:
        case result_code::number_in_use:
        case result_code::busy:
        case result_code::refused:
        case result_code::unknown_terminal: return respcd::failed;
        case result_code::done:
        case result_code::pending:
        case result_code::in_doubt:
        case result_code::unresolved:
        case result_code::mismatch:
        case result_code::returned:
        case result_code::journal_failed:
        case result_code::stopping:
        case result_code::internal: return respcd::other;
    }
    return respcd::other;
}

/// The code of an order as it stands. Not known is never 6000, 6001 or 6002.
std::string_view code_of_outcome(const outcome& r) noexcept
{
    if (r.code == result_code::done) return respcd::ok;
    if (!r.safe_to_retry) return respcd::other;
    if (r.code == result_code::cancelled) return respcd::cancelled;
    return code_of_problem(r.code);
}

struct answering {
    function asked_for;

    answer operator()(const outcome& r) const
    {
        if (asked_for == function::cancel) return after_cancel(r);
        auto text = r.text;
        if (r.late) text = "Late: " + text;
        if (r.earlier) text = "This is the earlier sale " + r.order_number + ": " + text;
        const auto code = code_of_outcome(r);
        if (code == respcd::other) text = and_do_not_ring(std::move(text));
        return {code, std::move(text), data_of(r)};
    }

    answer operator()(const done& r) const { return {respcd::ok, r.text, {}}; }

    answer operator()(const problem& r) const
    {
        const bool dangerous = moves_money(asked_for) && !r.safe_to_retry;
        if (!dangerous) return {code_of_problem(r.code), r.text, {}};
        return {respcd::other, and_do_not_ring(r.text), {}};
    }

    // These end nothing.
    answer operator()(const accepted&) const { return unfinished(); }
    answer operator()(const progress&) const { return unfinished(); }
    answer operator()(const row&) const { return unfinished(); }
    answer operator()(const code_to_show&) const { return unfinished(); }

private:
    /// The order ended before the cancel came: 6000 would say that the cancel has worked.
    static answer after_cancel(const outcome& r)
    {
        if (r.code == result_code::cancelled && r.safe_to_retry) return {respcd::ok, r.text, {}};
        const bool known = r.code == result_code::done || r.safe_to_retry;
        auto text = "Too late to cancel: " + r.text;
        if (!known) text = and_do_not_ring(std::move(text));
        return {known ? respcd::failed : respcd::other, std::move(text), {}};
    }

    std::string data_of(const outcome& r) const
    {
        if (asked_for == function::enquiry) return enquiry_data(r);
        if (r.code != result_code::done) return {};
        return asked_for == function::refund ? refund_data(r) : payment_data(r);
    }

    static answer unfinished() { return {respcd::other, and_do_not_ring("Not finished"), {}}; }
};

}  // namespace

answer answer_to(function asked_for, const reply& end)
{
    auto what = std::visit(answering{asked_for}, end);
    // Whole characters: half of one would be no text in any encoding.
    if (what.text.size() > answer_text_size_max)
        what.text = fitted(what.text, text_encoding::utf8, answer_text_size_max);
    return what;
}

std::string to_json(const answer& what)
{
    object_text object;
    object.add("respcd", what.code).add("respmsg", what.text);
    // Tills show resperr first, and only after a failure.
    object.add("resperr", what.code == respcd::ok ? std::string_view{} : what.text);
    return object.add("data", what.data).take();
}

}  // namespace ecr::protocol::till::qfpay_local
