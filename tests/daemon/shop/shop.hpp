#pragma once

#include "daemon/app.hpp"
#include "tests/simulator/cloud.hpp"
#include "tests/support/port_probe.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/till_wire.hpp"

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ecr::test {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// A till at the shop: real bytes over a real link, and every line it was told.
class sample_till {
public:
    virtual ~sample_till() = default;

    void say(const std::string& line) { send(line + "\r\n"); }
    virtual void send(std::string bytes) = 0;
    virtual void hang_up() = 0;

    [[nodiscard]] const std::vector<std::string>& heard() const { return heard_; }
    /// The last line that begins with `word` ("result", "error", …) and holds `part`; or "".
    [[nodiscard]] std::string last(const std::string& word, const std::string& part = {}) const;
    [[nodiscard]] std::size_t count(const std::string& word, const std::string& part = {}) const;
    void forget() { heard_.clear(); }

protected:
    void received(std::string_view bytes);

private:
    std::string partial_;
    std::vector<std::string> heard_;
};

/// The value of key= in a line, without quotes; or "".
[[nodiscard]] std::string value_of(const std::string& line, const std::string& key);

struct shop_plan {
    std::function<void(daemon::config&)> bridge = [](auto&) {};
    std::function<void(simulator::settings&)> cloud = [](auto&) {};
    timestamp start = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 11 / 18}} + 4h;
    bool learns_time = false;  // from the cloud, at every start, as the program does
};

/// A whole shop in one process under virtual time: bridge, journal, simulated cloud, tills. Noon in
/// Hong Kong on an ordinary day unless planned otherwise.
///
/// Links: "lan" (TCP) and "port" (pseudo-terminal; on Windows, which has none, TCP, too);
/// terminals T1 and T2.
class shop {
public:
    explicit shop(shop_plan plan = {});
    ~shop();

    [[nodiscard]] std::unique_ptr<sample_till> tcp_till();
    [[nodiscard]] std::unique_ptr<sample_till> port_till();
    /// For tills of other dialects.
    [[nodiscard]] std::unique_ptr<till_wire> wire_to_port();
    /// The device of the link "port", where there are pseudo-terminals.
    [[nodiscard]] std::filesystem::path port_device();

    /// Lets time pass until the condition holds. False: not within `limit`.
    bool until(const std::function<bool()>& condition, milliseconds limit = 10min);
    void pass(milliseconds duration);
    /// Lets everything happen that needs no time.
    void settle();
    /// Waits for the line that ends a command about this order.
    std::string result_of(sample_till& till, const std::string& order, milliseconds limit = 10min);
    /// Says a command and waits for its end.
    std::string ask(sample_till& till, const std::string& line, milliseconds limit = 10min);

    /// As after a power cut and a new start: nothing is drained, the journal is opened again.
    void restart();
    /// As a service is stopped and started: tills in hand may hear the end.
    void restart_gently();
    /// As restart(), but the bridge stays off for a while; the rest of the world goes on.
    void away(milliseconds duration);
    /// A new start after the loss of the disk: the journal is gone.
    void lose_journal();

    [[nodiscard]] simulator::cloud& cloud() { return *cloud_; }
    [[nodiscard]] const simulator::ledger& truth() { return cloud_->truth(); }
    [[nodiscard]] daemon::virtual_clock& time() { return clock_; }
    [[nodiscard]] const daemon::app& bridge() const { return *bridge_; }
    [[nodiscard]] boost::asio::io_context& io() { return io_; }
    [[nodiscard]] std::filesystem::path journal_file() const { return folder_ / "journal.db"; }

    /// What the journal holds, read by a connection of its own.
    struct row {
        std::string state;
        int needs = 0;
        std::string syssn;
    };
    [[nodiscard]] std::optional<row> journal(const std::string& out_trade_no);
    [[nodiscard]] std::size_t orders_in_journal();

private:
    [[nodiscard]] std::unique_ptr<sample_till> till_of(const std::string& link);
    void open();
    void close(bool hurried = true);
    /// Whether something is still under way that has happened before `since`.
    [[nodiscard]] bool is_busy(port_probe::moment since);

    temporary_folder folder_;
    daemon::virtual_clock clock_;
    boost::asio::io_context io_{1};
    std::unique_ptr<simulator::cloud> cloud_;
    daemon::config config_;
    std::unique_ptr<daemon::app> bridge_;
    std::unique_ptr<port_probe> probe_;
    bool learns_time_ = false;
};

}  // namespace ecr::test
