#pragma once

#include "daemon/clock.hpp"
#include "daemon/order/broken_rule.hpp"
#include "daemon/waiting_line.hpp"
#include "protocol/order/evidence.hpp"
#include "protocol/till/reply.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace ecr::daemon {

struct running_order;

/// A reversal "in progress" may still give the money back after the payment was seen: so long it is
/// watched.
inline constexpr milliseconds undone_watch{300'000};

/// A gateway may send a request a second time that was refused the first time, minutes later: a
/// rejected order is looked at once more when the time of such a copy is over too.
inline constexpr milliseconds second_copy_watch{300'000};

/// Of orders whose push nobody answered, so many at most are thought to wait at a terminal.
inline constexpr int perhaps_ahead_max = 3;

/// One answer alone may be old news: so many usable ones before an order is left to itself.
inline constexpr int last_looks = 2;

/// The code of an order that the cloud refused by HTTP 429.
inline constexpr std::string_view too_many_requests{"429"};

/// Somebody who waits for an order. Every observer hears exactly one ended() or failed().
class order_observer {
public:
    virtual ~order_observer() = default;

    virtual void progressed(const running_order& r) = 0;
    /// There is something to show to the shopper: row.facts.shown.
    virtual void to_show(const running_order& r) = 0;
    /// Where the order stands: final, or as far as it is known when patience is over.
    virtual void ended(const protocol::order& o) = 0;
    /// The bridge cannot go on. `safe_to_retry`: nothing was sent.
    virtual void failed(protocol::till::result_code code, std::string_view text,
                        bool safe_to_retry) = 0;
};

/// How the operator wants an order ended.
struct resolution {
    std::optional<bool> paid;  // what the human has found out
    std::string text;
    // What the operator has looked at.
    protocol::order_state seen_state{};
    protocol::attention seen_needs{};
};

/// An order in hand: one that is not final, or one whose end is watched for late money. Its row is
/// what the journal holds, but for the moment between the decision and the commit of a step.
struct running_order {
    running_order(asio::any_io_executor executor, clock& time, protocol::order o)
        : row{std::move(o)}, wake{std::move(executor), time}, updated{time.now()}
    {}

    protocol::order row;
    protocol::till::stage where = protocol::till::stage::queued;
    std::optional<int> ahead;  // orders before it at its terminal

    bool durable = false;                // the journal has it
    protocol::order_state journalled{};  // where it stands there; none: it is not there yet
    std::optional<timestamp> leaves_at;  // written down as being sent, by the commit that began it
    bool cancel_wished = false;  // a till asked to cancel; row.cancel_wanted once that is durable
    bool has_terminal = false;
    bool push_unanswered = false;
    std::uint64_t turn = 0;  // at its terminal; 0: it has had none since the start
    // Orders whose push may be at its terminal before its own; after a restart nobody knows.
    int perhaps_ahead = perhaps_ahead_max;
    bool patience_over = false;  // its tills have been told what is known
    bool number_sent = true;     // refunds: the cloud took our number for it
    bool finished = false;       // its course has ended
    std::string auth_code;       // of a scanned customer; in memory only, until it is sent
    std::string goods;
    std::optional<std::chrono::seconds> valid_time;  // see order_draft
    std::string return_url;
    std::optional<resolution> to_resolve;  // the operator waits for it
    bool superseded = false;               // somebody else has moved the order: its course ends

    milliseconds sent{};                // clock time of the push; meaningful once it was sent
    std::optional<milliseconds> begun;  // sent before a restart: it may be as old as that
    protocol::last_answer last = protocol::last_answer::none;
    int failures = 0;          // enquiries without a usable answer, in a row
    int answers = 0;           // usable ones of the cloud, since this start
    int concluding_looks = 0;  // of them, after its time: it ended, or is not known
    std::optional<milliseconds> last_asked;
    std::optional<protocol::finding> unconfirmed;  // waits for a second answer that agrees
    milliseconds unconfirmed_at{};
    std::optional<milliseconds> fallen_since;  // refunds: of the payment's refundable amount
    int cancels_sent = 0;
    milliseconds last_cancel{};
    std::size_t enquiry_terminal = 0;  // rotates when a terminal may not ask (1106)

    alarm wake;  // the course sleeps on it; cancel() makes it look around
    // Moments of the clock that never jumps, beside row.updated_at and row.final_at.
    milliseconds updated;
    std::optional<milliseconds> final_since;
    bool asked_for = false;  // somebody wants an enquiry now
    waiting_line enquiries;  // called after each enquiry
    std::vector<std::weak_ptr<order_observer>> observers;

    [[nodiscard]] bool is_watched() const
    {
        for (const auto& o : observers)
            if (!o.expired()) return true;
        return false;
    }

    void progressed()
    {
        std::erase_if(observers, [](const auto& o) { return o.expired(); });
        for (const auto& o : std::vector{observers})
            if (const auto alive = o.lock()) alive->progressed(*this);
    }

    void to_show()
    {
        for (const auto& o : std::vector{observers})
            if (const auto alive = o.lock()) alive->to_show(*this);
    }

    void ended()
    {
        if (journalled != row.state)
            uphold("rule 1: a result is durable before a till hears it", row.out_trade_no);
        for (const auto& o : std::exchange(observers, {}))
            if (const auto alive = o.lock()) alive->ended(row);
    }

    void failed(protocol::till::result_code code, std::string_view text, bool safe_to_retry)
    {
        for (const auto& o : std::exchange(observers, {}))
            if (const auto alive = o.lock()) alive->failed(code, text, safe_to_retry);
    }
};

using running_ptr = std::shared_ptr<running_order>;

}  // namespace ecr::daemon
