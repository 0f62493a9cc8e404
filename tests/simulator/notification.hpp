#pragma once

#include "tests/simulator/book.hpp"
#include "tests/simulator/plans.hpp"
#include "tests/simulator/settings.hpp"

#include <string>

namespace ecr::simulator {

/// A notification before it is sent: its bytes and what is signed on them.
struct notification {
    std::string notify_type;
    std::string out_trade_no;
    std::string body;
    std::string sign;  // "": goes without
};

/// The notification of money that moved, as QFPay writes it, with what is special about it.
///
/// Source: contract 7.1, 7.2.
[[nodiscard]] notification notification_of(const transaction& entry, const settings& behaviour,
                                           notice kind);

}  // namespace ecr::simulator
