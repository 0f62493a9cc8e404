#pragma once

#include "daemon/cloud/request_governor.hpp"
#include "daemon/task_group.hpp"
#include "protocol/order/evidence.hpp"

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace ecr::daemon {

/// How an enquirer talks to the cloud: the two halves of a call, so that a question may join until
/// the last moment.
struct trade_calls {
    std::function<asio::awaitable<bool>(importance)> turn;  // false: stopped
    std::function<void(importance)> give_back;              // a turn nobody needs any more
    std::function<asio::awaitable<protocol::cloud_reply>(protocol::cloud::form, importance)> send;
};

/// Enquiries to /trade/v1/query, many orders to a call. All questions about the same window of time
/// that wait for their turn go out together. Source: contract 4.5, 8.3.
class trade_enquirer {
public:
    static constexpr std::size_t numbers_max = 40;  // a call
    static constexpr std::size_t page_size = 100;
    static constexpr int pages_max = 50;

    trade_enquirer(asio::any_io_executor executor, trade_calls calls);

    /// What the cloud says about this order between two times of its own ("2024-07-04 15:14:25",
    /// both within one month). The reply is the list of the whole call: the caller picks its rows.
    /// A list of several pages is complete, or the reply is `no_answer`.
    [[nodiscard]] asio::awaitable<protocol::cloud_reply> ask(std::string out_trade_no,
                                                             std::string start_time,
                                                             std::string end_time, importance who);

    /// Sends everybody away who waits for a turn.
    void stop();
    /// After stop(): nothing goes on any more.
    [[nodiscard]] asio::awaitable<void> ended() { return tasks_.until_empty(); }

private:
    using window = std::pair<std::string, std::string>;

    struct question {
        std::string number;
        importance who{};
        std::shared_ptr<const protocol::cloud_reply> reply;
        waiting_line asker;
    };
    using batch = std::vector<std::shared_ptr<question>>;

    /// What waits for the same window.
    struct same_window {
        std::list<std::shared_ptr<question>> waiting;
        std::multiset<importance> turns;  // asked for, and not given yet
    };

    void want_turn(const window& of, importance who);
    [[nodiscard]] asio::awaitable<void> serve(window of, importance who);
    [[nodiscard]] batch take(same_window& from);
    [[nodiscard]] asio::awaitable<protocol::cloud_reply> fetch(protocol::cloud::form base,
                                                               importance who);
    static void answer(const batch& all, protocol::cloud_reply reply);

    trade_calls calls_;
    std::map<window, same_window> pools_;
    task_group tasks_;
    bool stopped_ = false;
};

}  // namespace ecr::daemon
