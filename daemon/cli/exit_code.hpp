#pragma once

#include <string_view>

namespace ecr::cli {

/// What a script learns. Never renumber.
enum class exit_code : int {
    done = 0,         // paid, refunded, or whatever else was asked for
    not_paid = 1,     // declined, cancelled, expired, rejected: no money moved
    refused = 2,      // wrong usage, or the bridge refused the command: nothing was sent
    in_doubt = 3,     // still running, in doubt, unresolved, mismatch: do not ring again;
                      // reconcile: there are differences; a list: not all of it was written
    unreachable = 4,  // the bridge cannot be reached; no order was made
};

inline constexpr std::string_view exit_codes_for_people =
    "Exit codes:\n"
    "  0  paid, refunded, or done\n"
    "  1  not paid: declined, cancelled, expired or rejected; no money moved\n"
    "  2  wrong usage, or refused by the bridge; nothing was sent\n"
    "  3  in doubt, unresolved or mismatch: do not ring again, ask for the status later;\n"
    "     reconcile: there are differences; a list: not all of it was written\n"
    "  4  the bridge cannot be reached; no order was made\n"
    "Amounts are whole minor units: 110 is 1.10.";

/// Source: protocol/till/reply.hpp, result_code.
[[nodiscard]] exit_code exit_code_of(std::string_view result_code, bool safe_to_retry) noexcept;

}  // namespace ecr::cli
