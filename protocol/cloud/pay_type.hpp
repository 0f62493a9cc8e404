#pragma once

#include "protocol/cloud/channel.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ecr::protocol::cloud {

/// Where the documents have a pay type. Source: pay_types.csv.
enum class pay_type_status : std::uint8_t {
    current,        // in today's tables
    legacy,         // in the pages of 2016 to 2018 only
    commented_out,  // in the source of today's pages, hidden: other countries
    sample_only,    // in one sample and no table
    returned_only,  // QFPay reports it, nobody may ask for it
};

/// Who shows what to whom.
enum class pay_mode : std::uint8_t {
    customer_code,  // CPM: the shopper shows a code. 0000 is paid
    merchant_code,  // MPM: the till shows a code. 0000 is an order made, not paid
    web,            // web, wap, h5, jsapi, app, mini, online: a page or an app pays it. As MPM
    terminal,       // paid on a QFPay terminal
    preauth,        // holds money, does not take it
};

/// A six-digit pay type. Source: contract 6, pay_types.csv.
struct pay_type {
    std::string_view code;
    std::string_view meaning;
    std::string_view brand;
    std::string_view mode;  // "CPM", "MPM", "h5", …
    pay_type_status status;
    std::optional<channel> via;
};

/// All of them, sorted by code.
[[nodiscard]] std::span<const pay_type> pay_types() noexcept;
[[nodiscard]] const pay_type* find_pay_type(std::string_view code) noexcept;

[[nodiscard]] pay_mode mode_of(const pay_type& type) noexcept;
/// Nothing: no such code.
[[nodiscard]] std::optional<pay_mode> mode_of(std::string_view code) noexcept;

/// The code /trade/v1/payment wants for a shopper who pays by `via`. Customer codes need no
/// channel: with none QFPay finds the wallet itself. "" when there is none. A merchant of Alipay
/// HK sets 801501 where this says 800101.
///
/// Source: contract 6; 803701 is the Octopus code on a screen.
[[nodiscard]] std::string_view default_pay_type(std::optional<channel> via, pay_mode mode) noexcept;

/// May be sent in /trade/v1/payment: known, and neither of a terminal, a pre-authorisation, or
/// seen in answers and samples only. Those of other countries (commented_out) and of 2016 may.
[[nodiscard]] bool is_usable(std::string_view code) noexcept;
[[nodiscard]] bool is_commented_out(std::string_view code) noexcept;

/// Which call undoes an order: at most one of the two. Neither: wait for the code's expiry, ask,
/// and refund what was paid. A refusal (1297, 1150, 1155, no syssn) means the same.
///
/// Source: contract 4.3, its newest list first; the English one for codes that it does not name.
[[nodiscard]] bool can_reverse(std::string_view code) noexcept;
[[nodiscard]] bool can_close(std::string_view code) noexcept;

/// True unless it is certain that no undo gives money back. The sources contradict each other for
/// every wallet and agree on cards, so only Octopus, which has no way back, is certain. Holds for
/// close as well: ask afterwards either way. Source: contract 4.2, 4.3, 10.31.
[[nodiscard]] bool reverse_may_move_money(std::string_view code) noexcept;

/// Takes expired_time. Source: contract 4.1.
[[nodiscard]] bool has_expired_time(std::string_view code) noexcept;

}  // namespace ecr::protocol::cloud
