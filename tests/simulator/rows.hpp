#pragma once

#include "tests/simulator/book.hpp"
#include "tests/simulator/settings.hpp"

#include <string>
#include <string_view>

namespace ecr::simulator {

/// What a fault changes in an answer.
struct distortion {
    std::int64_t amount_off = 0;
    std::string currency{};
    bool other_order = false;
    bool stale = false;
    std::string respcd{};
    std::string row_respcd{};
};

/// {"resperr": …, "respcd": …, "respmsg": ""}, byte for byte as the samples are written.
[[nodiscard]] std::string acknowledgement(std::string_view respcd, std::string_view resperr);

/// The answer to an enquiry that found `entry`: its row with the field set of its channel, in the
/// order and the types of the samples.
///
/// Source: contract 3.6, 12.
[[nodiscard]] std::string enquiry_with_row(const transaction& entry, std::string_view row_respcd,
                                           const settings& behaviour, timestamp now,
                                           const distortion& change);

/// The store in rows of both APIs.
inline constexpr std::int64_t store_id = 1'131'619;

/// `cancel` of a row. Source: contract 4.6, 13.9.
[[nodiscard]] std::int64_t cancel_digit(const transaction& entry, const settings& behaviour);

/// busicd of a transaction. Source: contract 6.
[[nodiscard]] std::string busicd_of(const transaction& entry, const settings& behaviour);

/// What can still be refunded, as the cloud reports it. Source: contract 13.8.
[[nodiscard]] std::int64_t allow_refund_amt(const transaction& entry, const settings& behaviour);

}  // namespace ecr::simulator
