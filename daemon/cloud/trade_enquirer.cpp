#include "daemon/cloud/trade_enquirer.hpp"

#include "protocol/json.hpp"

#include <algorithm>
#include <exception>

namespace ecr::daemon {
namespace {

using protocol::cloud_reply;
using protocol::transport;

constexpr unsigned http_ok = 200;

cloud_reply stopping()
{
    return {.how = transport::not_sent, .detail = "the bridge is stopping"};
}

/// The rows of an answer that worked; null: it did not.
json* rows_of(json& answer)
{
    if (!answer.is_object()) return nullptr;
    const auto code = answer.find("respcd");
    const auto data = answer.find("data");
    const bool worked = code != answer.end() && (*code == "0000" || *code == 0);
    return worked && data != answer.end() && data->is_array() ? &*data : nullptr;
}

}  // namespace

trade_enquirer::trade_enquirer(asio::any_io_executor executor, trade_calls calls)
    : calls_{std::move(calls)}, tasks_{std::move(executor), [](std::exception_ptr bug) {
                                           std::rethrow_exception(bug);
                                       }}
{}

asio::awaitable<cloud_reply> trade_enquirer::ask(std::string out_trade_no, std::string start_time,
                                                 std::string end_time, importance who)
{
    if (stopped_) co_return stopping();
    const window of{std::move(start_time), std::move(end_time)};
    const auto mine = std::make_shared<question>();
    mine->number = std::move(out_trade_no);
    mine->who = who;
    pools_[of].waiting.push_back(mine);
    want_turn(of, who);
    // The reply may be there already: a task that is spawned here begins before it is left.
    if (!mine->reply) (void)co_await mine->asker.wait();
    if (!mine->reply)
        co_return cloud_reply{.how = transport::no_answer, .detail = "nobody waits any more"};
    co_return *mine->reply;
}

/// One turn that is as urgent is enough: it takes all with it.
void trade_enquirer::want_turn(const window& of, importance who)
{
    auto& pool = pools_[of];
    if (!pool.turns.empty() && *pool.turns.begin() <= who) return;
    pool.turns.insert(who);
    tasks_.spawn(serve(of, who));
}

asio::awaitable<void> trade_enquirer::serve(window of, importance who)
{
    const bool leave = co_await calls_.turn(who);
    auto& pool = pools_[of];
    pool.turns.erase(pool.turns.find(who));
    const auto asked = take(pool);
    const bool more = !pool.waiting.empty();
    const auto next = more ? pool.waiting.front()->who : who;
    if (!more && pool.turns.empty()) pools_.erase(of);
    if (!leave) {
        answer(asked, stopping());
        co_return;
    }
    if (asked.empty()) {
        calls_.give_back(who);
        co_return;
    }
    if (more) want_turn(of, next);

    std::string numbers;
    for (const auto& each : asked)
        if (("," + numbers + ",").find("," + each->number + ",") == std::string::npos)
            numbers += (numbers.empty() ? "" : ",") + each->number;
    protocol::cloud::form base;
    base.emplace_back("out_trade_no", numbers);
    base.emplace_back("start_time", of.first);
    base.emplace_back("end_time", of.second);
    auto reply = co_await fetch(std::move(base), asked.front()->who);
    answer(asked, std::move(reply));
}

/// The most urgent first, and within a class the first.
trade_enquirer::batch trade_enquirer::take(same_window& from)
{
    from.waiting.sort([](const auto& a, const auto& b) { return a->who < b->who; });
    batch taken;
    while (!from.waiting.empty() && taken.size() < numbers_max) {
        taken.push_back(std::move(from.waiting.front()));
        from.waiting.pop_front();
    }
    return taken;
}

/// All pages as one. The first has its turn already.
asio::awaitable<cloud_reply> trade_enquirer::fetch(protocol::cloud::form base, importance who)
{
    cloud_reply whole;
    json merged;
    for (int page = 1; page <= pages_max; ++page) {
        if (page > 1) {
            const bool leave = co_await calls_.turn(who);
            if (!leave) co_return stopping();
        }
        auto form = base;
        form.emplace_back("page", std::to_string(page));
        form.emplace_back("page_size", std::to_string(page_size));
        auto reply = co_await calls_.send(std::move(form), who);
        auto parsed = parse_json(reply.body);
        const bool readable =
            reply.how == transport::answered && reply.http_status == http_ok && parsed;
        auto* rows = readable ? rows_of(*parsed) : nullptr;
        if (page == 1 && (!rows || rows->size() < page_size)) co_return reply;
        if (!rows) {
            // Half a list would pass for a whole one in which orders are missing.
            co_return cloud_reply{.how = transport::no_answer,
                                  .http_status = reply.http_status,
                                  .detail = "page " + std::to_string(page) +
                                            " of the list is missing" +
                                            (reply.detail.empty() ? "" : ": " + reply.detail)};
        }
        const bool last = rows->size() < page_size;
        const bool doubtful = whole.bad_signature || reply.bad_signature;
        if (page == 1) {
            merged = std::move(*parsed);
            whole = std::move(reply);
        } else {
            auto& all = merged["data"];
            all.insert(all.end(), rows->begin(), rows->end());
        }
        whole.bad_signature = doubtful;
        if (last) {
            whole.body = to_text(merged);
            co_return whole;
        }
    }
    co_return cloud_reply{.how = transport::no_answer, .detail = "a list without end"};
}

void trade_enquirer::answer(const batch& all, cloud_reply reply)
{
    const auto shared = std::make_shared<const cloud_reply>(std::move(reply));
    for (const auto& each : all) {
        each->reply = shared;
        each->asker.call_all();
    }
}

void trade_enquirer::stop()
{
    stopped_ = true;
    for (auto& [of, pool] : pools_) {
        const batch all{pool.waiting.begin(), pool.waiting.end()};
        pool.waiting.clear();
        answer(all, stopping());
    }
}

}  // namespace ecr::daemon
