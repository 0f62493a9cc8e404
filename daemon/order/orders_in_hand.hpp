#pragma once

#include "daemon/order/running_order.hpp"

#include <map>
#include <string>

namespace ecr::daemon {

/// The orders that are run or watched, by our number and by till. Thousands may be open at once,
/// and a till that asks for one more must not wait until all of them have been looked at.
class orders_in_hand {
public:
    using by_number = std::map<std::string, running_ptr>;

    void add(const running_ptr& r)
    {
        all_.emplace(r->row.out_trade_no, r);
        tills_[r->row.till].emplace(r->row.out_trade_no, r);
    }

    void remove(const std::string& out_trade_no)
    {
        const auto found = all_.extract(out_trade_no);
        if (found.empty()) return;
        const auto till = tills_.find(found.mapped()->row.till);
        till->second.erase(out_trade_no);
        if (till->second.empty()) tills_.erase(till);
    }

    /// Nothing: it is not in hand.
    [[nodiscard]] running_ptr find(const std::string& out_trade_no) const
    {
        const auto found = all_.find(out_trade_no);
        return found == all_.end() ? nullptr : found->second;
    }

    [[nodiscard]] const by_number& all() const noexcept { return all_; }

    [[nodiscard]] const by_number& of_till(const std::string& till) const
    {
        static const by_number none;
        const auto found = tills_.find(till);
        return found == tills_.end() ? none : found->second;
    }

private:
    by_number all_;
    std::map<std::string, by_number> tills_;
};

}  // namespace ecr::daemon
