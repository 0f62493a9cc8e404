// What is different about an order that goes to /trade/v1: no terminal, its own undo, lists.
#include "daemon/logging.hpp"
#include "daemon/order/order_course.hpp"
#include "protocol/cloud/currency.hpp"
#include "protocol/order/direct_evidence.hpp"

#include <algorithm>

namespace ecr::daemon {
namespace {

using protocol::enquiry_phase;
using protocol::evidence;
using protocol::finding;
using protocol::order_event;
using protocol::order_kind;
using protocol::order_state;
using protocol::undo_answer;
namespace cloud = protocol::cloud;

constexpr int undos_max = 5;
constexpr milliseconds undo_again_after{10'000};

bool is_scanned(const protocol::order& o)
{
    return cloud::mode_of(o.pay_type) == cloud::pay_mode::customer_code;
}

cloud::trade_payment_request payment_of(const running_order& r, money amount,
                                        const cloud_account& account)
{
    const auto& row = r.row;
    cloud::trade_payment_request request{
        .out_trade_no = row.out_trade_no, .pay_type = row.pay_type, .amount = amount};
    const auto* currency = cloud::find_currency(row.currency);
    request.currency = currency != nullptr ? std::string{currency->alphabetic} : row.currency;
    if (const auto at = parse_cloud_time(row.txdtm)) request.at = *at;
    request.auth_code = r.auth_code;
    request.goods_name = r.goods;
    request.udid = account.udid;
    request.notify_url = account.notify_url;
    if (cloud::mode_of(row.pay_type) == cloud::pay_mode::web) request.return_url = r.return_url;
    if (r.valid_time)
        request.valid_time = r.valid_time;
    else if (!is_scanned(row) && cloud::has_expired_time(row.pay_type))
        request.expired_time = std::chrono::ceil<std::chrono::minutes>(row.payment_timeout);
    return request;
}

}  // namespace

milliseconds order_course::window() const
{
    const auto& row = r_->row;
    const milliseconds timeout = row.payment_timeout;
    // A refund's push carries no timeout: the terminal waits as long as it always does.
    if (!is_direct() && row.kind == order_kind::refund)
        return std::max(timeout, ctx_.settings.pace.refund_window);
    if (!is_direct()) return timeout;
    // Nothing has to reach a terminal first: its time begins when it is sent.
    if (is_scanned(row) && row.kind == order_kind::payment)
        return std::max(milliseconds{0}, timeout - ctx_.settings.pace.window_slack);
    // Nobody can pay what nobody was shown, and nobody stands anywhere to confirm a refund.
    const bool somebody_may_act = row.kind == order_kind::payment && !row.facts.shown.empty();
    return somebody_may_act ? timeout : milliseconds{0};
}

bool order_course::undo_begun() const
{
    return r_->row.kind == order_kind::payment &&
           (r_->cancels_sent > 0 || r_->row.cancel_wanted || phase() != enquiry_phase::window);
}

bool order_course::refused_refund_is_over() const
{
    const auto& row = r_->row;
    const auto& code = row.facts.respcd;
    if (row.kind != order_kind::refund || row.state != order_state::in_doubt ||
        !protocol::is_refund_refusal_to_check(code))
        return false;
    if (is_direct() || code == "1136" || code == "1268") return true;
    // "Already refunded", and the payment says it is not: perhaps our own refund stands at the
    // terminal, delivered twice, and waits for the cashier (contract 13.7).
    return phase() != enquiry_phase::window;
}

bool order_course::needs_no_more_asking() const
{
    // Looked up when its time is over, and when that of a late second copy is; before that only
    // when there is news of it. One that the cloud knows after all may be paid as late as any
    // other.
    if (r_->row.state == order_state::rejected)
        return !known_after_all_ && r_->concluding_looks >= last_looks;
    if (r_->row.state != order_state::paid) return false;
    const bool may_still_go_back = is_direct() && r_->cancels_sent > 0 && r_->final_since &&
                                   ctx_.time.now() - *r_->final_since < undone_watch;
    return !may_still_go_back;
}

asio::awaitable<protocol::cloud_reply> order_course::send_direct()
{
    const auto amount = money::of(r_->row.amount_minor_units);
    result<cloud::form> parameters{make_error_code(errc::bad_parameter)};
    std::string_view path = cloud::trade_payment_path;
    const auto& account = ctx_.accounts.of(r_->row.merchant);
    if (amount && r_->row.kind == order_kind::payment) {
        parameters = cloud::to_form(payment_of(*r_, *amount, account));
    } else if (amount) {
        path = cloud::trade_refund_path;
        cloud::trade_refund_request request{
            .syssn = r_->row.of_syssn, .out_trade_no = r_->row.out_trade_no, .amount = *amount};
        if (const auto at = parse_cloud_time(r_->row.txdtm)) request.at = *at;
        request.udid = account.udid;
        parameters = cloud::to_form(request);
    }
    if (!parameters)
        co_return protocol::cloud_reply{.how = protocol::transport::not_sent,
                                        .detail = parameters.error().message()};
    co_return co_await ctx_.cloud_of(r_->row).call(path, std::move(*parameters), importance::money);
}

asio::awaitable<evidence> order_course::ask_directly()
{
    // In QFPay's time: our own clock may stand in another month. What the cloud has booked, it
    // says.
    const auto now = ctx_.cloud_now(r_->row);
    const auto booked = parse_cloud_time(r_->row.facts.sysdtm);
    const auto windows = cloud::windows_for_order(booked ? *booked : now - age(), now);
    evidence found;
    for (const auto& within : windows) {
        const auto reply =
            co_await ctx_.list(r_->row.merchant, r_->row.out_trade_no, within, urgency());
        auto here = protocol::judge_direct_rows(r_->row, reply);
        // One month that does not know it says nothing while another one has not answered.
        const bool unknown_here = here.what == finding::not_found && here.reached;
        if (!unknown_here) co_return here;
        found = std::move(here);
    }
    co_return found;
}

asio::awaitable<evidence> order_course::ask_about_direct_payment()
{
    evidence found;
    // QFPay's number begins with the day of the payment (contract 8.1).
    const auto& syssn = r_->row.of_syssn;
    if (syssn.size() < 8) co_return found;
    const auto day = parse_cloud_time(syssn.substr(0, 4) + "-" + syssn.substr(4, 2) + "-" +
                                      syssn.substr(6, 2) + " 12:00:00");
    if (!day) co_return found;
    const auto reply =
        co_await ctx_.list(r_->row.merchant, r_->row.of, cloud::month_of(*day), urgency());
    co_return protocol::judge_untouched(r_->row, reply);
}

asio::awaitable<void> order_course::undo()
{
    const bool window_over = phase() != enquiry_phase::window;
    const bool open = !settled() && r_->row.state != order_state::unresolved &&
                      r_->row.kind == order_kind::payment;
    if (!open || !(r_->cancel_wished || window_over)) co_return;
    co_await wish_to_cancel();
    if (ctx_.broken || ctx_.stopping || r_->row.cancel_acknowledged) co_return;
    const bool soon = r_->cancels_sent > 0 && ctx_.time.now() - r_->last_cancel < undo_again_after;
    if (soon || r_->cancels_sent >= undos_max) co_return;

    const bool reverse = cloud::can_reverse(r_->row.pay_type);
    auto answer = undo_answer::unsupported;
    if (reverse || cloud::can_close(r_->row.pay_type)) {
        const auto amount = money::of(r_->row.amount_minor_units);
        if (!amount) co_return;
        auto parameters = cloud::to_form(
            cloud::trade_undo_request{.syssn = r_->row.facts.syssn,
                                      .out_trade_no = r_->row.out_trade_no,
                                      .amount = *amount,
                                      .txdtm = r_->row.txdtm,
                                      .udid = ctx_.accounts.of(r_->row.merchant).udid});
        if (!parameters) co_return;
        const std::string_view sending =
            reverse ? "a reversal is being sent" : "a close is being sent";
        // It may move money: journal, then act.
        const bool written = co_await step(order_event::learn, sending);
        if (!written) co_return;
        ++r_->cancels_sent;
        r_->last_cancel = ctx_.time.now();
        const auto path = reverse ? cloud::trade_reversal_path : cloud::trade_close_path;
        const auto reply =
            co_await ctx_.cloud_of(r_->row).call(path, std::move(*parameters), importance::money);
        answer = protocol::judge_undo(reply);
    }
    r_->asked_for = r_->cancels_sent > 0;  // what it did is for the enquiry to say
    if (answer == undo_answer::unknown || answer == undo_answer::refused) co_return;
    // A wallet that knows no such call lets its orders run out by themselves (contract 10.21).
    if (answer == undo_answer::unsupported && (!window_over || is_scanned(r_->row))) co_return;
    const std::string_view reason =
        answer == undo_answer::heard ? "the cloud was told to close it"
                                     : "this wallet closes its orders by itself, and time is over";
    store::step_facts heard{.cancel_acknowledged = true};
    (void)co_await step(order_event::learn, reason, std::move(heard));
}

timestamp order_context::cloud_now(const protocol::order& of) const
{
    return cloud_of(of).cloud_now();
}

asio::awaitable<protocol::cloud_reply> order_context::list(std::string merchant,
                                                           std::string out_trade_no,
                                                           cloud::month_window within,
                                                           importance who)
{
    auto from = to_cloud_time(within.start);
    auto to = to_cloud_time(within.end);
    co_return co_await accounts.of(merchant).enquirer.ask(std::move(out_trade_no), std::move(from),
                                                          std::move(to), who);
}

}  // namespace ecr::daemon
