#pragma once

#include "protocol/till/dialect.hpp"
#include "protocol/till/text_encoding.hpp"

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

inline constexpr std::chrono::milliseconds repeat_after_min{500};
inline constexpr std::chrono::milliseconds repeat_after_max{30'000};
inline constexpr int response_tries_max = 10;
inline constexpr std::size_t terminal_id_size = 8;     // field 16
inline constexpr std::size_t merchant_id_size = 15;    // field D1
inline constexpr std::size_t merchant_name_size = 69;  // field D0

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
    // At most the sizes above. Empty: the field is left out.
    std::string terminal_id;
    std::string merchant_id;
    std::string merchant_name;                      // and address, in UTF-8
    text_encoding encoding = text_encoding::ascii;  // of texts, which their sizes count in bytes
};

/// What is wrong with `how`, a sentence each; empty: nothing. For the configuration.
[[nodiscard]] std::vector<std::string> faults_of(const settings& how);

/// The `60…` frames of terminals of the Hypercom family, see README.md beside this file.
[[nodiscard]] std::unique_ptr<dialect> make_hypercom_dialect(const settings& how);

}  // namespace ecr::protocol::till::hypercom
