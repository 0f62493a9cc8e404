#pragma once

#include "protocol/order/evidence.hpp"

#include <map>
#include <string>
#include <string_view>

/// Answers of the cloud and orders to judge them for: all of them are the card sample of
/// tests/data/own_ecr_samples with single fields changed.
namespace ecr::protocol {

/// Field and new value, as JSON: {"txamt", "510"}, {"txcurrcd", R"("HKD")"}. An empty value takes
/// the field away.
using changes = std::map<std::string, std::string>;

/// An answer to an enquiry, with changes to its row.
[[nodiscard]] std::string row_body(const changes& of_row = {});

/// The same with another code of the envelope; the row stays inside.
[[nodiscard]] std::string enveloped_row(std::string_view respcd, const changes& of_row = {});

/// An answer to a push, or an enquiry without a row.
[[nodiscard]] std::string bare_body(std::string_view respcd, std::string_view resperr = "text");

[[nodiscard]] cloud_reply answered(std::string body, unsigned http_status = 200);
[[nodiscard]] cloud_reply badly_signed(cloud_reply reply);

inline constexpr std::string_view sample_number = "BR-20240704-000001";
inline constexpr std::string_view sample_syssn = "20240704180500020000018000";
inline constexpr std::int64_t sample_amount = 511;
inline constexpr std::string_view sample_sysdtm = "2024-07-04 15:10:35";
inline constexpr std::string_view sample_server_time = "2024-07-04 15:14:25";

/// The payment the sample is about, on its terminal; its syssn is not known yet.
[[nodiscard]] order sample_payment();

/// A refund of `amount_minor_units` of it, pushed when all of it could be refunded.
[[nodiscard]] order sample_refund(std::int64_t amount_minor_units);

/// Asked when the sample says, three minutes and fifty seconds after the push, by a right clock.
[[nodiscard]] enquiry_context sample_context();

[[nodiscard]] std::string_view text_of(finding what) noexcept;

}  // namespace ecr::protocol
