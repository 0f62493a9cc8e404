#pragma once

#include "protocol/order/evidence.hpp"

#include <optional>
#include <string>
#include <string_view>

/// What judging /ecr and /trade has in common. For the .cpp files that judge.
namespace ecr::protocol {

inline constexpr unsigned http_ok = 200;
inline constexpr unsigned http_too_many_requests = 429;

/// The code with the cloud's words, or ours where it has none, for people.
[[nodiscard]] std::string described(std::string_view code, std::string_view text);

/// Of a step: the money of a payment has gone back by another way than a refund of ours. Journals
/// hold it.
inline constexpr std::string_view went_back_reason =
    "paid, and the money went back to the customer";

/// Why there is no answer worth reading.
[[nodiscard]] std::string transport_reason(const cloud_reply& reply);

/// What it means for a request for money that there is no answer to it worth reading. Nothing:
/// there is one.
[[nodiscard]] std::optional<push_verdict> judge_silence(const cloud_reply& reply);

/// The verdict on an answer with this code before its meaning is looked at: in doubt. What a bad
/// signature came with is not believed, now or later.
[[nodiscard]] push_verdict judge_code(const cloud_reply& reply, const std::string& respcd,
                                      std::string_view resperr);

/// True when the push was refused because its number had been used: a success under that number may
/// be an older one.
[[nodiscard]] bool number_was_used(const order& of) noexcept;

/// How much earlier than our request a transaction must have been made to be an older one.
inline constexpr std::chrono::minutes older_by{15};

/// What a final failure of a transaction is called.
[[nodiscard]] finding ended_unpaid(std::string_view code) noexcept;

}  // namespace ecr::protocol
