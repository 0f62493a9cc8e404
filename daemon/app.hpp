#pragma once

#include "daemon/clock.hpp"
#include "daemon/cloud/merchants.hpp"
#include "daemon/config.hpp"
#include "daemon/store_thread.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ecr::daemon {

class notification_desk;
class page_desk;
class till_desk;
class till_link;
class trace_book;

/// What the bridge is put into. A simulation has its own, so that the same seed runs the same way.
struct surroundings {
    transport_maker connect;  // none: HTTPS
    std::function<std::unique_ptr<till_link>(const link_config&, till_desk&)> open_link;
    /// Brings notifications to this desk. None: its own listener.
    std::function<void(notification_desk&)> open_notifications;
    store_runs store = store_runs::where_it_is_quicker;
    std::optional<std::uint32_t> chance;  // seeds jitter and made numbers; none: at random
};

/// The bridge, wired up: journal, cloud, orders, links.
class app {
public:
    struct options {
        std::string client_key;                 // of [cloud], when `secrets` has none
        std::vector<merchant_secrets> secrets;  // of [cloud] and every [[merchant]]
        std::string version;                    // of the program, for the status page
        commit_hooks hooks;                     // crash tests
        std::function<void()> on_broken;        // the journal failed; stop() has been started
        surroundings around;
    };

    /// Opens the journal. Throws boost::system::system_error; what() is a sentence for people.
    app(asio::any_io_executor executor, clock& time, config settings, options how);
    ~app();

    /// Recovers what the journal holds and opens the links. Throws as the constructor does.
    [[nodiscard]] asio::awaitable<void> start();

    /// After start(): asks every account's cloud what time it is there, so that the first order
    /// already has the right one. Nobody waits for it.
    void learn_time();

    /// Puts in force what plan_reload() says may be, from a configuration that is fine; orders and
    /// tills notice nothing. `new_links`: names of what to open; those that cannot be are taken
    /// out. Gives why, for people.
    [[nodiscard]] std::vector<std::string> reload(const config& fresh,
                                                  std::vector<std::string>& new_links);

    /// Lets orders in hand finish as long as the drain lasts, then ends all tasks. Idempotent.
    [[nodiscard]] asio::awaitable<void> stop();

    /// Ends the drain: for a second signal.
    void hurry();

    /// Whether the journal failed. Then the process should end with an error.
    [[nodiscard]] bool broken() const noexcept;

    /// "tcp 127.0.0.1:9100" and so on, one a link.
    [[nodiscard]] std::vector<std::string> links() const;
    /// The TCP port of a link by name; 0: none.
    [[nodiscard]] std::uint16_t port(const std::string& link) const;

    /// The listener for QFPay's notifications; nothing: there is none.
    [[nodiscard]] const notification_desk* notifications() const;

    /// What has passed on the links.
    [[nodiscard]] const trace_book& traces() const;

    /// The status page; nothing: there is none.
    [[nodiscard]] const page_desk* page() const;

    /// Orders that are being sent, or that a till waits for.
    [[nodiscard]] std::size_t awaited_orders() const;

    /// Returns when the thread of the journal has answered; see store_thread::answer.
    [[nodiscard]] asio::awaitable<void> answers();

    /// Callers of the journal that wait for it: while there are any, time should stand still in a
    /// simulation.
    [[nodiscard]] std::size_t journal_waiting() const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

/// The client key that the configuration names. `problem` is for people; empty: fine.
struct key_reading {
    std::string key;
    std::string problem;
};
[[nodiscard]] key_reading read_client_key(const cloud_config& cloud);

}  // namespace ecr::daemon
