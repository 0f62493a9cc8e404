#pragma once

#include "protocol/order/reconciliation.hpp"

#include <string>

namespace ecr::protocol {

/// 18 November 2026 of QFPay's.
[[nodiscard]] record_period sample_day();

/// A paid terminal payment of 1.00 HKD on that day.
[[nodiscard]] order sample_payment(std::string number, std::string syssn, const std::string& time,
                                   std::int64_t amount = 100);
/// A refund that went through, of which only its payment tells.
[[nodiscard]] order sample_refund(std::string number, std::string of, std::string of_syssn,
                                  const std::string& time, std::int64_t amount);
/// As QFPay lists them.
[[nodiscard]] cloud::trade_row sample_row(std::string number, std::string syssn,
                                          const std::string& time, std::int64_t amount = 100);
[[nodiscard]] cloud::trade_row sample_refund_row(std::string number, std::string syssn,
                                                 std::string origssn, const std::string& time,
                                                 std::int64_t amount);

/// "missing_here payment A1/S1 100/-": kind, type, number/syssn, our amount/theirs.
[[nodiscard]] std::string summary_of(const difference& d);

}  // namespace ecr::protocol
