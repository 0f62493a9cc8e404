#pragma once

#include "daemon/config.hpp"
#include "daemon/order/broken_rule.hpp"
#include "daemon/till_client.hpp"
#include "protocol/order/rules.hpp"
#include "protocol/till/command.hpp"
#include "protocol/till/reply.hpp"
#include "protocol/till/verdict.hpp"

#include <memory>
#include <string>
#include <utility>

/// What the desk's files say alike.
namespace ecr::daemon {

/// Ends a command that cost nothing.
inline void refuse(const std::shared_ptr<till_client>& client, const protocol::till::command& c,
                   protocol::till::result_code code, std::string text, bool safe_to_retry = true)
{
    client->tell(protocol::till::problem{.tag = c.tag,
                                         .order = c.order,
                                         .code = code,
                                         .safe_to_retry = safe_to_retry,
                                         .text = std::move(text)});
}

/// Where an order stands, for a till. Ends the bridge rather than tell an untruth.
inline protocol::till::outcome outcome_to_tell(const protocol::order& o, std::string tag,
                                               bool earlier)
{
    auto told = protocol::till::outcome_of(o, std::move(tag), earlier);
    const bool says_paid = told.code == protocol::till::result_code::done;
    uphold(protocol::broken_by_reply(o, says_paid, told.safe_to_retry), o.out_trade_no);
    return told;
}

inline bool may_operate(const till_client& client)
{
    return client.link().operator_commands.value_or(client.is_local());
}

inline protocol::till::problem not_an_operator(const protocol::till::command& c)
{
    return {.tag = c.tag,
            .code = protocol::till::result_code::not_allowed,
            .text = "This link may not serve an operator: set operator_commands = true for it"};
}

/// In QFPay's time, whatever the machine's zone.
[[nodiscard]] inline timestamp begin_of_business_day(timestamp at, std::chrono::hours starts)
{
    const auto shift = cloud_utc_offset - starts;
    return std::chrono::floor<std::chrono::days>(at + shift) - shift;
}

}  // namespace ecr::daemon
