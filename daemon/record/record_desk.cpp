#include "daemon/record/record_desk.hpp"

#include "daemon/desk_words.hpp"
#include "daemon/limits.hpp"
#include "daemon/logging.hpp"
#include "daemon/record/rebuilder.hpp"
#include "protocol/cloud/currency.hpp"
#include "protocol/redact.hpp"
#include "protocol/till/verdict.hpp"

#include <algorithm>
#include <utility>

namespace ecr::daemon {
namespace {

using protocol::difference;
using protocol::order_kind;
using protocol::till::done;
using protocol::till::problem;
using protocol::till::result_code;
using protocol::till::row;
using protocol::till::verb;

/// "20261121" as the first moment of that day of QFPay's.
timestamp start_of_day(const std::string& day)
{
    const auto text =
        day.substr(0, 4) + "-" + day.substr(4, 2) + "-" + day.substr(6, 2) + " 00:00:00";
    const auto at = parse_cloud_time(text);  // the dialects let no other day through
    return at ? *at : timestamp{};
}

std::string money_text(std::int64_t amount, const std::string& currency)
{
    const auto* known = protocol::cloud::find_currency(currency);
    return std::to_string(amount) + (currency.empty() ? "" : " ") +
           (known != nullptr ? std::string{known->alphabetic} : currency);
}

/// The currency is said only where it is the difference.
void add_amounts(row& told, const difference& d)
{
    const auto& theirs = d.theirs;
    const bool about_payment = d.ours != nullptr && d.ours->kind == d.type;
    const bool other_currency = about_payment && theirs != nullptr && !theirs->txcurrcd.empty() &&
                                !protocol::cloud::same_currency(theirs->txcurrcd, d.ours->currency);
    if (about_payment)
        told.fields.emplace_back(
            "ours", money_text(d.ours->amount_minor_units, other_currency ? d.ours->currency : ""));
    if (theirs != nullptr && theirs->txamt)
        told.fields.emplace_back(
            "theirs", money_text(*theirs->txamt, other_currency ? theirs->txcurrcd : ""));
}

row row_of(const difference& d, const std::string& merchant, const std::string& tag)
{
    row told{.tag = tag, .name = "difference", .fields = {}};
    auto& f = told.fields;
    f.emplace_back("what", std::string{name_of(d.what)});
    f.emplace_back("type", std::string{d.type == order_kind::refund ? "refund" : "payment"});
    if (d.ours != nullptr) f.emplace_back("order", protocol::till::number_for_till(*d.ours));
    const auto& number = d.ours != nullptr ? d.ours->out_trade_no : d.theirs->out_trade_no;
    if (!number.empty()) f.emplace_back("out_trade_no", number);
    const auto& syssn = d.theirs != nullptr ? d.theirs->syssn : d.ours->facts.syssn;
    if (!syssn.empty()) f.emplace_back("syssn", syssn);
    add_amounts(told, d);
    f.emplace_back(
        "at", d.theirs != nullptr ? d.theirs->sysdtm : to_cloud_time(protocol::time_of(*d.ours)));
    if (!merchant.empty()) f.emplace_back("merchant", merchant);
    f.emplace_back("text", d.text);
    return told;
}

row row_of(const protocol::order& o, const std::string& merchant, const std::string& tag)
{
    row told{.tag = tag, .name = "open", .fields = {}};
    auto& f = told.fields;
    f.emplace_back("what", std::string{"open"});
    f.emplace_back("type", std::string{o.kind == order_kind::refund ? "refund" : "payment"});
    f.emplace_back("order", protocol::till::number_for_till(o));
    f.emplace_back("out_trade_no", o.out_trade_no);
    if (!o.facts.syssn.empty()) f.emplace_back("syssn", o.facts.syssn);
    f.emplace_back("ours", std::to_string(o.amount_minor_units));
    f.emplace_back("at", to_cloud_time(protocol::time_of(o)));
    if (!merchant.empty()) f.emplace_back("merchant", merchant);
    f.emplace_back("text", "Not a difference yet: the order is " + std::string{name_of(o.state)});
    return told;
}

problem problem_for(const protocol::till::command& c, const record_problem& why)
{
    return {.tag = c.tag, .order = {}, .code = why.code, .safe_to_retry = true, .text = why.text};
}

/// Takes the merchants' places, and gives them back at the end of its life.
class busy_mark {
public:
    busy_mark(std::set<cloud_account*>& all, const std::vector<cloud_account*>& mine)
        : all_{all}, mine_{mine}
    {
        all_.insert(mine_.begin(), mine_.end());
    }
    ~busy_mark()
    {
        for (auto* each : mine_)
            all_.erase(each);
    }
    busy_mark(const busy_mark&) = delete;
    busy_mark& operator=(const busy_mark&) = delete;

private:
    std::set<cloud_account*>& all_;
    const std::vector<cloud_account*>& mine_;
};

}  // namespace

protocol::record_period record_desk::period_of(const command& c) const
{
    const auto& last = c.to.empty() ? c.from : c.to;
    return {.from = start_of_day(c.from), .before = start_of_day(last) + std::chrono::days{1}};
}

record_desk::accounts record_desk::accounts_of(const command& c, const client_ptr& client)
{
    accounts whose;
    for (const auto& each : orders_.accounts())
        if (c.merchant.empty() || each->name == c.merchant) whose.push_back(each.get());
    if (whose.empty())
        refuse(client, c, result_code::refused,
               "There is no merchant " + c.merchant + " in the configuration");
    return whose;
}

asio::awaitable<void> record_desk::serve(const command& c, client_ptr client)
{
    if (!may_operate(*client)) {
        client->tell(not_an_operator(c));
        co_return;
    }
    const auto period = period_of(c);
    const auto days = std::chrono::floor<std::chrono::days>(period.before - period.from).count();
    if (days < 1 || days > limits::record_days_max) {
        refuse(client, c, result_code::refused,
               "That is too long at once: at most " + std::to_string(limits::record_days_max) +
                   " days");
        co_return;
    }
    const auto whose = accounts_of(c, client);
    if (whose.empty()) co_return;
    if (c.what == verb::settlement) {
        co_await settlement(c, client, whose);
        co_return;
    }
    const auto taken = [&](cloud_account* each) { return at_work_.contains(each); };
    if (std::ranges::any_of(whose, taken)) {
        refuse(client, c, result_code::busy,
               "QFPay's records are being read already: wait for that to end");
        co_return;
    }
    const busy_mark mark{at_work_, whose};
    if (c.what == verb::reconcile)
        co_await reconcile(c, client, whose);
    else
        co_await rebuild(c, client, whose);
}

/// With breaths: a till that reads is not to be drowned, and others are to be served.
asio::awaitable<void> record_desk::tell(const client_ptr& client, std::vector<row> rows)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i % limits::record_rows_at_once == limits::record_rows_at_once - 1)
            (void)co_await sleep_for(orders_.time(), limits::record_breath);
        client->tell(rows[i]);
    }
}

