// A shop in real time with every thread that the bridge has: the journal's, the trace's, and the
// resolver's, as the cloud goes by a name. For the thread sanitizer above all.
#include "daemon/app.hpp"
#include "daemon/clock.hpp"
#include "daemon/logging.hpp"
#include "protocol/till/trace_record.hpp"
#include "tests/simulator/cloud.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/till_wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <fstream>

namespace ecr::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr int tills = 8;
constexpr auto limit = 60s;

class ThreadsTest : public testing::Test {
protected:
    ThreadsTest()
    {
        simulator::settings behaviour;
        behaviour.terminals.clear();
        for (int i = 0; i < tills; ++i)
            behaviour.terminals.push_back({"T" + std::to_string(i), true});
        behaviour.push_delay = 1ms;
        behaviour.shopper_delay = 1ms;
        behaviour.requests_per_minute = 100'000;
        behaviour.requests_per_second = 10'000;
        cloud_ = std::make_unique<simulator::cloud>(io_.get_executor(), time_, behaviour);
        cloud_->start();
        std::ofstream{folder_ / "ca.pem"} << cloud_->ca_pem();
        daemon::set_up_logging({.file = folder_ / "log", .level = "debug"});
    }
    ~ThreadsTest() override
    {
        wires_.clear();
        cloud_->stop();
        bridge_.reset();
        run_until([] { return false; }, 50ms);
        daemon::set_up_logging({});
    }

    [[nodiscard]] daemon::config settings() const
    {
        daemon::config made;
        made.journal = folder_ / "journal.db";
        made.cloud.url = "https://localhost:" + std::to_string(cloud_->port());
        made.cloud.ca_file = folder_ / "ca.pem";
        made.cloud.app_code = cloud_->behaviour().app_code;
        made.orders.pace.first = 5ms;
        made.orders.pace.while_waiting = 5ms;
        daemon::link_config link{.name = "lan", .kind = daemon::link_kind::tcp};
        link.trace = folder_ / "trace";
        link.via = protocol::channel::wx;
        made.links = {link};
        for (int i = 0; i < tills; ++i)
            made.terminals.push_back({.id = "T" + std::to_string(i)});
        return made;
    }

    void start()
    {
        daemon::app::options how;
        how.secrets.push_back({.client_key = cloud_->behaviour().client_key});
        bridge_ =
            std::make_unique<daemon::app>(io_.get_executor(), time_, settings(), std::move(how));
        await(bridge_->start());
    }

    void await(boost::asio::awaitable<void> task)
    {
        bool done = false;
        boost::asio::co_spawn(io_, std::move(task), [&](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
            done = true;
        });
        run_until([&] { return done; });
        ASSERT_TRUE(done);
    }

    template <class Done>
    void run_until(Done done, milliseconds within = limit)
    {
        const auto end = time_.now() + within;
        io_.restart();
        while (!done() && time_.now() < end)
            io_.run_one_for(5ms);
    }

    /// A till that sells without end, and counts what was paid.
    void sell(int till, int customer)
    {
        wires_.at(static_cast<std::size_t>(till))
            ->send("pay order=D" + std::to_string(day_) + "-" + std::to_string(till) + "-" +
                   std::to_string(customer) + " amount=100 terminal=T" + std::to_string(till) +
                   "\n");
    }
    void open_till(int till)
    {
        wires_.push_back(tcp_wire(io_, bridge_->port("lan")));
        wires_.back()->on_bytes([this, till, heard = std::string{},
                                 customer = 0](std::string_view bytes) mutable {
            heard += bytes;
            for (auto end = heard.find('\n'); end != std::string::npos; end = heard.find('\n')) {
                const auto line = heard.substr(0, end);
                heard.erase(0, end + 1);
                if (!line.starts_with("result")) continue;
                if (line.find(" state=paid ") != std::string::npos) ++paid_;
                sell(till, ++customer);
            }
        });
        sell(till, 0);
    }

    temporary_folder folder_;
    daemon::real_clock time_;
    boost::asio::io_context io_{1};
    std::unique_ptr<simulator::cloud> cloud_;
    std::unique_ptr<daemon::app> bridge_;
    std::vector<std::unique_ptr<till_wire>> wires_;
    int paid_ = 0;
    int day_ = 0;
};

TEST_F(ThreadsTest, SellTogetherAndStopInTheMiddle)
{
    for (; day_ < 3; ++day_) {
        start();
        const auto before = paid_;
        for (int i = 0; i < tills; ++i)
            open_till(i);
        run_until([&] { return paid_ >= before + 5 * tills; });
        EXPECT_GE(paid_, before + 5 * tills);
        if (day_ == 1) bridge_->hurry();
        await(bridge_->stop());
        bridge_.reset();
        wires_.clear();
    }
    EXPECT_GE(cloud_->truth().charged_in_all().count, paid_);
    EXPECT_TRUE(cloud_->truth().charged_twice().empty());
    std::ifstream trace{folder_ / "trace"};
    std::string said;
    for (std::string line; std::getline(trace, line);)
        if (const auto record = protocol::till::parse_trace_line(line)) said += record->bytes;
    EXPECT_NE(said.find("order=D1-1-1 "), std::string::npos);
}

}  // namespace
}  // namespace ecr::test
