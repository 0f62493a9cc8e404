#include "daemon/record/cloud_records.hpp"

#include "daemon/limits.hpp"
#include "protocol/cloud/query_window.hpp"
#include "protocol/redact.hpp"

#include <algorithm>
#include <unordered_set>

namespace ecr::daemon {
namespace {

using protocol::cloud_reply;
using protocol::transport;
using protocol::cloud::trade_list;
using protocol::till::result_code;

constexpr unsigned http_ok = 200;
constexpr unsigned http_too_many_requests = 429;

/// A list that worked, or nothing.
std::optional<trade_list> list_in(const cloud_reply& reply)
{
    if (reply.how != transport::answered || reply.http_status != http_ok || reply.bad_signature)
        return std::nullopt;
    auto list = protocol::cloud::read_trade_list(reply.body);
    if (!list || list->respcd != "0000" || !list->has_data) return std::nullopt;
    return std::move(*list);
}

/// Waits, but not beyond the end of the bridge.
asio::awaitable<void> pause(order_service& orders, milliseconds duration)
{
    const auto until = orders.time().now() + duration;
    while (!orders.stopping() && orders.time().now() < until)
        (void)co_await sleep_for(
            orders.time(),
            std::min<milliseconds>(limits::stop_check_pace, until - orders.time().now()));
}

/// How many rows make a page that may have another one behind it.
std::size_t full_page(const trade_list& list)
{
    // A cloud that gives smaller pages than it was asked for says so.
    const auto told = list.page_size.value_or(protocol::cloud::page_size_max);
    const bool smaller = told > 0 && told < protocol::cloud::page_size_max;
    return static_cast<std::size_t>(smaller ? told : protocol::cloud::page_size_max);
}

}  // namespace

asio::awaitable<cloud_reply> ask_until(order_service& orders,
                                       std::function<asio::awaitable<cloud_reply>()> ask,
                                       std::function<bool(const cloud_reply&)> usable)
{
    cloud_reply reply{.how = transport::not_sent, .detail = "the bridge is stopping"};
    milliseconds wait = limits::record_retry_first;
    int failed = 0;
    int refused = 0;
    while (!orders.stopping()) {
        reply = co_await ask();
        if (usable(reply)) break;
        const bool too_many = reply.http_status == http_too_many_requests;
        if (too_many ? ++refused >= limits::record_refusals_max
                     : ++failed >= limits::record_tries_max)
            break;
        co_await pause(orders, wait);
        wait = std::min<milliseconds>(2 * wait, limits::record_retry_max);
    }
    co_return reply;
}

record_problem problem_of(const order_service& orders, const cloud_reply& reply,
                          std::string_view what)
{
    if (orders.stopping()) return {result_code::stopping, "The bridge is stopping"};
    const auto begin = std::string{what} + ": ";
    const std::string end = ". Nothing is reported from an incomplete list: try again later";
    if (reply.how == transport::not_sent)
        return {result_code::not_sent, begin + "QFPay cannot be reached: " + reply.detail + end};
    if (reply.how != transport::answered)
        return {result_code::not_sent, begin + "QFPay does not answer: " + reply.detail + end};
    if (reply.http_status == http_too_many_requests)
        return {result_code::busy, begin + "QFPay takes no more questions for now (429)" + end};
    if (reply.http_status != http_ok)
        return {result_code::rejected,
                begin + "QFPay answers HTTP " + std::to_string(reply.http_status) + end};
    if (reply.bad_signature)
        return {result_code::rejected, begin + "QFPay's answer is not signed with our key" + end};
    const auto answer = protocol::cloud::read_trade_answer(reply.body);
    if (!answer)
        return {result_code::rejected, begin + "QFPay's answer cannot be understood" + end};
    return {result_code::rejected, begin + "QFPay answers " + answer->respcd + " " +
                                       protocol::without_card_numbers(answer->resperr) + end};
}

asio::awaitable<record_reading> read_records(order_service& orders, cloud_account& account,
                                             timestamp from, timestamp to)
{
    record_reading all;
    std::unordered_set<std::string> known;  // syssns
    const auto usable = [](const cloud_reply& reply) { return list_in(reply).has_value(); };
    for (const auto& month : protocol::cloud::months_to_ask(from, to)) {
        for (int page = 1;; ++page) {
            protocol::cloud::trade_query_request question;
            question.start = month.start;
            question.end = month.end;
            question.page = page;
            const auto form = protocol::cloud::to_form(question);
            const auto ask = [&account, &form]() -> asio::awaitable<cloud_reply> {
                auto copy = *form;
                return account.gateway.call(protocol::cloud::trade_query_path, std::move(copy),
                                            importance::watch);
            };
            const auto reply = co_await ask_until(orders, ask, usable);
            auto list = list_in(reply);
            const auto what =
                "Page " + std::to_string(page) + " from " + to_cloud_time(month.start);
            if (!list || orders.stopping()) {
                all.rows.clear();
                all.problem = problem_of(orders, reply, what);
                co_return all;
            }
            std::size_t fresh = 0;
            for (auto& row : list->rows) {
                if (row.syssn.empty() || known.insert(row.syssn).second) ++fresh;
                all.rows.push_back(std::move(row));
            }
            if (list->rows.size() < full_page(*list)) break;
            // The same page again and again is no list; neither is one without end.
            if (fresh == 0 || page >= limits::record_pages_max) {
                all.rows.clear();
                all.problem = {result_code::rejected, what + ": QFPay's list has no end"};
                co_return all;
            }
        }
    }
    co_return all;
}

}  // namespace ecr::daemon
