#pragma once

#include "cashier.hpp"
#include "shop.hpp"
#include "tests/simulation/checker.hpp"
#include "tests/support/paced_line.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ecr::process {

using namespace std::chrono_literals;

/// What serial links speak, one after the other.
inline constexpr std::array serial_dialects{
    "dialect = \"line\"\nframing = \"stx\"\n", "dialect = \"line\"\n",
    "dialect = \"hypercom\"\nnumbers = \"none\"\npatience_s = 3\n",
    "dialect = \"qfpay-local\"\nwrapping = \"serial\"\n"};

/// A shop with cashiers in every dialect, customers of every kind, and a cloud that errs; in real
/// time, with the program as it is shipped.
class BusyShopTest : public ProcessTest {
protected:
    explicit BusyShopTest(int terminals);
    ~BusyShopTest() override;

    static simulator::settings erring_cloud(int terminals);
    /// One [[link]] whose payments end soon.
    static std::string link_text(const std::string& name, const std::string& lines);
    /// Enquiries at the pace of this shop, the terminals, and room for all who wait.
    [[nodiscard]] shop_config quick_shop() const;
    /// With serial lines and TCP links, and orders that are the operator's within seconds.
    [[nodiscard]] shop_config hasty_shop(int serial_lines, int bytes_per_second);
    /// A serial line of this speed, its link and, at its other end, a till for these customers.
    [[nodiscard]] std::string add_line(int bytes_per_second, const std::string& terminal);
    void add_serial_till(std::size_t line, std::vector<sale> wanted, const cashier_pace& pace = {});

    /// Faults that strike payments and enquiries from the first to the last; the old ones are over.
    void plan_weather();
    /// Every till is switched off. What it has served is still known.
    void tills_in_hand_hang_up();

    void run_until(const std::function<bool()>& done, milliseconds limit_of_it);
    /// Runs until then, to the millisecond, or until `done`.
    void run_to(milliseconds moment, const std::function<bool()>& done);
    /// A TCP link in each dialect, and the tills on it; the links' texts.
    [[nodiscard]] static std::string tcp_links(int first_terminal);
    void add_tcp_tills(int of_each, int sales_of_each, const cashier_pace& pace);
    /// The end of a shop whose bridge has died: nobody is served any more, and a bridge runs until
    /// everything is final or shown. It stops the bridge now and then to look.
    void close_shop(const std::string& config_text, milliseconds day);
    /// What is neither final nor shown, and late money that nobody knows of.
    [[nodiscard]] std::vector<std::string> unsettled(const test::journal_content& kept);

    /// A TCP link's tills connect from an address of their own; not while the bridge is off.
    [[nodiscard]] till_place at_port(const std::string& link, int address,
                                     const cashier_pace& pace = {});
    [[nodiscard]] till_place place(std::function<std::unique_ptr<test::till_wire>()> connect,
                                   const cashier_pace& pace);
    /// The next customers. Every kind of sale comes up at every kind of till.
    [[nodiscard]] std::vector<sale> sales(int count);
    [[nodiscard]] bool all_closed() const;
    /// The watch has found every payment that came after its order had ended.
    [[nodiscard]] bool late_money_is_known();
    /// Compares journal, ledger and tills. The bridge is off.
    void judge();
    [[nodiscard]] int ended(says how) const;

    int terminals_;
    daemon::real_clock clock_;
    boost::asio::io_context io_{1};
    std::shared_ptr<simulator::agenda> time_ =
        std::make_shared<simulator::agenda>(io_.get_executor(), clock_);
    std::vector<std::unique_ptr<test::paced_line>> lines_;
    std::vector<std::unique_ptr<cashier>> tills_;
    std::vector<simulation::statement> said_;
    simulation::problem_list problems_;
    std::string written_before_;  // by bridges that are no more
    int next_sale_ = 0;
    bool has_late_payers_ = true;
};

}  // namespace ecr::process
