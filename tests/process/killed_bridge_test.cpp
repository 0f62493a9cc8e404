// A bridge that is killed at random moments, while it starts, recovers and serves tills of every
// dialect on every kind of line, under a cloud that errs.
#include "busy_shop.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>

namespace ecr::process {
namespace {

constexpr unsigned parts = 4;  // so that they can run side by side
constexpr int kills_of_a_part = 250;
static_assert(parts * kills_of_a_part >= 1'000, "what tests/README.md promises");
constexpr int serial_lines = 4;
constexpr int tills_of_a_port = 3;
constexpr int terminals = 12;
constexpr int bytes_per_second = 11'520;    // 115,200 baud: more is under way when it dies
constexpr int customers_of_a_till = 2'000;  // more than there is time for
constexpr int look_after = 10;              // kills
constexpr auto day = 75s;                   // from the last kill to the end of all sales

/// The cashiers have no time to lose.
constexpr cashier_pace hurried{.rest = 20ms,
                               .after_mischief = 400ms,
                               .sale_answered = 4s,
                               .looks_at_wire = 40ms,
                               .finds_nobody = 40ms,
                               .hears_unknown = 250ms,
                               .question_answered = 1'500ms};

class SoakKilledBridgeTest : public BusyShopTest, public testing::WithParamInterface<unsigned> {
protected:
    SoakKilledBridgeTest() : BusyShopTest{terminals}
    {
        auto seed = std::random_device{}();
        if (const char* const given = std::getenv("ECR_SEED"))
            seed = static_cast<unsigned>(std::strtoul(given, nullptr, 10));
        std::printf("ECR_SEED=%u\n", seed);
        std::fflush(stdout);
        random_.seed(seed + GetParam());
        // Money that comes after the end is found by looks that are further apart than these
        // bridges live. tests/crash and tests/simulation kill the watch.
        has_late_payers_ = false;
        // Quicker than most bridges die.
        cloud_.with([](simulator::cloud& running) { running.behaviour().shopper_delay = 150ms; });
    }

    /// Anything from a millisecond to half a second, and as often short as long.
    [[nodiscard]] milliseconds moment()
    {
        const auto exponent =
            std::uniform_real_distribution{std::log(1.0), std::log(500.0)}(random_);
        return milliseconds{std::lround(std::exp(exponent))};
    }
    void live_and_die(const std::string& config_text);
    void look_at_the_remains();

    std::mt19937 random_;
    int before_ready_ = 0;
};

/// Often while it starts: that is when it recovers what the one before has left.
void SoakKilledBridgeTest::live_and_die(const std::string& config_text)
{
    bridge_ = run(config_text);
    const auto is_ready = [this] { return bridge_->has_written("bridge.ready"); };
    const bool early = random_() % 4 == 0;
    if (!early) run_to(clock_.now() + limit, is_ready);
    run_to(clock_.now() + moment(), [] { return false; });
    if (!is_ready()) ++before_ready_;
    bridge_->signal(SIGKILL);
    EXPECT_EQ(bridge_->wait(), -SIGKILL);
    written_before_ += bridge_->output();
}

/// Journalled before it was sent, sent once, charged once: at any moment.
void SoakKilledBridgeTest::look_at_the_remains()
{
    // First the ledger: what the cloud knows by now, the dead bridge had written before.
    const auto truth = cloud_.truth();
    const auto kept = test::read_remains(folder_ / "journal.db", folder_ / "copy.db");
    if (!kept.complaint.empty()) problems_.push_back("the journal: " + kept.complaint);
    for (const auto& push : truth.pushes()) {
        const auto* order = kept.find(push.out_trade_no);
        if (order == nullptr || !order->may_be_sent())
            problems_.push_back("pushed before the journal had it: " + push.out_trade_no);
        if (truth.times_pushed(push.out_trade_no) > 1)
            problems_.push_back("pushed twice: " + push.out_trade_no);
    }
    ASSERT_THAT(problems_, testing::IsEmpty());
}

TEST_P(SoakKilledBridgeTest, LosesNothingDoublesNothing)
{
    const auto config_text = text_of(hasty_shop(serial_lines, bytes_per_second));
    for (std::size_t i = 0; i < serial_lines; ++i)
        add_serial_till(i, sales(customers_of_a_till), hurried);
    add_tcp_tills(tills_of_a_port, customers_of_a_till, hurried);
    for (const auto& till : tills_)
        till->open();

    int kills = 0;
    while (kills < kills_of_a_part && !HasFatalFailure() && problems_.empty()) {
        live_and_die(config_text);
        if (++kills % look_after == 0) look_at_the_remains();
    }
    bridge_ = run(config_text);
    close_shop(config_text, day);
    judge();
    std::cout << kills << " kills, " << before_ready_ << " of them before it was ready; "
              << ended(says::paid) << " sales paid, " << ended(says::not_paid) << " not paid, "
              << ended(says::unknown) << " unknown\n";
    EXPECT_EQ(kills, kills_of_a_part);
    // How many depends on how long a start takes: what is sold is sold between two deaths.
    EXPECT_GT(ended(says::paid), 0);
    EXPECT_GT(ended(says::not_paid), 0);
    EXPECT_GT(before_ready_, kills / 10);
    for (const auto& till : tills_)
        EXPECT_FALSE(till->customers().empty()) << till->name();
}

INSTANTIATE_TEST_SUITE_P(Shop, SoakKilledBridgeTest, testing::Range(0U, parts),
                         [](const auto& instance) {
                             return "Part" + std::to_string(instance.param + 1);
                         });

}  // namespace
}  // namespace ecr::process
