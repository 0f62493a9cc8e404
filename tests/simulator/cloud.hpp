#pragma once

#include "tests/simulator/fault.hpp"
#include "tests/simulator/ledger.hpp"
#include "tests/simulator/plans.hpp"
#include "tests/simulator/plant.hpp"
#include "tests/simulator/settings.hpp"
#include "tests/simulator/shopper.hpp"
#include "tests/simulator/terminal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace ecr::simulator {

/// QFPay's cloud with its terminals, wallets and shoppers, over real TLS sockets. Belongs to the
/// one thread that runs its executor; all time is the clock's. The clock must outlive whatever the
/// executor still holds: declare it before the io_context.
class cloud {
public:
    cloud(asio::any_io_executor executor, daemon::clock& source, settings initial);
    ~cloud();
    cloud(const cloud&) = delete;
    cloud& operator=(const cloud&) = delete;

    /// Binds both ports and starts to listen, once; 0 is any free port. Throws
    /// boost::system::system_error.
    void start(std::uint16_t port = 0, std::uint16_t control_port = 0,
               const asio::ip::address& address = asio::ip::make_address("127.0.0.1"));
    void stop();

    /// Closes the HTTPS port, so that connections are refused, or opens the same one again.
    void set_listening(bool listening);

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::uint16_t control_port() const;
    /// The authority to trust, made for this run.
    [[nodiscard]] const std::string& ca_pem() const;

    /// May be changed while running.
    [[nodiscard]] settings& behaviour();
    /// The terminal of this id; made, bound and online, when there is none.
    [[nodiscard]] simulator::terminal& terminal(const std::string& termid);
    [[nodiscard]] const ledger& truth() const;

    /// Scripts the next push nobody else is scripted for.
    void plan(shopper next);
    /// Scripts the next push to a terminal. Goes before the above.
    void plan(const std::string& termid, shopper next);
    /// Scripts the push of this order number. Goes before both.
    void plan_order(const std::string& out_trade_no, shopper next);
    void plan(fault next);
    /// Scripts the next close or reversal of this order; "": of any.
    void plan_undo(const std::string& out_trade_no, undo_plan next);
    /// Scripts the next notification.
    void plan(notice_plan next);
    /// One more merchant, with books and limits of its own, or another key for one.
    void add_merchant(const std::string& app_code, const std::string& client_key);
    /// Ends every fault that was planned and has not happened.
    void clear_faults();

    /// Transactions that are simply there: see plant.hpp.
    std::optional<std::string> plant(const planted_row& row);
    bool unplant(const std::string& syssn);
    bool alter_amount(const std::string& syssn, std::int64_t amount_minor_units);
    std::optional<std::string> plant_again(const std::string& syssn);
    /// As after the start, but for the ports and the connections.
    void reset();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecr::simulator
