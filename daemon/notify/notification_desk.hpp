#pragma once

#include "daemon/config.hpp"
#include "daemon/http/http_server.hpp"
#include "daemon/store_thread.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ecr::daemon {

/// Whose notifications are believed.
struct notification_account {
    std::string name;  // of the merchant; empty: the first one, at the path itself
    std::string key;   // the notification key
};

/// For the status page.
struct notification_counts {
    std::uint64_t received = 0;          // genuine ones, repeats included
    std::uint64_t forged = 0;            // signature wrong or missing, or not to be read
    std::uint64_t refused = 0;           // a sender that is not on the allow list
    std::uint64_t duplicates = 0;        // received before
    std::uint64_t unmatched = 0;         // about no order of ours
    std::optional<timestamp> last_at{};  // of a genuine one
};

/// Listens to what QFPay tells by itself. A notification is a hint: verified over its very bytes,
/// kept in the journal, answered, and followed by an enquiry. It never moves an order.
///
/// Belongs to the I/O thread. Source: contract 7, 10 rows 23 to 25, 13.21; design 3.9.
class notification_desk {
public:
    /// Asks the cloud now about an order of ours; it may also choose not to.
    using ask_function = std::function<void(const std::string& out_trade_no)>;

    notification_desk(asio::any_io_executor executor, clock& time, store_thread& journal,
                      const notification_config& settings,
                      std::vector<notification_account> accounts, ask_function ask_now,
                      std::function<void(std::exception_ptr)> on_bug);

    /// Throws as http_server does.
    void start() { server_.start(); }
    void stop() { server_.stop(); }
    [[nodiscard]] asio::awaitable<void> ended() { return server_.ended(); }

    [[nodiscard]] std::uint16_t port() const noexcept { return server_.port(); }
    [[nodiscard]] std::string where() const { return server_.where(); }
    [[nodiscard]] notification_counts counts() const;

    /// What the listener does with a request. A simulation has no listener.
    [[nodiscard]] asio::awaitable<http_reply> serve(http_request request);

private:
    [[nodiscard]] asio::awaitable<http_reply> take(const notification_account& from,
                                                   http_request request);
    [[nodiscard]] http_reply show_return_page(const http_request& request);
    [[nodiscard]] const notification_account* account_at(std::string_view path) const;
    [[nodiscard]] std::optional<asio::ip::address> sender_of(const http_request& request) const;
    [[nodiscard]] http_reply forged(const http_request& request, std::string_view why);
    [[nodiscard]] bool may_ask_for_browsers();

    clock& time_;
    store_thread& journal_;
    const notification_config& settings_;
    std::vector<notification_account> accounts_;
    ask_function ask_now_;
    address_list allow_;
    std::optional<asio::ip::address> proxy_;
    notification_counts counts_;
    log_pace forged_line_;
    log_pace refused_line_;
    milliseconds return_minute_{};  // when the present count of asks by browsers began
    int return_asks_ = 0;
    http_server server_;
};

}  // namespace ecr::daemon
