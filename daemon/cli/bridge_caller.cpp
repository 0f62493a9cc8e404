#include "daemon/cli/bridge_caller.hpp"

#include "protocol/json.hpp"

namespace ecr::cli {

bool bridge_caller::open()
{
    if (connected_) return true;
    if (const auto failed = bridge_.open(how_.bridge, how_.connect_patience)) {
        problem_ = "cannot reach the bridge at " + how_.bridge_text + ": " + failed.message() +
                   "; is ecrbridged running?";
        return false;
    }
    connected_ = true;
    if (how_.token.empty()) return true;
    const json hello{{"verb", "hello"}, {"token", how_.token}};
    return exchange(hello).has_value();
}

std::optional<bridge_caller::answer> bridge_caller::ask(const json& command)
{
    if (!open()) return std::nullopt;
    return exchange(command);
}

std::optional<bridge_caller::answer> bridge_caller::exchange(const json& command)
{
    answer heard;
    auto failed = bridge_.send(to_text(command), how_.reply_patience);
    while (!failed) {
        const auto line = bridge_.read_line(how_.reply_patience);
        if (!line) {
            failed = line.error();
            break;
        }
        auto reply = parse_json(*line);
        const auto word = reply && reply->is_object() ? reply->value("reply", "") : std::string{};
        if (word == "row" || word == "ok") heard.push_back(std::move(*reply));
        if (word == "error") {
            refused_ = true;
            problem_ = reply->value("text", "") + " (" + reply->value("code", "") + ")";
            return std::nullopt;
        }
        if (word == "ok") return heard;
    }
    problem_ =
        "the bridge at " + how_.bridge_text + " went away before it answered: " + failed.message();
    return std::nullopt;
}

}  // namespace ecr::cli
