#pragma once

#include "tests/simulator/core.hpp"

#include <string>

namespace ecr::simulator {

/// The wallets and banks behind /trade/v1: moves what was entered there, without a terminal.
class wallet {
public:
    explicit wallet(core& inside) : inside_{inside} {}

    /// Enters a payment or a refund that is in the books: gives it a syssn, and begins. What the
    /// shopper does without a delay is done when this returns, if `at_once`.
    void begin(const transaction_ptr& entry, bool at_once);
    /// The shopper pays this moment.
    void pay(const transaction_ptr& entry);
    /// Ends an unpaid order, as a close or a reversal does.
    void call_off(const transaction_ptr& entry);
    /// Gives the money of a paid order back; `syssn` is the reversal's own.
    void give_back(const transaction_ptr& entry, const std::string& syssn);

    /// From the entry to the shopper's act.
    [[nodiscard]] milliseconds delay_of(const transaction& entry) const;

private:
    void act_on(const transaction_ptr& entry);
    void expire(const transaction_ptr& entry);
    void end(const transaction_ptr& entry, truth outcome, std::string respcd);
    void move_money(const transaction_ptr& entry, bool late);

    core& inside_;
};

}  // namespace ecr::simulator
