#pragma once

#include "protocol/timestamp.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ecr::simulator {

class core;

/// A transaction that is simply there, as if made long ago or by somebody else. The ledger does not
/// know it: nobody was charged here.
struct planted_row {
    std::string out_trade_no;
    timestamp sysdtm;
    std::int64_t amount_minor_units = 100;
    std::string pay_type{"800208"};
    std::string respcd{"0000"};
    std::string syssn{};      // "": one is made
    std::string refund_of{};  // the syssn of a payment: the row is its refund
    std::string termid{};     // not "": made on this terminal, by /ecr/v1
    std::string txcurrcd{"HKD"};
    std::string app_code{};  // "": of the first merchant
};

/// Its syssn; nothing for a type or a payment that does not exist, or a syssn that does.
std::optional<std::string> plant(core& inside, const planted_row& row);
/// As if a transaction had never been. False: there is none of this syssn.
bool unplant(core& inside, const std::string& syssn);
/// The books say another amount than was charged.
bool alter_amount(core& inside, const std::string& syssn, std::int64_t amount_minor_units);
/// The same once more under a syssn of its own: paid twice.
std::optional<std::string> plant_again(core& inside, const std::string& syssn);

}  // namespace ecr::simulator
