#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

/// When to ask the cloud again about an order: a pure function of the order's age and the last
/// answer. Source: design 3 "Asking"; contract 8.6, 13.16.
namespace ecr::protocol {

using std::chrono::milliseconds;

/// All durations of an order's life after its push. The defaults are the shop's; rehearsals and
/// tests shorten them.
struct enquiry_pace {
    milliseconds first{3'000};
    milliseconds while_waiting{3'000};     // the shopper is at the terminal
    milliseconds after_processing{5'000};  // the last answer was 1145
    milliseconds window_slack{30'000};     // the terminal may have shown the amount later
    milliseconds refund_window{120'000};   // of a terminal that is not told how long to wait
    milliseconds conclusion{30'000};       // after window and cancel, until "expired" may be said
    milliseconds patience{30'000};         // after that a waiting till hears "in doubt"
    milliseconds confirmation{3'000};      // between two enquiries that must agree
    milliseconds doubt{30'000};            // until doubt_until, then watch
    milliseconds doubt_until{600'000};
    milliseconds watch_soon{300'000};  // until watch_soon_until
    milliseconds watch_soon_until{7'200'000};
    milliseconds watch{3'600'000};
    milliseconds watch_until{26 * 3'600'000};  // at least 25 h: the longest notification ladder
    milliseconds outage_first{3'000};          // doubles with every failure …
    milliseconds outage_max_waiting{15'000};   // … to this while a shopper waits,
    milliseconds outage_max{300'000};          // … and to this later
};

/// Where an order is in its life, by age since its push was sent.
enum class enquiry_phase : std::uint8_t {
    window,      // the shopper may be paying
    conclusion,  // the window is over; the terminal is told to cancel, and the cloud asked
    doubt,       // not concluded: asked at growing intervals
    over,        // no longer asked
};

enum class last_answer : std::uint8_t {
    none,         // not asked yet
    undecided,    // an answer that decides nothing
    processing,   // 1145
    unconfirmed,  // an answer that counts once a second one agrees
    failed,       // no usable answer: cloud down, slow, lying
};

struct enquiry_moment {
    milliseconds age{};  // since the push was sent
    milliseconds payment_timeout{};
    bool settled = false;  // already final: only watched for late money
    last_answer last = last_answer::none;
    int failures = 0;   // in a row
    double jitter = 0;  // 0 to 1; spreads retries of many bridges
};

[[nodiscard]] enquiry_phase phase_of(const enquiry_pace& pace, milliseconds age,
                                     milliseconds payment_timeout) noexcept;

/// Age at which the payment window is over; then nothing new can start on the terminal.
[[nodiscard]] milliseconds window_end(const enquiry_pace& pace,
                                      milliseconds payment_timeout) noexcept;

/// Age at which a till that still waits hears that the order is in doubt, and the terminal may be
/// used for another order.
[[nodiscard]] milliseconds patience_end(const enquiry_pace& pace,
                                        milliseconds payment_timeout) noexcept;

/// How long to wait before the next enquiry. Nothing: the watch is over.
[[nodiscard]] std::optional<milliseconds> next_enquiry(const enquiry_pace& pace,
                                                       const enquiry_moment& moment) noexcept;

}  // namespace ecr::protocol
