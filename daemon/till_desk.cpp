#include "daemon/till_desk.hpp"

#include "daemon/desk_words.hpp"
#include "daemon/limits.hpp"
#include "daemon/logging.hpp"
#include "daemon/secret.hpp"
#include "protocol/till/verdict.hpp"

#include <algorithm>

namespace ecr::daemon {
namespace {

using protocol::till::accepted;
using protocol::till::done;
using protocol::till::problem;
using protocol::till::progress;
using protocol::till::result_code;
using protocol::till::stage;
using protocol::till::verb;

std::string text_of(const running_order& r)
{
    switch (r.where) {
        case stage::queued: return "Waiting for the terminal";
        case stage::sending: return "Being sent to the terminal";
        case stage::on_terminal: return "Waiting for the customer";
        case stage::cancelling: return "Cancel asked for, waiting for the end";
        case stage::confirming: return "Waiting for the cloud to confirm";
        case stage::cloud_down: return "The cloud does not answer, trying on";
    }
    return {};
}

protocol::till::code_to_show code_of(const protocol::order& o, std::string tag,
                                     protocol::till::drawing draw)
{
    const auto sent_at = o.sent_at.value_or(o.created_at);
    return {.tag = std::move(tag),
            .order = protocol::till::number_for_till(o),
            .text = o.facts.shown,
            .until = sent_at + o.payment_timeout,
            .draw = draw};
}

/// Tells a till about an order it waits for. Owned by the till's session: when that goes, nobody is
/// told, and the order goes on.
class waiting_till final : public order_observer,
                           public std::enable_shared_from_this<waiting_till> {
public:
    waiting_till(std::weak_ptr<till_client> client, std::string tag, std::string number,
                 bool earlier, protocol::till::drawing draw)
        : client_{std::move(client)},
          tag_{std::move(tag)},
          number_{std::move(number)},
          earlier_{earlier},
          draw_{draw}
    {}

    /// Some tills give up after a time of their own, and are told before it how the order stands.
    /// The order goes on.
    void wait_no_longer_than(milliseconds patience, const running_ptr& r,
                             const asio::any_io_executor& executor, clock& time)
    {
        patience_.emplace(executor, time);
        patience_->set(patience);
        patience_->on_ring([weak = weak_from_this(), order = std::weak_ptr{r}] {
            const auto self = weak.lock();
            const auto running = order.lock();
            if (self && running) self->ended(running->row);
        });
    }

    void progressed(const running_order& r) override
    {
        if (const auto client = client_.lock())
            client->tell(progress{.tag = tag_,
                                  .order = number_,
                                  .where = r.where,
                                  .ahead = r.ahead,
                                  .text = text_of(r)});
    }

    void to_show(const running_order& r) override
    {
        if (const auto client = client_.lock()) client->tell(code_of(r.row, tag_, draw_));
    }

    void ended(const protocol::order& o) override
    {
        patience_.reset();
        const auto client = client_.lock();
        if (!client) return;
        const auto kept = shared_from_this();  // drop() lets go of the last one
        client->tell(outcome_to_tell(o, tag_, earlier_));
        client->drop(this);
    }

    void failed(result_code code, std::string_view text, bool safe_to_retry) override
    {
        const auto client = client_.lock();
        if (!client) return;
        client->tell(problem{.tag = tag_,
                             .order = number_,
                             .code = code,
                             .safe_to_retry = safe_to_retry,
                             .text = std::string{text}});
        client->drop(this);
    }

private:
    std::weak_ptr<till_client> client_;
    std::string tag_;
    std::string number_;
    bool earlier_;
    protocol::till::drawing draw_;
    std::optional<alarm> patience_;
};

}  // namespace

const terminal_config* find_terminal(const std::vector<terminal_config>& all,
                                     const std::string& id_or_name)
{
    const auto found = std::ranges::find_if(all, [&](const terminal_config& t) {
        return t.id == id_or_name || (!t.name.empty() && t.name == id_or_name);
    });
    return found == all.end() ? nullptr : &*found;
}

void till_desk::serve(command c, std::shared_ptr<till_client> client)
{
    if (!c.till.empty() && !client->till_named) client->till = c.till;
    if (!c.till.empty()) client->till_named = true;
    tasks_.spawn(handle(std::move(c), std::move(client)));
}

asio::awaitable<void> till_desk::handle(command c, client_ptr client)
{
    if (!client->greeted && c.what != verb::hello) {
        refuse(client, c, result_code::not_allowed, "Say hello token=… first");
        co_return;
    }
    switch (c.what) {
        case verb::hello: hello(c, client); break;
        case verb::pay: co_await pay(c, client); break;
        case verb::refund: co_await refund(c, client); break;
        case verb::cancel: co_await cancel(c, client); break;
        case verb::receipt: co_await receipt(c, client); break;
        case verb::summary: co_await summary(c, client); break;
        case verb::query: co_await query(c, client); break;
        case verb::status:
        case verb::last: co_await status(c, client); break;
        case verb::orders: co_await list(c, client); break;
        case verb::show: co_await show(c, client); break;
        case verb::terminals: terminals(c, client); break;
        case verb::ping: ping(c, client); break;
        case verb::help: help(c, client); break;
        case verb::trace: trace(c, client); break;
        case verb::scan:
        case verb::qr: co_await pay_directly(c, client); break;
        case verb::close:
        case verb::reverse: co_await undo(c, client); break;
        case verb::resolve: co_await resolve(c, client); break;
        case verb::reconcile:
        case verb::rebuild:
        case verb::settlement: co_await records_.serve(c, client); break;
    }
}

const terminal_config* till_desk::terminal_for(const command& c, const client_ptr& client)
{
    const auto& all = orders_.terminals();
    const auto& wanted = c.terminal.empty() ? client->link().terminal : c.terminal;
    const auto* found =
        wanted.empty() && all.size() == 1 ? &all.front() : find_terminal(all, wanted);
    if (found == nullptr)
        refuse(client, c, result_code::unknown_terminal,
               wanted.empty() ? "There are several terminals: say terminal=…"
                              : "There is no terminal " + wanted + ": see terminals");
    return found;
}

asio::awaitable<void> till_desk::pay(const command& c, const client_ptr& client)
{
    const auto* terminal = terminal_for(c, client);
    if (terminal == nullptr) co_return;
    const auto& link = client->link();
    const auto via = c.via ? c.via : link.via;
    if (!via) {
        refuse(client, c, result_code::bad_command, "Say channel=…, this link has no default");
        co_return;
    }
    // FPS knows only the code on the terminal (contract 3.1), whatever the link's default is.
    const auto scan = c.scan.value_or(
        *via == protocol::channel::fps ? protocol::scan_type::qrcode_pay : link.scan);
    order_draft draft{.till = client->till,
                      .till_named = client->till_named,
                      .till_order = c.order,
                      .numbers = link.numbers,
                      .terminal = terminal->id,
                      .terminal_as_asked = c.terminal.empty() ? std::string{} : terminal->id,
                      .via = *via,
                      .scan = scan,
                      .camera_id = c.camera_id ? c.camera_id : link.camera_id,
                      .payment_timeout = c.payment_timeout.value_or(link.payment_timeout),
                      .amount = *c.amount,
                      .new_sale = c.new_sale,
                      .merchant = terminal->merchant};
    // Checked before anything is journalled: what the API would refuse costs nothing here.
    if (!protocol::cloud::to_form(
            protocol::cloud::payment_request{.out_trade_no = "check",
                                             .termid = draft.terminal,
                                             .via = draft.via,
                                             .scan = draft.scan,
                                             .amount = draft.amount,
                                             .camera_id = draft.camera_id,
                                             .payment_timeout = draft.payment_timeout})) {
        refuse(client, c, result_code::bad_command,
               "This channel cannot be used like that: look at scan, camera and timeout");
        co_return;
    }
    answer(c, client, co_await orders_.place(std::move(draft)));
}

void till_desk::answer(const command& c, const client_ptr& client, placement placed)
{
    if (placed.refused) {
        refuse(client, c, placed.refused->code, placed.refused->text,
               placed.refused->safe_to_retry);
        return;
    }
    const bool goes_on = placed.running && !orders_.halted();
    if (placed.running && !goes_on && !protocol::is_final(placed.running->row.state)) {
        refuse(client, c, result_code::stopping,
               "The bridge is stopping before this order has ended: do not ring again, ask for the "
               "status when it is back",
               false);
        return;
    }
    const auto& order = placed.running ? placed.running->row : *placed.order;
    const auto& number = protocol::till::number_for_till(order);
    client->tell(accepted{.tag = c.tag,
                          .order = number,
                          .out_trade_no = order.out_trade_no,
                          .earlier = placed.earlier});
    const bool runs = placed.running && !protocol::is_final(order.state) &&
                      !placed.running->patience_over && !placed.running->finished;
    if (!runs) {
        client->tell(outcome_to_tell(order, c.tag, placed.earlier));
        return;
    }
    const auto observer =
        std::make_shared<waiting_till>(client, c.tag, number, placed.earlier, c.draw);
    client->keep(observer);
    if (const auto patience = client->link().patience; patience > milliseconds{0})
        observer->wait_no_longer_than(patience, placed.running, executor(), time());
    placed.running->observers.push_back(observer);
    if (placed.running->where != stage::queued || placed.running->ahead)
        observer->progressed(*placed.running);
    if (!order.facts.shown.empty()) observer->to_show(*placed.running);
}

asio::awaitable<std::optional<protocol::order>> till_desk::named(const command& c,
                                                                 const client_ptr& client,
                                                                 const std::string& number)
{
    const auto found = co_await orders_.find(client->till, number, c.invoice);
    if (!found) {
        refuse(client, c, result_code::journal_failed, "The bridge cannot read its journal", false);
        co_return std::nullopt;
    }
    // All invoices are counted together: six digits typed wrong must not reach into another
    // merchant's till. Another till of the same merchant may well void a sale.
    auto& accounts = orders_.accounts();
    const bool strangers =
        c.invoice != 0 && *found &&
        &accounts.of((*found)->merchant) != &accounts.of(client->link().merchant);
    if (!*found || strangers) {
        refuse(client, c, result_code::unknown_order, "There is no order " + number,
               c.what != verb::status && c.what != verb::query);
        co_return std::nullopt;
    }
    co_return *found;
}

asio::awaitable<void> till_desk::cancel(const command& c, const client_ptr& client)
{
    running_ptr r;
    if (c.order.empty()) {
        r = orders_.running_of(client->till);
    } else {
        const auto order = co_await named(c, client, c.order);
        if (!order) co_return;
        r = orders_.running(order->out_trade_no);
        if (!r || protocol::is_final(r->row.state) || r->patience_over) {
            client->tell(outcome_to_tell(*order, c.tag, false));  // too late: this is how it stands
            co_return;
        }
    }
    if (!r || protocol::is_final(r->row.state) || r->patience_over) {
        refuse(client, c, result_code::unknown_order,
               "Nothing is running that could be cancelled: ask for the status", false);
        co_return;
    }
    const auto number = protocol::till::number_for_till(r->row);
    orders_.cancel(r);
    client->tell(done{.tag = c.tag,
                      .what = "cancel",
                      .safe_to_retry = false,
                      .text = "Cancel asked for: the order ends when the cloud says how",
                      .fields = {{"order", number}}});
}

asio::awaitable<void> till_desk::status(const command& c, const client_ptr& client)
{
    std::optional<protocol::order> order;
    if (c.what == verb::last) {
        const auto last = co_await orders_.last_of(client->till);
        if (!last || !*last) {
            refuse(client, c, last ? result_code::unknown_order : result_code::journal_failed,
                   last ? "This till has no order yet" : "The bridge cannot read its journal",
                   static_cast<bool>(last));
            co_return;
        }
        order = *last;
    } else {
        order = co_await named(c, client, c.order.empty() ? c.of : c.order);
    }
    if (order) client->tell(outcome_to_tell(*order, c.tag, false));
}

}  // namespace ecr::daemon
