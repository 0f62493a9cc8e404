// The commands of the desk that make no order.
#include "daemon/desk_words.hpp"
#include "daemon/limits.hpp"
#include "daemon/secret.hpp"
#include "daemon/till_desk.hpp"
#include "protocol/cloud/currency.hpp"
#include "protocol/cloud/response_code.hpp"
#include "protocol/order/evidence_text.hpp"
#include "protocol/order/number.hpp"
#include "protocol/receipt/receipt.hpp"
#include "protocol/till/line/grammar.hpp"
#include "protocol/till/verdict.hpp"

#include <algorithm>
#include <limits>

namespace ecr::daemon {
namespace {

using protocol::till::done;
using protocol::till::problem;
using protocol::till::result_code;
using protocol::till::row;

/// What a verb is for. What it takes stands in the grammar.
std::string_view help_of(protocol::till::verb what)
{
    using protocol::till::verb;
    switch (what) {
        case verb::hello: return "greets the bridge, with this link's token";
        case verb::pay: return "a payment on a terminal; amount=110 is 1.10";
        case verb::refund: return "gives back a payment, or a part of it";
        case verb::cancel: return "asks for a running order to be cancelled";
        case verb::receipt: return "prints a receipt on the terminal, or tells it in columns";
        case verb::summary: return "prints the summary on the terminal";
        case verb::query: return "where an order stands, after asking the cloud";
        case verb::status: return "where an order stands, from the journal";
        case verb::last: return "the last order of this till";
        case verb::orders: return "lists orders; attention=yes: those somebody must look at";
        case verb::show: return "an order and its steps";
        case verb::terminals:
            return "the terminals and whether they are free; each merchant's way to the cloud";
        case verb::ping: return "whether the bridge is there";
        case verb::help: return "this list";
        case verb::scan: return "a payment by the customer's code, read by the till's scanner";
        case verb::qr: return "a payment by a code that the till shows";
        case verb::close:
        case verb::reverse: return "takes back a payment without a terminal that is not paid yet";
        case verb::reconcile: return "compares the journal with the cloud's list";
        case verb::rebuild: return "fills a lost journal from the cloud's list";
        case verb::resolve: return "ends an order that is in question, with a reason";
        case verb::settlement: return "what QFPay has settled";
        case verb::trace: return "what has passed on the links";
    }
    return {};
}

row row_of(const protocol::order& o, const std::string& tag)
{
    row r{.tag = tag, .name = "order"};
    auto& f = r.fields;
    f.emplace_back("order", protocol::till::number_for_till(o));
    f.emplace_back("out_trade_no", o.out_trade_no);
    f.emplace_back("type",  // not "kind": so the row itself is called
                   std::string{o.kind == protocol::order_kind::refund ? "refund" : "payment"});
    f.emplace_back("state", std::string{name_of(o.state)});
    f.emplace_back("amount", o.amount_minor_units);
    f.emplace_back("channel", std::string{name_of(o.via)});
    f.emplace_back("terminal", o.terminal);
    f.emplace_back("till", o.till);
    f.emplace_back("created", to_iso8601(o.created_at));
    if (!o.facts.syssn.empty()) f.emplace_back("syssn", o.facts.syssn);
    if (!o.of.empty()) f.emplace_back("of", o.of);
    if (has(o.needs, protocol::attention::late)) f.emplace_back("late", true);
    if (has(o.needs, protocol::attention::mismatch)) f.emplace_back("mismatch", true);
    if (has(o.needs, protocol::attention::unresolved)) f.emplace_back("unresolved", true);
    if (has(o.needs, protocol::attention::returned)) f.emplace_back("returned", true);
    if (has(o.needs, protocol::attention::paid_twice)) f.emplace_back("paid_twice", true);
    return r;
}

/// What has become of its money since. By the history, too: who takes an order off the operator's
/// list has not brought its money back.
error_code look_back(store::journal& journal, const protocol::order& order,
                     protocol::receipt_circumstances& into)
{
    const auto steps = journal.steps_of(order.out_trade_no);
    if (!steps) return steps.error();
    into.returned = std::ranges::any_of(*steps, [](const protocol::order_step& step) {
        return step.reason.starts_with(protocol::went_back_reason);
    });
    const auto refunds = journal.refunds_of(order.out_trade_no);
    if (!refunds) return refunds.error();
    for (const auto& refund : *refunds)
        if (protocol::money_has_moved(refund) || refund.resolved_paid.value_or(false))
            into.refunded_minor_units += refund.amount_minor_units;
    return {};
}

std::string name_of_reach(std::optional<bool> reachable)
{
    if (!reachable) return "not_asked_yet";
    return *reachable ? "up" : "down";
}

/// The way to QFPay: what is left of what it allows, and whose clock is wrong by how much.
row row_of(cloud_account& account, const std::string& tag)
{
    row r{.tag = tag, .name = "merchant"};
    auto& f = r.fields;
    if (!account.name.empty()) f.emplace_back("merchant", account.name);
    f.emplace_back("cloud", name_of_reach(account.gateway.reachable()));
    if (const auto offset = account.gateway.clock_offset())
        f.emplace_back("clock_offset_ms", std::int64_t{offset->count()});
    const auto room = account.governor.room();
    f.emplace_back("requests_left",
                   std::int64_t{std::max(0, room.per_minute - room.used_last_minute)});
    f.emplace_back("requests_max", std::int64_t{room.per_minute});
    std::size_t waiting = 0;
    for (const auto each : room.waiting)
        waiting += each;
    if (waiting > 0) f.emplace_back("requests_waiting", static_cast<std::int64_t>(waiting));
    if (room.backing_off) f.emplace_back("slowed", true);
    return r;
}

/// What was paid and given back, in minor units.
template <class Counts>
decltype(done::fields) totals_of(const std::vector<protocol::order>& orders, Counts counts)
{
    struct sum {
        std::int64_t count = 0;
        std::int64_t amount = 0;
    } payments, refunds;
    for (const auto& o : orders) {
        if (o.state != protocol::order_state::paid || !counts(o)) continue;
        auto& into = o.kind == protocol::order_kind::refund ? refunds : payments;
        ++into.count;
        into.amount += o.amount_minor_units;
    }
    return {{"payments", payments.count},
            {"payments_amount", payments.amount},
            {"refunds", refunds.count},
            {"refunds_amount", refunds.amount}};
}

}  // namespace

void till_desk::hello(const command& c, const client_ptr& client)
{
    if (!client->link().token_file.empty()) {
        // Read each time: a changed token needs no restart.
        const auto token = read_secret_file(client->link().token_file);
        client->greeted = token.problem.empty() && same_secret(token.secret, c.token);
        if (!client->greeted) {
            client->tell(problem{.tag = c.tag,
                                 .code = result_code::not_allowed,
                                 .text = token.problem.empty()
                                             ? "Wrong token"
                                             : "The bridge cannot read this link's token"});
            return;
        }
    }
    client->tell(done{.tag = c.tag,
                      .what = "hello",
                      .text = "Hello " + client->till,
                      .fields = {{"till", client->till}}});
}

void till_desk::ping(const command& c, const client_ptr& client)
{
    const auto reachable = orders_.accounts().of(client->link().merchant).gateway.reachable();
    client->tell(done{.tag = c.tag,
                      .what = "ping",
                      .text = "pong",
                      .fields = {{"cloud", name_of_reach(reachable)},
                                 {"rehearsal", orders_.settings().rehearsal}}});
}

void till_desk::terminals(const command& c, const client_ptr& client)
{
    std::int64_t count = 0;
    for (const auto& terminal : orders_.terminals()) {
        const auto holder = orders_.holder_of(terminal.id);
        row r{.tag = c.tag, .name = "terminal"};
        r.fields.emplace_back("terminal", terminal.id);
        if (!terminal.name.empty()) r.fields.emplace_back("name", terminal.name);
        if (!terminal.merchant.empty()) r.fields.emplace_back("merchant", terminal.merchant);
        r.fields.emplace_back("state", std::string{holder ? "busy" : "free"});
        client->tell(r);
        ++count;
    }
    for (const auto& account : orders_.accounts())
        client->tell(row_of(*account, c.tag));
    client->tell(done{.tag = c.tag, .what = "terminals", .text = {}, .fields = {{"count", count}}});
}

void till_desk::help(const command& c, const client_ptr& client)
{
    for (const auto& rule : protocol::till::line::verb_rules)
        client->tell(row{.tag = c.tag,
                         .name = "help",
                         .fields = {{"usage", protocol::till::line::usage_of(rule)},
                                    {"text", std::string{help_of(rule.what)}}}});
    client->tell(done{.tag = c.tag, .what = "help", .text = {}, .fields = {}});
}

/// For the till's own printer, line by line.
asio::awaitable<void> till_desk::tell_receipt(const protocol::order& order, const command& c,
                                              const client_ptr& client)
{
    const protocol::receipt_paper paper{
        .columns = c.limit.value(),
        .encoding = client->link().encoding.value_or(protocol::till::text_encoding::utf8)};
    protocol::receipt_circumstances how{.rehearsal = orders_.settings().rehearsal};
    const auto error =
        co_await orders_.journal().run([&](store::journal& j) { return look_back(j, order, how); });
    if (error) {
        refuse(client, c, result_code::journal_failed, "The bridge cannot read its journal");
        co_return;
    }
    const auto lines = protocol::receipt_of(order, paper, how);
    if (!lines) {
        refuse(client, c, result_code::refused, "Only a paid order has a receipt");
        co_return;
    }
    for (const auto& line : *lines) {
        row each{.tag = c.tag, .name = "receipt", .fields = {}};
        each.fields.emplace_back("text", line);
        client->tell(each);
    }
    done told{.tag = c.tag, .what = "receipt", .text = {}, .fields = {}};
    told.fields.emplace_back("lines", static_cast<std::int64_t>(lines->size()));
    client->tell(told);
}

asio::awaitable<void> till_desk::receipt(const command& c, const client_ptr& client)
{
    const auto order = co_await named(c, client, c.of.empty() ? c.order : c.of);
    if (!order) co_return;
    if (c.limit) {  // a receipt's columns
        co_await tell_receipt(*order, c, client);
        co_return;
    }
    if (order->facts.syssn.empty() || order->state != protocol::order_state::paid) {
        client->tell(problem{.tag = c.tag,
                             .order = c.order,
                             .code = result_code::refused,
                             .text = "Only a paid order has a receipt"});
        co_return;
    }
    const auto* terminal = terminal_for(c, client);
    if (terminal == nullptr) co_return;
    auto parameters = protocol::cloud::to_form(protocol::cloud::receipt_request{
        .syssn = order->facts.syssn, .out_trade_no = order->out_trade_no, .termid = terminal->id});
    protocol::receipt_circumstances since;
    const auto error = co_await orders_.journal().run(
        [&](store::journal& j) { return look_back(j, *order, since); });
    if (error) {
        refuse(client, c, result_code::journal_failed, "The bridge cannot read its journal");
        co_return;
    }
    // QFPay writes that paper: only the answer can say what became of the money.
    done told{
        .tag = c.tag, .what = "receipt", .text = "Sent to the terminal's printer", .fields = {}};
    if (since.returned) told.text += ", but the money went back";
    if (since.returned) told.fields.emplace_back("returned", true);
    if (since.refunded_minor_units > 0)
        told.fields.emplace_back("refunded", since.refunded_minor_units);
    co_await print(c, client, terminal->merchant, protocol::cloud::receipt_path,
                   std::move(parameters), std::move(told));
}

asio::awaitable<void> till_desk::summary(const command& c, const client_ptr& client)
{
    const auto* terminal = terminal_for(c, client);
    if (terminal == nullptr) co_return;
    auto parameters =
        protocol::cloud::to_form(protocol::cloud::summary_request{.termid = terminal->id});
    const auto& account = orders_.accounts().of(terminal->merchant);
    const auto cloud_now = account.gateway.cloud_now();
    const auto starts = orders_.settings().day_starts;
    store::order_filter today;
    // The journal has our own clock's times.
    today.since = begin_of_business_day(cloud_now, starts) - (cloud_now - time().wall());
    today.limit = std::numeric_limits<int>::max();
    const auto paid = co_await orders_.journal().run(
        [&](store::journal& j) { return j.list(today); }, store_thread::takes::long_perhaps);
    if (!paid) {
        refuse(client, c, result_code::journal_failed, "The bridge cannot read its journal");
        co_return;
    }
    const auto is_of_account = [&](const protocol::order& o) {
        return &orders_.accounts().of(o.merchant) == &account &&
               protocol::cloud::same_currency(o.currency, account.currency);
    };
    done told{.tag = c.tag,
              .what = "summary",
              .text = "Sent to the terminal's printer",
              .fields = totals_of(*paid, is_of_account)};
    told.fields.emplace_back("day", protocol::business_day(cloud_now, starts));
    co_await print(c, client, terminal->merchant, protocol::cloud::summary_path,
                   std::move(parameters), std::move(told));
}

asio::awaitable<void> till_desk::print(const command& c, const client_ptr& client,
                                       const std::string& merchant, std::string_view path,
                                       result<protocol::cloud::form> parameters, done told)
{
    const auto refuse = [&](result_code code, std::string text) {
        // Printing moves no money: doing it twice is only paper.
        client->tell(
            problem{.tag = c.tag, .order = c.order, .code = code, .text = std::move(text)});
    };
    if (!parameters) {
        refuse(result_code::bad_command, "That cannot be printed");
        co_return;
    }
    const auto reply = co_await orders_.accounts().of(merchant).gateway.call(
        path, std::move(*parameters), importance::doubt);
    if (reply.how == protocol::transport::not_sent) {
        refuse(result_code::not_sent, "The cloud cannot be reached: " + reply.detail);
        co_return;
    }
    const auto answer = protocol::cloud::read_acknowledgement(reply.body);
    if (reply.how != protocol::transport::answered || reply.http_status != 200 || !answer) {
        refuse(result_code::in_doubt, "The cloud did not answer: look whether it prints");
        co_return;
    }
    if (answer->respcd != "0000") {
        refuse(result_code::rejected, answer->respcd + " " + answer->resperr);
        co_return;
    }
    client->tell(told);
}

/// A late payment with the sale that was rung again because of it: one of the two goes back.
asio::awaitable<row> till_desk::row_with_again(const protocol::order& o, const std::string& tag)
{
    auto shown = row_of(o, tag);
    if (has(o.needs, protocol::attention::late)) {
        const auto again = co_await orders_.rung_again(o);
        if (again) shown.fields.emplace_back("again", protocol::till::number_for_till(*again));
    }
    co_return shown;
}

asio::awaitable<void> till_desk::list(const command& c, const client_ptr& client)
{
    if (!may_operate(*client)) {
        client->tell(not_an_operator(c));
        co_return;
    }
    const store::order_filter filter{
        .state = c.state,
        .needs_attention = c.attention,
        .limit = std::clamp(c.limit.value_or(50), 1, limits::list_limit_max)};
    const auto rows =
        co_await orders_.journal().run([&](store::journal& j) { return j.list(filter); });
    if (!rows) {
        client->tell(problem{.tag = c.tag,
                             .code = result_code::journal_failed,
                             .text = "The bridge cannot read its journal"});
        co_return;
    }
    for (const auto& o : *rows)
        client->tell(co_await row_with_again(o, c.tag));
    client->tell(done{.tag = c.tag,
                      .what = "orders",
                      .text = {},
                      .fields = {{"count", static_cast<std::int64_t>(rows->size())}}});
}

asio::awaitable<void> till_desk::show(const command& c, const client_ptr& client)
{
    if (!may_operate(*client)) {
        client->tell(not_an_operator(c));
        co_return;
    }
    const auto order = co_await named(c, client, c.order.empty() ? c.of : c.order);
    if (!order) co_return;
    const auto steps = co_await orders_.journal().run(
        [&](store::journal& j) { return j.steps_of(order->out_trade_no); });
    client->tell(co_await row_with_again(*order, c.tag));
    if (steps)
        for (const auto& step : *steps)
            client->tell(row{.tag = c.tag,
                             .name = "step",
                             .fields = {{"at", to_iso8601(step.at)},
                                        {"from", std::string{name_of(step.from)}},
                                        {"event", std::string{name_of(step.on)}},
                                        {"to", std::string{name_of(step.to)}},
                                        {"reason", step.reason}}});
    client->tell(outcome_to_tell(*order, c.tag, false));
}

}  // namespace ecr::daemon
