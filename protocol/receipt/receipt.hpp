#pragma once

#include "protocol/order/order.hpp"
#include "protocol/till/text_encoding.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ecr::protocol {

/// What a till's printer can do.
struct receipt_paper {
    int columns = 32;  // 32, 40 or 48
    till::text_encoding encoding = till::text_encoding::utf8;
};

/// What a receipt has to say beside its order.
struct receipt_circumstances {
    bool rehearsal = false;                 // no money has moved
    bool returned = false;                  // it was paid, and the money went back
    std::int64_t refunded_minor_units = 0;  // of a payment, by refunds that are done
};

/// The receipt of an order for a till that prints by itself, a line each, none wider than the
/// paper: what QFPay has said about the transaction. Labels are English, and beside that simplified
/// Chinese where the encoding is GBK or GB18030, traditional where it is Big5 or UTF-8. UTF-8; it
/// has yet to be written in the paper's encoding. What has become of the money since stands at the
/// top: that it went back, or how much of it was refunded.
///
/// Errors: errc::bad_parameter  the order is not paid: there is nothing to give a receipt for
[[nodiscard]] result<std::vector<std::string>> receipt_of(const order& what,
                                                          const receipt_paper& paper,
                                                          const receipt_circumstances& how);

}  // namespace ecr::protocol
