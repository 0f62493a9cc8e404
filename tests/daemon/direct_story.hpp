#pragma once

#include "tests/daemon/shop/shop.hpp"

#include <string>

/// What every story about a direct payment has to end with: till, journal and ledger agree.
namespace ecr::test {

/// True for an end that says to the cashier: no money has moved.
[[nodiscard]] bool says_not_paid(const std::string& state);

/// Money of this order that the shop has: charged minus returned.
[[nodiscard]] std::int64_t kept_minor_units(shop& s, const std::string& order);

/// The line that ended the command is true at this moment: "paid" only with the money there,
/// "not paid" only without, and safe_to_retry says the same.
void expect_told_truth_now(shop& s, const std::string& order, const std::string& result);

/// Later: the journal says what the ledger says, and an order whose till was told something else
/// is on the operator's list.
void expect_kept_truth(shop& s, const std::string& order, const std::string& result);

/// Both, for an order that ended in this state.
void expect_truth(shop& s, const std::string& order, const std::string& state);

}  // namespace ecr::test
