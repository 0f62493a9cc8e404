#pragma once

#include "protocol/till/dialect.hpp"

namespace ecr::protocol::till::hypercom {

inline constexpr std::size_t message_size_max = 2048;  // bytes between the length and ETX
inline constexpr std::size_t fields_max = 32;
inline constexpr std::size_t dropped_size_max = 64 * 1024;  // of broken frames; then hung up on
inline constexpr int bad_frames_max = 100;                  // in a row; then likewise
inline constexpr int talked_over_max = 3;  // frames of the till that count as one wait for an ACK
inline constexpr std::size_t text_size = 40;       // field 02
inline constexpr std::size_t reference_size = 20;  // fields 66, R1, R2
inline constexpr std::uint32_t invoice_max = 999'999;

inline constexpr std::chrono::milliseconds byte_wait{1000};      // between bytes of a frame
inline constexpr std::chrono::milliseconds settle_wait{500};     // for ACKs to earlier repeats
inline constexpr std::chrono::milliseconds resend_window{5000};  // same frame: same command

enum class reference_field : std::uint8_t { none, f66, r1, r2 };

enum class refund_policy : std::uint8_t {
    refuse,
    by_reference,  // field 65, 66, R1 or R2 says which payment
};

/// What field A1 of a wallet sale means.
struct wallet {
    std::string type;  // two characters
    channel via{};
};

/// The default table; see README.md.
[[nodiscard]] std::vector<wallet> usual_wallets();

struct settings {
    bool acknowledges = true;  // the till answers responses with ACK; false: each is sent once
    std::chrono::milliseconds repeat_after{2000};          // a response that was not acknowledged
    int response_tries = 4;                                // transmissions of one response
    reference_field order_number = reference_field::none;  // which field numbers the order
    refund_policy refund = refund_policy::refuse;
    std::vector<wallet> wallets = usual_wallets();
    std::string terminal_id;    // field 16; at most 8 characters. Empty: the field is left out
    std::string merchant_id;    // field D1; at most 15
    std::string merchant_name;  // field D0; at most 69, name and address
};

/// The `60…` frames of terminals of the Hypercom family, see README.md beside this file.
[[nodiscard]] std::unique_ptr<dialect> make_hypercom_dialect(const settings& how);

}  // namespace ecr::protocol::till::hypercom
