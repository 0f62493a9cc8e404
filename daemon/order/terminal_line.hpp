#pragma once

#include "daemon/order/running_order.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <vector>

namespace ecr::daemon {

/// One money request per terminal at a time; the others stand in line. Source: design 3.8.
class terminal_line {
public:
    /// Gives the terminal to `r` now, or puts it at the end of the line.
    void enter(const running_ptr& r)
    {
        if (holders_.empty() && waiting_.empty()) {
            grant(r);
            return;
        }
        waiting_.push_back(r);
        renumber();
    }

    /// An order of before the restart, whose push may be on the terminal.
    void hold(const running_ptr& r)
    {
        grant(r);
        r->perhaps_ahead = perhaps_ahead_max;
    }

    /// Gives the terminal back, or leaves the line. `seen_to_end`: the cloud has said how it ended
    /// there. Otherwise a push that nobody answered may still arrive, and have its time there.
    void leave(const running_ptr& r, bool seen_to_end = false)
    {
        r->has_terminal = false;
        const bool held = std::erase(holders_, r) > 0;
        std::erase(waiting_, r);
        if (seen_to_end) {
            // Its turn has come: that of those before it is over.
            if (holders_.empty() && r->turn > 0 && r->turn >= unanswered_turn_) perhaps_there_ = 0;
        } else if (held && r->push_unanswered) {
            perhaps_there_ = std::min(perhaps_there_ + 1, perhaps_ahead_max);
            unanswered_turn_ = r->turn;
        }
        if (holders_.empty() && !waiting_.empty()) {
            const auto next = waiting_.front();
            waiting_.pop_front();
            grant(next);
            next->wake.cancel();
        }
        renumber();
    }

    [[nodiscard]] bool is_free() const noexcept { return holders_.empty() && waiting_.empty(); }
    [[nodiscard]] std::size_t length() const noexcept { return waiting_.size(); }
    [[nodiscard]] bool is_held_by(const running_ptr& r) const
    {
        return holders_.size() == 1 && holders_.front() == r;
    }
    [[nodiscard]] running_ptr holder() const
    {
        return holders_.empty() ? nullptr : holders_.front();
    }

private:
    void grant(const running_ptr& r)
    {
        r->has_terminal = true;
        r->ahead.reset();
        r->perhaps_ahead = perhaps_there_;
        r->turn = ++turns_;
        holders_.push_back(r);
    }

    void renumber()
    {
        int ahead = static_cast<int>(holders_.size());
        for (const auto& r : std::deque{waiting_}) {
            const bool moved = r->ahead != ahead;
            r->ahead = ahead++;
            if (moved && r->durable) r->progressed();
        }
    }

    std::vector<running_ptr> holders_;  // more than one only after a restart
    std::deque<running_ptr> waiting_;
    std::uint64_t turns_ = 0;
    std::uint64_t unanswered_turn_ = 0;      // of the last unanswered one
    int perhaps_there_ = perhaps_ahead_max;  // unanswered ones; nobody knows those before the start
};

}  // namespace ecr::daemon
