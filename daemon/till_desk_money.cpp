// The commands of the desk about money that goes without a terminal, comes back, or is in question.
#include "daemon/desk_words.hpp"
#include "daemon/logging.hpp"
#include "daemon/till_desk.hpp"
#include "protocol/cloud/currency.hpp"
#include "protocol/cloud/trade_api.hpp"
#include "protocol/till/verdict.hpp"

namespace ecr::daemon {
namespace {

using protocol::order_kind;
using protocol::order_route;
using protocol::till::done;
using protocol::till::result_code;
using protocol::till::verb;
namespace cloud = protocol::cloud;

// QFPay's rule for a scanned code (contract 13.17): then it is reversed.
constexpr std::chrono::seconds scan_timeout{120};

// The overseas code; a merchant of Alipay HK has 801501.
constexpr std::string_view alipay_code = "800101";

/// The pay type of a command, or "" when it has none that fits.
std::string pay_type_for(const protocol::till::command& c, std::optional<protocol::channel> via)
{
    const auto mode =
        c.what == verb::scan ? cloud::pay_mode::customer_code : cloud::pay_mode::merchant_code;
    if (c.pay_type.empty()) return std::string{cloud::default_pay_type(via, mode)};
    const bool scanned = cloud::mode_of(c.pay_type) == cloud::pay_mode::customer_code;
    return cloud::is_usable(c.pay_type) && scanned == (c.what == verb::scan) ? c.pay_type : "";
}

protocol::channel channel_of_type(const std::string& pay_type)
{
    const auto* known = cloud::find_pay_type(pay_type);
    return known != nullptr && known->via ? *known->via : protocol::channel::other;
}

// What QFPay takes when it is told nothing, and wallets that take nothing else.
constexpr std::chrono::seconds untold_life = cloud::expired_time_default;

std::chrono::seconds rounded_up(std::chrono::seconds life, std::chrono::seconds step)
{
    return (life + step - std::chrono::seconds{1}) / step * step;
}

/// How long a code may be paid that the till shows.
struct code_life {
    std::chrono::seconds window;                     // until nobody can pay it any more
    std::optional<std::chrono::seconds> valid_time;  // what QFPay is told, in its words of 2016
};

code_life life_of_code(const protocol::till::command& c, const link_config& link,
                       const cloud_account& account, const std::string& type)
{
    const bool can_be_told = cloud::has_expired_time(type);
    const bool in_seconds = account.valid_time.has_value();
    std::chrono::seconds life = can_be_told ? account.qr_life : untold_life;
    if (in_seconds) life = *account.valid_time;
    if (link.qr_minutes && (can_be_told || in_seconds))
        life = std::chrono::minutes{*link.qr_minutes};
    life = rounded_up(c.payment_timeout.value_or(life),
                      in_seconds ? cloud::valid_time_step : std::chrono::minutes{1});
    // Not even the documents of 2016 say which wallets heed them.
    code_life made{.window = can_be_told ? life : std::max(life, untold_life), .valid_time = {}};
    if (in_seconds) made.valid_time = life;
    return made;
}

}  // namespace

asio::awaitable<void> till_desk::pay_directly(const command& c, const client_ptr& client)
{
    const auto& link = client->link();
    const bool scanned = c.what == verb::scan;
    const auto& account = orders_.accounts().of(link.merchant);
    auto type = pay_type_for(c, c.via ? c.via : scanned ? std::nullopt : link.via);
    if (!scanned && c.pay_type.empty() && type == alipay_code) type = account.alipay_qr;
    if (type.empty()) {
        refuse(client, c, result_code::bad_command,
               scanned ? "This channel has no customer's code to scan: leave channel= out, or say "
                         "pay_type=…"
                       : "Say channel=… or pay_type=…: which wallet is the code for?");
        co_return;
    }
    const auto& currency = c.currency;
    if (!currency.empty() && cloud::find_currency(currency) == nullptr) {
        refuse(client, c, result_code::bad_command, "Unknown currency " + currency);
        co_return;
    }
    if (!scanned && !cloud::has_expired_time(type) && c.payment_timeout &&
        *c.payment_timeout < untold_life) {
        refuse(client, c, result_code::bad_command,
               "The codes of this wallet live 30 minutes, whatever they are told: leave timeout= "
               "out");
        co_return;
    }
    const auto life =
        scanned ? code_life{.window = c.payment_timeout.value_or(scan_timeout), .valid_time = {}}
                : life_of_code(c, link, account, type);
    order_draft draft{
        .till = client->till,
        .till_named = client->till_named,
        .till_order = c.order,
        .numbers = link.numbers,
        .via = channel_of_type(type),
        .scan = scanned ? protocol::scan_type::scan_pay : protocol::scan_type::qrcode_pay,
        .payment_timeout = life.window,
        .amount = *c.amount,
        .new_sale = c.new_sale,
        .route = order_route::direct,
        .merchant = link.merchant,
        .pay_type = type,
        .currency = currency.empty() ? account.currency : currency,
        .auth_code = c.auth_code,
        .goods = c.goods,
        .valid_time = life.valid_time,
        .return_url = link.return_url.empty() ? account.return_url : link.return_url};
    // Checked before anything is journalled: what the API would refuse costs nothing here.
    cloud::trade_payment_request check{.out_trade_no = "check",
                                       .pay_type = draft.pay_type,
                                       .amount = draft.amount,
                                       .at = orders_.time().wall(),
                                       .auth_code = draft.auth_code,
                                       .valid_time = draft.valid_time,
                                       .goods_name = draft.goods};
    if (cloud::has_expired_time(type) && !scanned && !draft.valid_time)
        check.expired_time = std::chrono::ceil<std::chrono::minutes>(draft.payment_timeout);
    if (!cloud::to_form(check)) {
        refuse(client, c, result_code::bad_command,
               scanned ? "The customer's code or the pay type cannot be used"
                       : "The pay type or the timeout cannot be used: a code lives 5 to 120 "
                         "minutes");
        co_return;
    }
    auto placed = co_await orders_.place(std::move(draft));
    answer(c, client, std::move(placed));
}

asio::awaitable<void> till_desk::refund(const command& c, const client_ptr& client)
{
    const auto payment = co_await named(c, client, c.of);
    if (!payment) co_return;
    const auto& link = client->link();
    const auto route = c.route.value_or(payment->route);
    const terminal_config* terminal = nullptr;
    if (route == order_route::terminal) {
        terminal = terminal_for(c, client);
        if (terminal == nullptr) co_return;
        if (&orders_.accounts().of(terminal->merchant) !=
            &orders_.accounts().of(payment->merchant)) {
            refuse(client, c, result_code::refused,
                   "That payment belongs to another merchant than this terminal");
            co_return;
        }
    } else if (!may_operate(*client) &&
               &orders_.accounts().of(link.merchant) != &orders_.accounts().of(payment->merchant)) {
        refuse(client, c, result_code::refused,
               "That payment belongs to another merchant than this till");
        co_return;
    }
    auto amount = c.amount;
    if (!amount) {
        // A repeat of "all that is left" must find the first: it is told apart by its number.
        const auto left = co_await orders_.left_of(*payment);
        if (!left) {
            refuse(client, c, result_code::journal_failed, "The bridge cannot read its journal",
                   false);
            co_return;
        }
        const auto all = money::of(*left > 0 ? *left : payment->amount_minor_units);
        if (all) amount = *all;
    }
    if (!amount) co_return;
    order_draft draft{.kind = order_kind::refund,
                      .till = client->till,
                      .till_named = client->till_named,
                      .till_order = c.order,
                      .numbers = link.numbers,
                      .terminal = terminal != nullptr ? terminal->id : std::string{},
                      .terminal_as_asked =
                          terminal == nullptr || c.terminal.empty() ? std::string{} : terminal->id,
                      .scan = link.scan,
                      .payment_timeout = link.payment_timeout,
                      .amount = *amount,
                      .payment = payment,
                      .new_sale = c.new_sale,
                      .route = route,
                      .everything = !c.amount,
                      .when_possible = c.when_possible};
    auto placed = co_await orders_.place(std::move(draft));
    answer(c, client, std::move(placed));
}

asio::awaitable<void> till_desk::undo(const command& c, const client_ptr& client)
{
    const auto order = co_await named(c, client, c.of.empty() ? c.order : c.of);
    if (!order) co_return;
    if (order->route != order_route::direct || order->kind != order_kind::payment) {
        refuse(client, c, result_code::refused,
               "Only a payment made without a terminal can be closed or reversed: use cancel or "
               "refund");
        co_return;
    }
    if (order->state == protocol::order_state::paid) {
        refuse(client, c, result_code::refused, "This order is paid: use refund", false);
        co_return;
    }
    const auto r = orders_.running(order->out_trade_no);
    if (!r || protocol::is_final(r->row.state)) {
        client->tell(outcome_to_tell(*order, c.tag, false));  // too late: this is how it stands
        co_return;
    }
    const auto number = protocol::till::number_for_till(r->row);
    orders_.cancel(r);
    client->tell(done{.tag = c.tag,
                      .what = c.what == verb::close ? "close" : "reverse",
                      .safe_to_retry = false,
                      .text = "Asked for: the order ends when the cloud says how",
                      .fields = {{"order", number}}});
}

asio::awaitable<void> till_desk::resolve(const command& c, const client_ptr& client)
{
    if (!may_operate(*client)) {
        client->tell(not_an_operator(c));
        co_return;
    }
    const auto order = co_await named(c, client, c.order.empty() ? c.of : c.order);
    if (!order) co_return;
    resolution how{.paid = c.paid, .text = c.text};
    const auto problem = co_await orders_.resolve(order->out_trade_no, std::move(how));
    if (!problem.empty()) {
        refuse(client, c, result_code::refused, problem, false);
        co_return;
    }
    const auto now = co_await named(c, client, order->out_trade_no);
    if (now) client->tell(outcome_to_tell(*now, c.tag, false));
}

asio::awaitable<void> till_desk::query(const command& c, const client_ptr& client)
{
    auto order = co_await named(c, client, c.order.empty() ? c.of : c.order);
    if (!order) co_return;
    auto r = orders_.running(order->out_trade_no);
    if (!r) r = orders_.watch_again(*order);
    if (r) {
        client->tell(outcome_to_tell(co_await orders_.ask_now(r), c.tag, false));
        co_return;
    }
    const bool refund = order->kind == order_kind::refund;
    protocol::cloud::query_request question{.syssn = refund ? order->of_syssn : order->facts.syssn,
                                            .out_trade_no = order->out_trade_no,
                                            .termid = order->terminal};
    auto& gateway = orders_.accounts().of(order->merchant).gateway;
    const auto reply = co_await gateway.query(std::move(question), importance::doubt);
    if (!refund) {
        const auto found = protocol::judge_enquiry(*order, reply, {.now = gateway.cloud_now()});
        order->refundable_now = found.refundable;
    }
    client->tell(outcome_to_tell(*order, c.tag, false));
}

}  // namespace ecr::daemon
