#pragma once

#include "protocol/order/order.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What a till is tried with before it is trusted with money.
namespace ecr::daemon::certify {

enum class trial : std::uint8_t {
    payment,
    decline,
    cancel,
    expiry,
    late_payment,
    in_doubt,
    power_cut,
    lost_reply,
    repeat,
    busy,
    refund,
};

struct trial_text {
    trial which;
    std::string_view name;        // for options and programs
    std::string_view title;       // for people
    std::string_view what_to_do;  // at the till
    std::string_view what_for;    // what it proves
};

/// All of them, in their order.
[[nodiscard]] std::span<const trial_text> trials() noexcept;
[[nodiscard]] const trial_text& text_of(trial which) noexcept;
[[nodiscard]] std::optional<trial> trial_of(std::string_view name) noexcept;

/// What the till shows its cashier at the end.
enum class shown : std::uint8_t { unknown, paid, not_paid };

/// What was seen of one trial.
struct observation {
    trial which{};
    std::vector<protocol::order> orders;  // that the till has made, oldest first
    int charges = 0;                      // payments of theirs that moved money
    int refunds = 0;                      // money that went back
    bool hit = false;       // what was to go wrong has gone wrong, while the sale was under way
    std::size_t asked = 0;  // what the till has said since then
    shown shows = shown::unknown;
};

enum class mark : std::uint8_t { pass, fail, skipped };

struct judgement {
    mark how{};
    std::string sentence;
};

/// Whether the till did right, and why. Pure.
[[nodiscard]] judgement judge(const observation& seen);

}  // namespace ecr::daemon::certify
