#pragma once

#include "daemon/order/order_service.hpp"
#include "daemon/record/record_desk.hpp"
#include "daemon/till_client.hpp"
#include "daemon/trace/trace_book.hpp"
#include "protocol/till/command.hpp"
#include "protocol/till/reply.hpp"

#include <memory>
#include <string>

namespace ecr::daemon {

/// Serves tills: turns their commands, completed by their link's settings, into orders and answers.
class till_desk {
public:
    till_desk(order_service& orders, task_group& tasks, trace_book& traces)
        : orders_{orders}, tasks_{tasks}, traces_{traces}, records_{orders}
    {}

    /// Answers later, through `client`. Every command is ended by exactly one reply.
    void serve(protocol::till::command command, std::shared_ptr<till_client> client);

    [[nodiscard]] order_service& orders() noexcept { return orders_; }
    [[nodiscard]] task_group& tasks() noexcept { return tasks_; }
    [[nodiscard]] trace_book& traces() noexcept { return traces_; }
    [[nodiscard]] clock& time() noexcept { return orders_.time(); }
    [[nodiscard]] const asio::any_io_executor& executor() const noexcept
    {
        return tasks_.executor();
    }

private:
    using command = protocol::till::command;
    using client_ptr = std::shared_ptr<till_client>;

    [[nodiscard]] asio::awaitable<void> handle(command c, client_ptr client);
    [[nodiscard]] asio::awaitable<void> pay(const command& c, const client_ptr& client);
    [[nodiscard]] asio::awaitable<void> refund(const command& c, const client_ptr& client);
    [[nodiscard]] asio::awaitable<void> pay_directly(const command& c, const client_ptr& client);
    [[nodiscard]] asio::awaitable<void> undo(const command& c, const client_ptr& client);
    [[nodiscard]] asio::awaitable<void> resolve(const command& c, const client_ptr& client);
    [[nodiscard]] asio::awaitable<void> cancel(const command& c, const client_ptr& client);
    [[nodiscard]] asio::awaitable<void> status(const command& c, const client_ptr& client);
    [[nodiscard]] asio::awaitable<void> query(const command& c, const client_ptr& client);
    [[nodiscard]] asio::awaitable<void> receipt(const command& c, const client_ptr& client);
    [[nodiscard]] asio::awaitable<void> tell_receipt(const protocol::order& order, const command& c,
                                                     const client_ptr& client);
    [[nodiscard]] asio::awaitable<void> summary(const command& c, const client_ptr& client);
    [[nodiscard]] asio::awaitable<void> print(const command& c, const client_ptr& client,
                                              const std::string& merchant, std::string_view path,
                                              result<protocol::cloud::form> parameters,
                                              protocol::till::done told);
    [[nodiscard]] asio::awaitable<void> list(const command& c, const client_ptr& client);
    [[nodiscard]] asio::awaitable<void> show(const command& c, const client_ptr& client);
    [[nodiscard]] asio::awaitable<protocol::till::row> row_with_again(const protocol::order& o,
                                                                      const std::string& tag);
    void hello(const command& c, const client_ptr& client);
    void ping(const command& c, const client_ptr& client);
    void terminals(const command& c, const client_ptr& client);
    void help(const command& c, const client_ptr& client);
    void trace(const command& c, const client_ptr& client);

    /// The order a command names, by its six-digit number or by `number`; ends the command when
    /// there is none.
    [[nodiscard]] asio::awaitable<std::optional<protocol::order>> named(const command& c,
                                                                        const client_ptr& client,
                                                                        const std::string& number);
    [[nodiscard]] const terminal_config* terminal_for(const command& c, const client_ptr& client);
    void answer(const command& c, const client_ptr& client, placement placed);

    order_service& orders_;
    task_group& tasks_;
    trace_book& traces_;
    record_desk records_;
};

/// The terminal of that id or name; nullptr: none.
[[nodiscard]] const terminal_config* find_terminal(const std::vector<terminal_config>& all,
                                                   const std::string& id_or_name);

}  // namespace ecr::daemon
