#pragma once

#include "protocol/cloud/channel.hpp"
#include "protocol/cloud/signature.hpp"
#include "protocol/timestamp.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::simulator {

using std::chrono::milliseconds;

/// What really became of a request. `none`: nothing yet, or it never reached a terminal.
enum class truth { none, paid, declined, cancelled, expired };

[[nodiscard]] std::string_view name_of(truth value) noexcept;

/// A request for money that passed every check of form and signature, whatever it was answered.
struct push_fact {
    timestamp at;
    bool refund = false;
    std::string out_trade_no;  // of a refund: its own, which may be ""
    std::string termid;
    std::int64_t amount_minor_units = 0;
    std::string origssn;   // of a refund: the payment
    std::string respcd{};  // what the cloud made of it; a fault may have told the client otherwise
    bool terminal_was_busy = false;
    protocol::cloud::form parameters{};  // of /trade/v1: as they were sent and signed

    /// A parameter's value; nothing when it was not sent.
    [[nodiscard]] std::optional<std::string> sent(std::string_view name) const;
};

/// Money that moved.
struct money_fact {
    timestamp at;
    bool refund = false;
    std::string out_trade_no;  // of the payment, also for a refund
    std::string syssn;         // own
    std::string origssn;       // of a refund: the payment
    std::int64_t amount_minor_units = 0;
    protocol::channel via{};
    std::string termid;      // "" for /trade/v1
    bool late = false;       // after the request had ended unpaid
    bool reversed = false;   // with `refund`: given back by a close or a reversal
    std::string app_code{};  // whose money
};

/// One attempt to tell a client about money that moved.
struct notification_fact {
    timestamp at;
    std::string url;
    std::string notify_type;
    std::string syssn;
    std::string out_trade_no;
    int attempt = 1;
    std::string body{};
    std::string sign{};
    int http_status = 0;    // 0: no answer yet, or none at all
    bool answered = false;  // 200 and SUCCESS
};

struct cancel_fact {
    timestamp at;
    std::string termid;
    std::string stopped{};  // the out_trade_no of the request it ended, or ""
};

struct movements {
    int count = 0;
    std::int64_t sum_minor_units = 0;

    friend bool operator==(const movements&, const movements&) = default;
};

/// The truth about the money, append-only, in memory until reset. Nothing a client sends or is
/// told changes it.
class ledger {
public:
    [[nodiscard]] const std::vector<push_fact>& pushes() const { return pushes_; }
    [[nodiscard]] const std::vector<money_fact>& movements_of_money() const { return money_; }
    [[nodiscard]] const std::vector<cancel_fact>& cancels() const { return cancels_; }

    /// How often a push with this number arrived.
    [[nodiscard]] int times_pushed(std::string_view out_trade_no) const;
    /// How often such a push was one that somebody on the way had repeated.
    [[nodiscard]] int times_replayed(std::string_view out_trade_no) const;
    /// Charges of this number: how many, and how much.
    [[nodiscard]] movements charged(std::string_view out_trade_no) const;
    [[nodiscard]] movements charged_in_all() const;
    /// Money given back for the payment of this number, by refunds, closes and reversals.
    [[nodiscard]] movements refunded(std::string_view out_trade_no) const;
    /// The part of it that a close or a reversal gave back.
    [[nodiscard]] movements reversed(std::string_view out_trade_no) const;
    /// What became of the last request of this number.
    [[nodiscard]] truth truth_of(std::string_view out_trade_no) const;
    /// Numbers that were charged more than once.
    [[nodiscard]] std::vector<std::string> charged_twice() const;
    /// Pushes that met a terminal with a request in hand.
    [[nodiscard]] int pushed_to_busy_terminal() const;

    [[nodiscard]] int requests(std::string_view path) const;
    [[nodiscard]] const std::map<std::string, int, std::less<>>& requests_by_path() const
    {
        return requests_;
    }
    [[nodiscard]] int requests_in_all() const;
    [[nodiscard]] int connections() const { return connections_; }
    [[nodiscard]] int signature_failures() const { return signature_failures_; }
    /// Every X-QF-SIGN that came with a request: what a client may write down nowhere.
    [[nodiscard]] const std::vector<std::string>& signatures() const { return signatures_; }
    [[nodiscard]] int rate_limited() const { return rate_limited_; }
    /// The longest row of refusals without an answer in between.
    [[nodiscard]] int rate_limited_in_a_row() const { return rate_limited_in_a_row_; }
    /// When each number was asked about, by the clock that never jumps, the first million times.
    /// Enquiries that were answered with 429 are not among them.
    [[nodiscard]] const std::map<std::string, std::vector<milliseconds>, std::less<>>& enquiries()
        const
    {
        return enquiries_;
    }
    /// Requests with a right signature of this app code.
    [[nodiscard]] int requests_of(std::string_view app_code) const;
    [[nodiscard]] const std::vector<notification_fact>& notifications() const
    {
        return notifications_;
    }
    [[nodiscard]] int notifications_answered() const;

    // For the simulator alone.
    void note(push_fact fact) { pushes_.push_back(std::move(fact)); }
    void note(money_fact fact);
    std::size_t note(cancel_fact fact);
    void cancel_stopped(std::size_t which, const std::string& out_trade_no);
    std::size_t note(notification_fact fact);
    void notification_answered(std::size_t which, int http_status, bool answered);
    void note_end(const std::string& out_trade_no, truth end);
    void note_replay(const std::string& out_trade_no) { ++replays_[out_trade_no]; }
    void note_request(std::string_view path);
    void note_connection() { ++connections_; }
    void note_signature_failure() { ++signature_failures_; }
    void note_signature(std::string sign) { signatures_.push_back(std::move(sign)); }
    void note_rate_limited();
    void note_within_limit() { refusals_in_a_row_ = 0; }
    void note_enquiry(std::string_view out_trade_no, milliseconds at);
    void note_signed(std::string_view app_code) { ++signed_[std::string{app_code}]; }

private:
    std::vector<push_fact> pushes_;
    std::vector<money_fact> money_;
    std::vector<cancel_fact> cancels_;
    std::vector<notification_fact> notifications_;
    std::map<std::string, int, std::less<>> replays_;
    std::map<std::string, truth, std::less<>> ends_;
    std::map<std::string, int, std::less<>> requests_;
    int connections_ = 0;
    int signature_failures_ = 0;
    std::vector<std::string> signatures_;
    int rate_limited_ = 0;
    int rate_limited_in_a_row_ = 0;
    int refusals_in_a_row_ = 0;
    std::map<std::string, std::vector<milliseconds>, std::less<>> enquiries_;
    std::size_t enquiries_kept_ = 0;
    std::map<std::string, int, std::less<>> signed_;
};

}  // namespace ecr::simulator
