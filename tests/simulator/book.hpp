#pragma once

#include "tests/simulator/ledger.hpp"
#include "tests/simulator/shopper.hpp"

#include <map>
#include <memory>
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
};

using transaction_ptr = std::shared_ptr<transaction>;

/// Every transaction there is, and the numbers that were ever used.
class book {
public:
    void add(const transaction_ptr& entry);
    /// Gives a transaction its syssn and the rest that is known only now.
    void show(const transaction_ptr& entry, timestamp at);
    void clear();

    [[nodiscard]] transaction_ptr by_syssn(std::string_view syssn) const;
    /// The newest that was shown, or else the newest of this number.
    [[nodiscard]] transaction_ptr by_number(std::string_view out_trade_no) const;
    [[nodiscard]] const std::vector<transaction_ptr>& all() const { return all_; }

    void use_number(const std::string& out_trade_no);
    [[nodiscard]] bool is_used(std::string_view out_trade_no) const;

private:
    std::vector<transaction_ptr> all_;
    std::map<std::string, transaction_ptr, std::less<>> by_syssn_;
    std::multimap<std::string, transaction_ptr, std::less<>> by_number_;
    std::map<std::string, int, std::less<>> used_;
    std::uint64_t next_serial_ = 18'000;
};

}  // namespace ecr::simulator
