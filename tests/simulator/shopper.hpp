#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ecr::simulator {

using std::chrono::milliseconds;

/// What happens in front of a terminal. For a refund, "pays" is the cashier who confirms it.
enum class act {
    pays,
    declines,                 // the bank or wallet says no, with `respcd`
    walks_away,               // nobody does anything: expires at the end of the window
    pays_at_the_last_moment,  // 50 ms before the window ends
    pays_late,                // ends unpaid; `late` after that the wallet reports success
    cancels_at_terminal,      // the cashier presses cancel; a refund: refuses it
    cancel_loses,             // pays, and no cancel can stop it any more
    slow_result,              // 1143 for `late`, whatever the window says, then paid
    never_shown,              // the push is acknowledged and lost on its way
};

/// One scripted shopper. Times that are not given come from the settings.
struct shopper {
    act does = act::pays;
    std::optional<milliseconds> after{};  // from shown to the act
    std::optional<milliseconds> late{};   // pays_late: from the end; slow_result: from the act
    std::string respcd{"1205"};           // of a decline
    std::int64_t amount_off = 0;          // the row reports this much more than was charged
    std::string currency{};               // the row reports this currency; "": HKD
    std::int64_t modified_amount = 0;     // refunds with allow_modify_flag=1: confirmed instead
};

[[nodiscard]] std::string_view name_of(act value) noexcept;
[[nodiscard]] std::optional<act> act_of(std::string_view name) noexcept;

}  // namespace ecr::simulator
