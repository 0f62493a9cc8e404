#pragma once

#include "daemon/record/record_book.hpp"
#include "daemon/till_client.hpp"
#include "protocol/till/command.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ecr::daemon {

/// Serves what an operator asks about QFPay's records: reconcile, rebuild and settlement. One of
/// the first two at a time a merchant. Tills are not held up: their enquiries go first, and the
/// journal is read in small pieces. Ends early when the bridge is stopping.
class record_desk {
public:
    explicit record_desk(order_service& orders) : orders_{orders} {}

    /// Ends the command with exactly one reply.
    [[nodiscard]] asio::awaitable<void> serve(const protocol::till::command& c,
                                              std::shared_ptr<till_client> client);

private:
    using command = protocol::till::command;
    using client_ptr = std::shared_ptr<till_client>;
    using accounts = std::vector<cloud_account*>;

    [[nodiscard]] asio::awaitable<void> reconcile(const command& c, const client_ptr& client,
                                                  const accounts& whose);
    [[nodiscard]] asio::awaitable<void> rebuild(const command& c, const client_ptr& client,
                                                const accounts& whose);
    [[nodiscard]] asio::awaitable<void> settlement(const command& c, const client_ptr& client,
                                                   const accounts& whose);

    /// What QFPay has settled, as rows; a problem's text says why there are none.
    struct settled {
        std::vector<protocol::till::row> rows;
        bool offered = true;  // false: this account has no such records
        record_problem problem;
    };
    [[nodiscard]] asio::awaitable<settled> read_settlement(const command& c,
                                                           cloud_account& account);
    [[nodiscard]] asio::awaitable<void> tell(const client_ptr& client,
                                             std::vector<protocol::till::row> rows);

    /// The accounts a command is about; empty: it has been refused.
    [[nodiscard]] accounts accounts_of(const command& c, const client_ptr& client);
    [[nodiscard]] protocol::record_period period_of(const command& c) const;

    order_service& orders_;
    std::set<cloud_account*> at_work_;
};

}  // namespace ecr::daemon