asio::awaitable<void> record_desk::reconcile(const command& c, const client_ptr& client,
                                             const accounts& whose)
{
    std::vector<row> told;
    std::vector<row> settlements;
    std::int64_t orders = 0;
    std::int64_t rows = 0;
    std::int64_t differences = 0;
    std::int64_t open = 0;
    for (auto* account : whose) {
        record_book book{*account};
        book.period = period_of(c);
        co_await fill(orders_, book);
        if (!book.problem) co_await confirm_missing(orders_, book);
        if (book.problem) {
            client->tell(problem_for(c, book.problem));
            co_return;
        }
        const auto name = whose.size() > 1 ? account->name : std::string{};
        for (const auto& each : book.found.differences)
            told.push_back(row_of(each, name, c.tag));
        for (const auto* each : book.found.open)
            told.push_back(row_of(*each, name, c.tag));
        orders += static_cast<std::int64_t>(book.found.orders);
        rows += static_cast<std::int64_t>(book.found.rows);
        differences += static_cast<std::int64_t>(book.found.differences.size());
        open += static_cast<std::int64_t>(book.found.open.size());
        // Beside the matter: that QFPay tells none of it is no reason to tell nothing.
        auto paid_out = co_await read_settlement(c, *account);
        std::ranges::move(paid_out.rows, std::back_inserter(settlements));
    }
    std::ranges::move(settlements, std::back_inserter(told));
    co_await tell(client, std::move(told));
    log(log_level::info, "record.reconciled",
        {{"from", c.from}, {"to", c.to}, {"rows", rows}, {"differences", differences}});
    done end{.tag = c.tag, .what = "reconcile", .text = {}, .fields = {}};
    end.fields = {{"orders", orders}, {"cloud_rows", rows}, {"differences", differences}};
    if (open > 0) end.fields.emplace_back("open", open);
    if (differences == 0) end.text = "No differences";
    client->tell(end);
}

