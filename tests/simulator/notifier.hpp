#pragma once

#include "tests/simulator/agenda.hpp"
#include "tests/simulator/http_post.hpp"
#include "tests/simulator/ledger.hpp"
#include "tests/simulator/notification.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace ecr::simulator {

/// Tells clients about money that moved, again and again until they answer SUCCESS.
///
/// Source: contract 7.1.
class notifier {
public:
    notifier(asio::any_io_executor executor, std::shared_ptr<agenda> events,
             const settings& behaviour, ledger& facts);

    /// Who takes a notification to its client, and calls back once as post_json does.
    using courier =
        std::function<void(const std::string& body, const std::string& sign, post_listener then)>;
    /// In place of HTTP: a simulation has no sockets.
    void deliver_by(courier by) { courier_ = std::move(by); }

    void money_moved(const transaction_ptr& entry);
    void plan(notice_plan next) { plans_.push_back(next); }
    void clear_plans() { plans_.clear(); }
    /// Forgets what is still to be delivered.
    void reset();

private:
    struct delivery;
    using delivery_ptr = std::shared_ptr<delivery>;

    void send_after(milliseconds delay, const delivery_ptr& what);
    void attempt(const delivery_ptr& what);
    void answered(const delivery_ptr& what, std::size_t fact, int http_status,
                  const std::string& body);
    void release_held(milliseconds delay);

    asio::any_io_executor executor_;
    std::shared_ptr<agenda> events_;
    const settings& behaviour_;
    ledger& facts_;
    courier courier_;
    std::deque<notice_plan> plans_;
    delivery_ptr held_;         // waits for the one behind it
    std::shared_ptr<int> era_;  // a new one with each reset
};

}  // namespace ecr::simulator
