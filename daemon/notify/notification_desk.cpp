#include "daemon/notify/notification_desk.hpp"

#include "daemon/log_often.hpp"
#include "daemon/logging.hpp"
#include "protocol/cloud/notification.hpp"
#include "protocol/cloud/signature.hpp"
#include "protocol/redact.hpp"

#include <algorithm>

namespace ecr::daemon {
namespace {

using protocol::order_kind;
using protocol::order_state;
using protocol::cloud::match_by;
using protocol::cloud::notification;
using protocol::cloud::notify_kind;

// Nothing of the request is repeated in it: nobody has signed that.
constexpr std::string_view return_page =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>Thank you</title></head><body>"
    "<p>Thank you; the shop's till shows the result.</p>"
    "<p lang=\"zh-Hant\">多謝惠顧,結果以商店收銀機顯示為準。</p>"
    "<p lang=\"zh-Hans\">谢谢惠顾,结果以商店收银机显示为准。</p></body></html>\n";

http_settings server_settings(const notification_config& settings)
{
    http_settings made;
    made.name = "notifications";
    made.address = settings.address;
    made.port = settings.port;
    made.certificate_file = settings.certificate_file;
    made.certificate_key_file = settings.certificate_key_file;
    return made;
}

http_reply turned_away(unsigned status, std::string_view why)
{
    http_reply reply{.status = status, .body = std::string{why}};
    reply.body += '\n';
    return reply;
}

struct filed {
    std::string order;             // ours that it is about, or empty
    std::vector<std::string> ask;  // what an enquiry could still change
    std::int64_t times = 1;
};

/// The order of this merchant that the notification names. Source: contract 7.1.
result<std::optional<protocol::order>> order_of(store::journal& journal, const notification& hint,
                                                const std::string& merchant)
{
    for (const auto& [by, id] : hint.match_order_ids()) {
        auto found = by == match_by::syssn ? journal.find_syssn(id) : journal.find(id);
        if (!found) return found.error();
        // One merchant's key says nothing about another's orders.
        if (*found && (*found)->merchant == merchant) return found;
    }
    return std::optional<protocol::order>{};
}

/// What is worth asking about: paid is the end of every order, a repeat adds nothing to a final
/// one, and the refund in hand is not the order that a terminal's refund names.
result<std::vector<std::string>> to_ask(store::journal& journal, const notification& hint,
                                        const protocol::order& about, bool repeated)
{
    std::vector<std::string> ask;
    const auto consider = [&](const protocol::order& each) {
        const bool over = repeated && protocol::is_final(each.state);
        if (each.state != order_state::paid && !over) ask.push_back(each.out_trade_no);
    };
    if (hint.kind == notify_kind::other) return ask;
    consider(about);
    const bool money_back = hint.kind == notify_kind::refund || hint.kind == notify_kind::cancel;
    if (!money_back || about.kind != order_kind::payment) return ask;
    const auto refunds = journal.refunds_of(about.out_trade_no);
    if (!refunds) return refunds.error();
    std::ranges::for_each(*refunds, consider);
    return ask;
}

result<filed> file(store::journal& journal, const notification& hint,
                   store::notification_record record)
{
    const auto about = order_of(journal, hint, record.merchant);
    if (!about) return about.error();
    filed made;
    if (*about) made.order = record.order = (*about)->out_trade_no;
    const auto times = journal.note_notification(record);
    if (!times) return times.error();
    made.times = *times;
    if (!*about) return made;
    auto ask = to_ask(journal, hint, **about, *times > 1);
    if (!ask) return ask.error();
    made.ask = std::move(*ask);
    return made;
}

store::notification_record record_of(const notification& hint, const std::string& merchant,
                                     const std::string& body, timestamp at)
{
    store::notification_record record;
    record.merchant = merchant;
    record.kind = hint.notify_type;
    record.syssn = hint.syssn;
    record.out_trade_no = hint.out_trade_no;
    record.body = protocol::without_card_numbers(body);
    // The digest of the bytes alone: a signature with an empty key.
    record.digest =
        protocol::cloud::body_signature(body, {}, protocol::cloud::sign_algorithm::sha256);
    record.received_at = at;
    return record;
}

}  // namespace

notification_desk::notification_desk(asio::any_io_executor executor, clock& time,
                                     store_thread& journal, const notification_config& settings,
                                     std::vector<notification_account> accounts,
                                     ask_function ask_now,
                                     std::function<void(std::exception_ptr)> on_bug)
    : time_{time},
      journal_{journal},
      settings_{settings},
      accounts_{std::move(accounts)},
      ask_now_{std::move(ask_now)},
      forged_line_{time},
      refused_line_{time},
      server_{std::move(executor), time, server_settings(settings),
              [this](http_request request) { return serve(std::move(request)); }, std::move(on_bug)}
{
    for (const auto& text : settings_.allow)
        (void)allow_.add(text);  // the configuration was checked
    if (!settings_.trust_forwarded.empty())
        proxy_ = plain_address(asio::ip::make_address(settings_.trust_forwarded));
}

notification_counts notification_desk::counts() const
{
    return counts_;
}

asio::awaitable<http_reply> notification_desk::serve(http_request request)
{
    const bool reads = request.method == "GET" || request.method == "HEAD";
    // Shoppers' browsers come from everywhere.
    if (reads && !settings_.return_path.empty() && request.path() == settings_.return_path)
        co_return show_return_page(request);

    const auto sender = sender_of(request);
    if (!sender || !allow_.contains(*sender)) {
        ++counts_.refused;
        if (const auto times = refused_line_.happened(); times > 0)
            log(log_level::warning, "notification.refused",
                {{"sender", sender ? sender->to_string() : "unknown"}, {"times", times}});
        co_return turned_away(403, "Not for you.");
    }
    const auto* account = account_at(request.path());
    if (account == nullptr) co_return turned_away(404, "There is nothing here.");
    if (request.method != "POST") {
        auto reply = turned_away(405, "Notifications are posted.");
        reply.headers.emplace_back("Allow", "POST");
        co_return reply;
    }
    auto reply = co_await take(*account, std::move(request));
    co_return reply;
}

asio::awaitable<http_reply> notification_desk::take(const notification_account& from,
                                                    http_request request)
{
    using protocol::cloud::notification_reply;
    if (!protocol::cloud::verify_notification(request.body, request.header("x-qf-sign"), from.key,
                                              settings_.rule))
        co_return forged(request, "its signature is missing or wrong");
    const auto hint = protocol::cloud::read_notification(request.body);
    if (!hint) co_return forged(request, "it cannot be read");

    const auto record = record_of(*hint, from.name, request.body, time_.wall());
    const auto kept = co_await journal_.run(
        [&](store::journal& j) -> result<filed> { return file(j, *hint, record); });
    if (!kept) {
        // QFPay repeats what was not answered with SUCCESS.
        log_often(log_level::error, "notification.not_kept",
                  {{"syssn", hint->syssn}, {"why", kept.error().message()}});
        co_return turned_away(500, "Please repeat.");
    }
    ++counts_.received;
    counts_.last_at = record.received_at;
    if (kept->times > 1) ++counts_.duplicates;
    if (kept->order.empty()) ++counts_.unmatched;
    log(log_level::info, "notification.kept",
        {{"order", kept->order},
         {"kind", hint->notify_type},
         {"syssn", hint->syssn},
         {"out_trade_no", hint->out_trade_no},
         {"times", kept->times}});
    for (const auto& order : kept->ask)
        ask_now_(order);
    co_return http_reply{.body = std::string{notification_reply}};
}

http_reply notification_desk::show_return_page(const http_request& request)
{
    const auto back = protocol::cloud::read_return_redirect(request.query());
    if (back && !back->out_trade_no.empty() && may_ask_for_browsers()) {
        log(log_level::info, "notification.return", {{"order", back->out_trade_no}});
        ask_now_(back->out_trade_no);
    }
    http_reply reply{.body = std::string{return_page}, .content_type = "text/html; charset=utf-8"};
    reply.headers = {{"Cache-Control", "no-store"},
                     {"X-Content-Type-Options", "nosniff"},
                     {"Content-Security-Policy", "default-src 'none'"}};
    return reply;
}

const notification_account* notification_desk::account_at(std::string_view path) const
{
    for (const auto& account : accounts_) {
        const auto own =
            account.name.empty() ? settings_.path : settings_.path + '/' + account.name;
        if (path == own) return &account;
    }
    return nullptr;
}

std::optional<asio::ip::address> notification_desk::sender_of(const http_request& request) const
{
    if (!proxy_ || request.peer != *proxy_) return request.peer;
    // The proxy wrote the last hop; whatever stands before it, the sender may have invented.
    auto hop = request.header("x-forwarded-for");
    if (const auto comma = hop.rfind(','); comma != std::string_view::npos)
        hop.remove_prefix(comma + 1);
    const auto first = hop.find_first_not_of(" \t");
    if (first == std::string_view::npos) return std::nullopt;
    hop = hop.substr(first, hop.find_last_not_of(" \t") + 1 - first);
    boost::system::error_code unreadable;
    const auto address = asio::ip::make_address(std::string{hop}, unreadable);
    if (unreadable) return std::nullopt;
    return plain_address(address);
}

http_reply notification_desk::forged(const http_request& request, std::string_view why)
{
    ++counts_.forged;
    if (const auto times = forged_line_.happened(); times > 0)
        log(log_level::warning, "notification.forged",
            {{"peer", request.peer.to_string()}, {"why", why}, {"times", times}});
    return turned_away(403, "Not believed.");
}

bool notification_desk::may_ask_for_browsers()
{
    using namespace std::chrono_literals;
    if (time_.now() - return_minute_ >= 1min) {
        return_minute_ = time_.now();
        return_asks_ = 0;
    }
    return ++return_asks_ <= limits::return_asks_per_minute_max;
}

}  // namespace ecr::daemon