asio::awaitable<void> record_desk::rebuild(const command& c, const client_ptr& client,
                                           const accounts& whose)
{
    std::int64_t restored = 0;
    std::int64_t asked = 0;
    std::int64_t left = 0;
    for (auto* account : whose) {
        record_book book{*account};
        book.period = period_of(c);
        co_await fill(orders_, book);
        rebuilder work{orders_, book};
        while (!book.problem) {
            auto told = co_await work.next(c.tag);
            const bool over = told.empty();
            co_await tell(client, std::move(told));
            if (over) break;
        }
        restored += work.restored();
        asked += work.asked();
        left += work.left();
        if (book.problem) {
            if (restored > 0)
                book.problem.text += " (restored so far: " + std::to_string(restored) + ")";
            client->tell(problem_for(c, book.problem));
            co_return;
        }
    }
    done end{.tag = c.tag, .what = "rebuild", .text = {}, .fields = {}};
    end.fields = {{"restored", restored}, {"asked", asked}, {"left", left}};
    client->tell(end);
}

asio::awaitable<record_desk::settled> record_desk::read_settlement(const command& c,
                                                                   cloud_account& account)
{
    settled got;
    const protocol::cloud::settlement_request question{
        .date_start = c.from, .date_end = c.to.empty() ? c.from : c.to, .paymethod = {}};
    auto form = protocol::cloud::to_form(question);
    if (!form) {
        got.problem = {result_code::bad_command, "These days cannot be asked about"};
        co_return got;
    }
    const auto reply = co_await account.gateway.get(protocol::cloud::settlement_path,
                                                    std::move(*form), importance::watch);
    const bool whole = reply.how == protocol::transport::answered && !reply.bad_signature;
    const auto answer = protocol::cloud::read_settlement(reply.body);
    // Some accounts have no such address at all.
    const bool refused = reply.http_status == 404 || (answer && answer->respcd == "1155");
    got.offered = !whole || !refused;
    if (!got.offered) co_return got;
    if (!whole || reply.http_status != 200 || !answer || answer->respcd != "0000") {
        got.problem = problem_of(orders_, reply, "The settlement");
        co_return got;
    }
    for (const auto& each : answer->rows) {
        row told{.tag = c.tag, .name = "settlement", .fields = {}};
        for (const auto& [name, value] : each)
            told.fields.emplace_back(name, protocol::without_card_numbers(value));
        if (!account.name.empty()) told.fields.emplace_back("merchant", account.name);
        got.rows.push_back(std::move(told));
    }
    co_return got;
}

asio::awaitable<void> record_desk::settlement(const command& c, const client_ptr& client,
                                              const accounts& whose)
{
    std::vector<row> told;
    bool offered = false;
    for (auto* account : whose) {
        auto got = co_await read_settlement(c, *account);
        if (got.problem) {
            client->tell(problem_for(c, got.problem));
            co_return;
        }
        offered = offered || got.offered;
        std::ranges::move(got.rows, std::back_inserter(told));
    }
    const auto count = static_cast<std::int64_t>(told.size());
    co_await tell(client, std::move(told));
    done end{.tag = c.tag, .what = "settlement", .text = {}, .fields = {}};
    end.fields = {{"count", count}};
    if (!offered)
        end.text =
            "QFPay keeps no settlement records for this account that can be asked for: "
            "look at the merchant portal";
    else if (count == 0)
        end.text = "QFPay has settled nothing in these days";
    client->tell(end);
}

}  // namespace ecr::daemon
