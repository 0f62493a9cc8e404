#pragma once

#include "tests/simulator/ledger.hpp"
#include "tests/simulator/shopper.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::simulator {

/// Where a request is on its way.
enum class stage {
    on_the_way,  // pushed, not yet on the terminal: an enquiry knows nothing of it
    shown,       // the terminal waits for the shopper
    in_process,  // the shopper has acted, the wallet has not answered: 1143
    ended,       // see `outcome`
};

[[nodiscard]] std::string_view name_of(stage value) noexcept;

class book;

/// A payment or a refund as the cloud keeps it.
struct transaction {
    std::string out_trade_no;
    std::string syssn;  // given when the terminal shows it
    std::string clisn;
    std::string chnlsn;
    std::string termid;
    bool refund = false;
    protocol::channel via{};
    protocol::scan_type scan{};
    std::int64_t amount_minor_units = 0;
    std::int64_t refunded_minor_units = 0;  // of a payment: completed refunds
    std::int64_t reserved_minor_units = 0;  // of a payment: a refund that is under way
    bool may_modify = false;                // of a refund: the cashier may change the amount
    std::shared_ptr<transaction> original;  // of a refund: the payment
    milliseconds timeout{120'000};
    milliseconds pushed_at{};
    milliseconds window_end{};
    timestamp sysdtm{};
    simulator::stage stage = simulator::stage::on_the_way;
    truth outcome = truth::none;
    std::string respcd;  // of the outcome
    shopper who;
    std::string app_code;  // the merchant
    book* home = nullptr;  // where it is kept
    std::optional<timestamp> paydtm{};
    bool undone = false;  // of a payment: a close or a reversal ended it, or gave its money back
    bool undo_wanted = false;  // one that has to give money back came while the wallet was busy

    // Of /trade/v1 only.
    bool by_trade = false;
    std::string pay_type{};
    std::string txcurrcd{"HKD"};
    std::string txdtm{};
    std::string goods_name{};
    std::string mchid{};
    std::string udid{};
    std::string auth_code{};
    std::string notify_url{};
};

using transaction_ptr = std::shared_ptr<transaction>;

/// What has happened to the money, for the ledger.
[[nodiscard]] money_fact fact_of(const transaction& entry, timestamp at, bool late);

/// Every transaction there is of a merchant, and the numbers that were ever used.
class book {
public:
    using by_time = std::multimap<timestamp, transaction_ptr>;

    /// Serial numbers begin at `first_serial`, so that no two books give the same syssn.
    explicit book(std::uint64_t first_serial = 18'000) : next_serial_{first_serial} {}

    void add(const transaction_ptr& entry);
    /// Gives a transaction its syssn and the rest that is known only now.
    void show(const transaction_ptr& entry, timestamp at);
    /// Files a transaction that is complete: its syssn is kept when it has one.
    void file(const transaction_ptr& entry);
    /// As if it had never been.
    void remove(const transaction_ptr& entry);
    void clear();
    /// A syssn for what is not kept.
    [[nodiscard]] std::string next_syssn(timestamp at);

    [[nodiscard]] transaction_ptr by_syssn(std::string_view syssn) const;
    /// The newest that was shown, or else the newest of this number.
    [[nodiscard]] transaction_ptr by_number(std::string_view out_trade_no) const;
    /// Every one that was shown and has this number, the oldest first.
    [[nodiscard]] std::vector<transaction_ptr> all_by_number(std::string_view out_trade_no) const;
    [[nodiscard]] const std::vector<transaction_ptr>& all() const { return all_; }
    /// What was shown, by sysdtm.
    [[nodiscard]] const by_time& shown() const { return by_time_; }

    void use_number(const std::string& out_trade_no);
    [[nodiscard]] bool is_used(std::string_view out_trade_no) const;

private:
    std::vector<transaction_ptr> all_;
    std::map<std::string, transaction_ptr, std::less<>> by_syssn_;
    std::multimap<std::string, transaction_ptr, std::less<>> by_number_;
    by_time by_time_;
    std::map<std::string, int, std::less<>> used_;
    std::uint64_t next_serial_;
};

}  // namespace ecr::simulator
