#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ecr::simulator {

using std::chrono::milliseconds;

/// How the next close or reversal goes, in place of what the settings say.
struct undo_plan {
    std::string respcd{"1143"};    // of the reply; "0000": done before it
    milliseconds after{2'000};     // from a pending reply until it is carried out
    bool happens = true;           // false: it never is
    bool payer_is_faster = false;  // the shopper pays just before it arrives
};

/// What is special about a notification.
enum class notice {
    plain,
    late,            // `delay` more before the first attempt
    twice,           // delivered again right after it was answered
    forged,          // the signature of somebody without the key
    altered_amount,  // the amount is another; the signature is that of the original
    reordered,       // sent after the one that follows it
    unknown_type,    // a notify_type nobody has heard of, rightly signed
    unsigned_body,   // no X-QF-SIGN
    style_2016,      // the fields of 2016, rightly signed
    lost,            // never sent
};

struct notice_plan {
    notice kind = notice::plain;
    milliseconds delay{60'000};
};

[[nodiscard]] std::string_view name_of(notice value) noexcept;
[[nodiscard]] std::optional<notice> notice_of(std::string_view name) noexcept;

}  // namespace ecr::simulator
