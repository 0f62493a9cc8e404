#pragma once

#include "tests/simulator/book.hpp"
#include "tests/simulator/request_check.hpp"
#include "tests/simulator/rows.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::simulator {

/// What a transaction is called now: "0000" paid, "1143" under way, … Nothing: a query has no row.
///
/// Source: contract 4.5, 5.
[[nodiscard]] std::optional<std::string> trade_row_code(const transaction& entry,
                                                        const settings& behaviour, bool stale);

/// A row of a query. Source: contract 4.5, 12.
[[nodiscard]] std::string trade_row(const transaction& entry, std::string_view respcd,
                                    const settings& behaviour, const distortion& change);

/// The envelope of a query around its rows.
[[nodiscard]] std::string trade_list(const std::vector<std::string>& rows, std::int64_t page,
                                     std::int64_t page_size);

/// The reply to a payment that was entered: paid, pending, failed or created.
[[nodiscard]] std::string payment_reply(const transaction& entry, const settings& behaviour);

/// The reply to a refund that was entered.
[[nodiscard]] std::string refund_reply(const transaction& entry, const settings& behaviour);

/// The reply to a close or a reversal; without `syssn` it was not done.
[[nodiscard]] std::string undo_answer(const transaction& original, std::string_view syssn,
                                      std::string_view respcd, timestamp now);

/// A refusal, flat as all answers of /trade/v1 but the query.
[[nodiscard]] std::string trade_refusal(const refusal& why, const signed_request& request,
                                        timestamp now);

/// What QFPay says with a code.
[[nodiscard]] std::string trade_text(std::string_view respcd);

}  // namespace ecr::simulator
