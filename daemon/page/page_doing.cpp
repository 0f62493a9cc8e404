#include "daemon/page/page_doing.hpp"

#include "daemon/limits.hpp"
#include "daemon/logging.hpp"
#include "daemon/page/page_guard.hpp"
#include "daemon/page/page_json.hpp"
#include "protocol/json.hpp"
#include "protocol/redact.hpp"

#include <algorithm>

namespace ecr::daemon {
namespace {

using protocol::order;
using protocol::till::command;
using protocol::till::result_code;
using protocol::till::verb;

constexpr std::size_t reason_size_max = 600;  // 200 characters in any of the three languages
constexpr std::size_t number_size_min = 8;
constexpr std::size_t number_size_max = 32;

/// A command, or why there is none.
struct reading {
    command what;
    std::string problem;
};

reading not_so(std::string why)
{
    return {.what = {}, .problem = std::move(why)};
}

bool is_one_line(std::string_view text)
{
    return std::ranges::none_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

/// The number that makes a refund said twice the same refund.
bool is_own_number(std::string_view text)
{
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return text.size() >= number_size_min && text.size() <= number_size_max &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

const json* member(const json& body, const char* name)
{
    const auto found = body.find(name);
    return found == body.end() || found->is_null() ? nullptr : &*found;
}

reading read_resolve(const json& body, const order& o)
{
    const auto* reason = member(body, "reason");
    if (reason == nullptr || !reason->is_string() || reason->get_ref<const std::string&>().empty())
        return not_so("Say why, in \"reason\": it stays in the journal");
    const auto text = protocol::without_card_numbers(reason->get<std::string>());
    if (text.size() > reason_size_max || !is_one_line(text))
        return not_so("\"reason\" must be one line of at most 600 bytes");
    command c{.what = verb::resolve, .order = o.out_trade_no, .text = text};
    if (const auto* paid = member(body, "paid")) {
        if (!paid->is_boolean()) return not_so("\"paid\" must be true, false or null");
        if (protocol::is_final(o.state))
            return not_so("This order has ended: it can only be taken off the list");
        c.paid = paid->get<bool>();
    }
    return {.what = std::move(c), .problem = {}};
}

reading read_refund(const json& body, const order& o)
{
    const auto* number = member(body, "number");
    if (number == nullptr || !number->is_string() ||
        !is_own_number(number->get_ref<const std::string&>()))
        return not_so(
            "Give the refund a new \"number\", 8 to 32 of A-Z a-z 0-9 _ -: said twice, it is the "
            "same refund");
    command c{.what = verb::refund, .order = number->get<std::string>(), .of = o.out_trade_no};
    if (o.route == protocol::order_route::terminal) c.terminal = o.terminal;
    if (const auto* amount = member(body, "amount")) {
        const auto some = amount->is_number_integer() ? money::of(amount->get<std::int64_t>())
                                                      : result<money>{errc::bad_parameter};
        if (!some) return not_so("\"amount\" must be a whole number of minor units above 0");
        c.amount = *some;
    }
    if (const auto* wait = member(body, "when_possible")) {
        if (!wait->is_boolean()) return not_so("\"when_possible\" must be true or false");
        c.when_possible = wait->get<bool>();
    }
    return {.what = std::move(c), .problem = {}};
}

reading read(const std::string& what, const json& body, const order& o)
{
    if (what == "resolve") return read_resolve(body, o);
    if (what == "refund") return read_refund(body, o);
    command c{.what = what == "ask" ? verb::query : verb::cancel, .order = o.out_trade_no};
    return {.what = std::move(c), .problem = {}};
}

bool is_known(std::string_view what)
{
    return what == "ask" || what == "cancel" || what == "refund" || what == "resolve";
}

/// Whoever ends an order must have seen it as it is.
bool has_changed(const json& body, const order& o)
{
    const auto* seen = member(body, "seen");
    return seen == nullptr || !seen->is_string() ||
           seen->get_ref<const std::string&>() != to_iso8601(o.updated_at);
}

http_reply refusal_of(const protocol::till::problem& why)
{
    unsigned status = 409;
    if (why.code == result_code::bad_command) status = 400;
    if (why.code == result_code::not_allowed) status = 403;
    if (why.code == result_code::unknown_order) status = 404;
    if (why.code == result_code::journal_failed || why.code == result_code::stopping) status = 503;
    const json body{{"error",
                     {{"reason", "refused"},
                      {"text", why.text},
                      {"code", static_cast<int>(why.code)},
                      {"safe_to_retry", why.safe_to_retry}}}};
    return {.status = status, .body = to_text(body), .content_type = "application/json"};
}

link_config link_of_page(const config& settings)
{
    link_config made{.name = "page"};
    // No till can have this name (is_name), so no number of a till's can be meant by ours.
    made.till = "(page)";
    made.operator_commands = true;
    made.numbers = numbering::unique;
    made.merchant = settings.cloud.name;
    return made;
}

}  // namespace

page_doing::page_doing(asio::any_io_executor executor, const page_shop& shop,
                       std::function<void()> done)
    : executor_{std::move(executor)},
      shop_{shop},
      done_{std::move(done)},
      link_{link_of_page(shop.settings)}
{}

asio::awaitable<http_reply> page_doing::serve(std::string what, std::string number,
                                              std::string body)
{
    if (!is_known(what)) co_return page_refusal(404, "not_found", "There is nothing here");
    if (!shop_.settings.page.actions)
        co_return page_refusal(403, "only_shows",
                               "This page only shows: see actions in [page] of the configuration");
    const auto said = parse_json(body.empty() ? "{}" : body);
    if (!said || !said->is_object())
        co_return page_refusal(400, "bad_request", "The body must be a JSON object");
    const auto found =
        co_await shop_.orders().journal().run([&](store::journal& j) { return j.find(number); });
    if (!found) co_return page_refusal(503, "journal_failed", "The bridge cannot read its journal");
    if (!*found) co_return page_refusal(404, "unknown_order", "There is no such order");
    if (what == "resolve" && has_changed(*said, **found))
        co_return page_refusal(409, "changed",
                               "There is news of this order: look at it again, then decide");
    auto wanted = read(what, *said, **found);
    if (!wanted.problem.empty()) co_return page_refusal(400, "bad_request", wanted.problem);
    if (what == "refund") {
        const auto refused = co_await refusal_of_refund(wanted.what, *said, **found);
        if (refused) co_return *refused;
    }
    log(log_level::warning, "page.asked", {{"what", what}, {"order", number}});
    // A refund is an order of its own.
    const auto shown = what == "refund" ? wanted.what.order : number;
    auto reply = co_await carry_out(std::move(wanted.what), shown);
    done_();
    co_return reply;
}

/// Two people at two screens, or one who has opened the form anew after a lost answer, must not
/// give back the same part twice: whoever gives back has seen what is left now.
asio::awaitable<std::optional<http_reply>> page_doing::refusal_of_refund(const command& wanted,
                                                                         const json& body,
                                                                         const order& payment)
{
    const auto* seen = member(body, "left");
    if (seen == nullptr || !seen->is_number_integer())
        co_return page_refusal(400, "bad_request",
                               "Say in \"left\" what was left of the payment when you looked");
    const auto same = co_await shop_.orders().journal().run(
        [&](store::journal& j) { return j.find(wanted.order); });
    const auto left = co_await shop_.orders().left_of(payment);
    if (!same || !left)
        co_return page_refusal(503, "journal_failed", "The bridge cannot read its journal");
    if (*same || *left == seen->get<std::int64_t>()) co_return std::nullopt;
    co_return page_refusal(409, "changed",
                           "There is news of this order: look at it again, then decide");
}

asio::awaitable<http_reply> page_doing::carry_out(command wanted, std::string number)
{
    const auto client = std::make_shared<page_client>(executor_, shop_.time(), link_);
    shop_.desk.serve(std::move(wanted), client);
    const auto told = co_await client->answer(limits::page_action_time);
    if (!told)
        co_return page_refusal(504, "not_known_yet",
                               "It goes on, and its end is not known yet: look at the order");
    if (const auto* why = std::get_if<protocol::till::problem>(&*told)) co_return refusal_of(*why);

    const auto now =
        co_await shop_.orders().journal().run([&](store::journal& j) { return j.find(number); });
    if (!now || !*now)
        co_return page_refusal(503, "journal_failed", "The bridge cannot read its journal");
    const auto r = shop_.orders().running(number);
    const json body{{"order", to_json(**now, r.get(), true)}};
    co_return http_reply{.body = to_text(body), .content_type = "application/json"};
}

}  // namespace ecr::daemon
