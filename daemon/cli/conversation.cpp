#include "daemon/cli/conversation.hpp"

#include "protocol/errc.hpp"
#include "protocol/json.hpp"

#include <algorithm>
#include <initializer_list>
#include <thread>

namespace ecr::cli {
namespace {

std::string text_in(const json& reply, const char* key)
{
    const auto found = reply.find(key);
    return found != reply.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

bool is_one_of(const std::string& verb, std::initializer_list<const char*> verbs)
{
    return std::ranges::find(verbs, verb) != verbs.end();
}

/// Commands about money: what becomes of them must be known, whatever becomes of the connection.
bool is_about_money(const std::string& verb)
{
    return is_one_of(verb, {"pay", "refund", "scan", "qr", "close", "reverse"});
}

/// These ask the cloud for page after page.
bool reads_records(const std::string& verb)
{
    return is_one_of(verb, {"reconcile", "rebuild", "settlement"});
}

bool ends_command(const json& reply)
{
    const auto word = text_in(reply, "reply");
    return word == "result" || word == "ok" || word == "error";
}

exit_code exit_code_of_reply(const std::string& verb, const json& reply)
{
    const auto differences = reply.find("differences");
    if (differences != reply.end() && *differences != 0) return exit_code::in_doubt;
    // To whom has just ended it, that it is ended is good news.
    if (verb == "resolve" && text_in(reply, "code") == "23") return exit_code::done;
    const auto safe = reply.find("safe_to_retry");
    const bool is_safe = safe != reply.end() && safe->is_boolean() && safe->get<bool>();
    if (text_in(reply, "reply") == "ok") return exit_code::done;
    return exit_code_of(text_in(reply, "code"), is_safe);
}

}  // namespace

conversation::conversation(conversation_settings how, presenter& out)
    : how_{std::move(how)}, out_{out}
{}

exit_code conversation::run(const json& command)
{
    verb_ = text_in(command, "verb");
    order_ = text_in(command, "order");
    if (verb_ == "close" || verb_ == "reverse") order_ = text_in(command, "of");
    if (const auto failed = open()) return *failed;

    const bool money = is_about_money(verb_);
    auto whole = command;
    if (!how_.till.empty()) whole["till"] = how_.till;
    if (const auto ended = exchange(whole, patience_for(command))) return *ended;
    if (money) return find_out();
    out_.complain("the bridge at " + how_.bridge_text +
                  " went away before it answered: " + broken_by_.message());
    return exit_code::unreachable;
}

milliseconds conversation::patience_for(const json& command) const
{
    if (command.contains("wait")) return how_.night_patience;
    return is_about_money(verb_) || reads_records(verb_) ? how_.money_patience
                                                         : how_.reply_patience;
}

bool conversation::broke(const error_code& why)
{
    broken_by_ = why;
    return static_cast<bool>(why);
}

std::optional<exit_code> conversation::open()
{
    if (broke(bridge_.open(how_.bridge, how_.connect_patience))) {
        out_.complain("cannot reach the bridge at " + how_.bridge_text + ": " +
                      broken_by_.message() + "; is ecrbridged running?");
        return exit_code::unreachable;
    }
    if (how_.token.empty()) return std::nullopt;

    json hello{{"verb", "hello"}, {"token", how_.token}};
    if (!how_.till.empty()) hello["till"] = how_.till;
    std::string line;
    std::optional<json> reply;
    if (!broke(bridge_.send(to_text(hello), how_.reply_patience)))
        reply = read_reply(how_.reply_patience, line);
    if (!reply) {
        out_.complain("the bridge at " + how_.bridge_text +
                      " went away at the hello: " + broken_by_.message());
        return exit_code::unreachable;
    }
    if (text_in(*reply, "reply") == "ok") return std::nullopt;
    out_.show(*reply, line);
    return exit_code_of_reply("hello", *reply);
}

std::optional<json> conversation::read_reply(milliseconds patience, std::string& line)
{
    auto got = bridge_.read_line(patience);
    if (!got) {
        broken_by_ = got.error();
        return std::nullopt;
    }
    line = std::move(*got);
    auto reply = parse_json(line);
    if (!reply || !reply->is_object() || text_in(*reply, "reply").empty()) {
        broken_by_ = make_error_code(errc::bad_json);
        return std::nullopt;
    }
    return reply;
}

std::optional<exit_code> conversation::exchange(const json& command, milliseconds patience)
{
    if (broke(bridge_.send(to_text(command), patience))) return std::nullopt;
    std::string line;
    while (const auto reply = read_reply(patience, line)) {
        out_.show(*reply, line);
        if (text_in(*reply, "reply") == "accepted") order_ = text_in(*reply, "order");
        if (ends_command(*reply)) return exit_code_of_reply(verb_, *reply);
    }
    return std::nullopt;
}

// The connection broke while an order may be under way. The order goes on without us, so the
// journal is asked, which costs nothing and moves nothing.
exit_code conversation::find_out()
{
    const auto why = broken_by_.message();
    if (order_.empty()) {
        out_.complain("lost the bridge before it had named the order (" + why +
                      "). Do not ring again: look at the terminal, and at 'ecrbridge last' or "
                      "'ecrbridge orders'");
        return exit_code::in_doubt;
    }
    out_.complain("lost the bridge (" + why + "), asking what became of order " + order_);
    const auto give_up = std::chrono::steady_clock::now() + how_.money_patience;
    for (int misses = 0; misses < tries_max && std::chrono::steady_clock::now() < give_up;) {
        bool still_running = false;
        if (const auto known = ask_status(still_running)) return *known;
        if (!still_running) ++misses;
        if (misses < tries_max) std::this_thread::sleep_for(how_.retry_wait);
    }
    out_.complain("what became of order " + order_ +
                  " is not known. Do not ring again: look at the terminal, and ask later with "
                  "'ecrbridge status " +
                  order_ + "'");
    return exit_code::in_doubt;
}

std::optional<exit_code> conversation::ask_status(bool& still_running)
{
    if (open()) return std::nullopt;
    json command{{"verb", "status"}, {"order", order_}};
    if (!how_.till.empty()) command["till"] = how_.till;
    if (broke(bridge_.send(to_text(command), how_.reply_patience))) return std::nullopt;

    std::string line;
    const auto reply = read_reply(how_.reply_patience, line);
    if (!reply || text_in(*reply, "reply") != "result") return std::nullopt;
    still_running = text_in(*reply, "code") == "01";
    if (still_running) return std::nullopt;
    out_.show(*reply, line);
    return exit_code_of_reply("status", *reply);
}

}  // namespace ecr::cli
