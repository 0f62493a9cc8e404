#pragma once

#include "tests/simulator/core.hpp"
#include "tests/simulator/wallet.hpp"

#include <string>
#include <string_view>

namespace ecr::simulator {

/// /trade/v1, and the settlement: requests whose signature is right.
class trade_desk {
public:
    explicit trade_desk(core& inside) : inside_{inside}, wallet_{inside} {}

    [[nodiscard]] answer serve(std::string_view path, const signed_request& request,
                               const distortion& change);

private:
    answer payment(const signed_request& request);
    answer refund(const signed_request& request);
    answer undo(const signed_request& request, bool is_close);
    answer query(const signed_request& request, const distortion& change);
    answer settlement(const signed_request& request);

    [[nodiscard]] answer refuse(const refusal& why, const signed_request& request) const;
    [[nodiscard]] refusal repeated_number() const;
    /// The reply to a customer's code: at once, or when the shopper has acted.
    answer customer_code_reply(const transaction_ptr& entry, const signed_request& request);
    void note_push(const transaction& entry, const signed_request& request,
                   std::string_view respcd);

    [[nodiscard]] transaction_ptr payment_named(const signed_request& request);
    /// Why a close or a reversal of this order is refused as it stands.
    [[nodiscard]] std::optional<refusal> refuse_undo(const transaction& of, bool is_close) const;
    [[nodiscard]] bool returns_money(const transaction& of, bool is_close) const;
    void carry_out(const transaction_ptr& of, bool is_close, const std::string& syssn);

    core& inside_;
    wallet wallet_;
};

}  // namespace ecr::simulator
