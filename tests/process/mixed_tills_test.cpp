// Every kind of till at once, on lines as slow as they are in shops, under a cloud that errs.
#include "cashier.hpp"
#include "shop.hpp"
#include "tests/simulation/checker.hpp"
#include "tests/support/paced_line.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <sys/resource.h>

namespace ecr::process {
namespace {

using namespace std::chrono_literals;
using simulation::statement;
using simulator::fault;
using simulator::fault_kind;
using testing::IsEmpty;

constexpr int serial_lines = 16;
constexpr int tills_of_a_port = 16;
constexpr int terminals = 12;
constexpr int bytes_per_second = 960;  // 9,600 baud, 8N1
constexpr auto day = 75s;              // nobody may take longer

/// What the last two digits of an amount do, and what the cashier does meanwhile.
struct kind_of_sale {
    int digits = 0;
    mischief does = mischief::none;
    milliseconds gives_up_after = 70s;
};

// Source: tests/simulator/README.md, the table of magic amounts.
// clang-format off
constexpr auto kinds = std::to_array<kind_of_sale>({
    {50, mischief::none},     // pays
    {50, mischief::hangs_up},
    { 1, mischief::none},     // declined
    {50, mischief::repeats},
    {21, mischief::none},     // the push arrives, its answer is lost
    {50, mischief::asks},
    { 3, mischief::none},     // walks away
    {50, mischief::cancels},
    {50, mischief::none},
    { 6, mischief::none},     // cancelled at the terminal
    {50, mischief::hangs_up},
    { 5, mischief::none},     // pays at the last moment
    { 9, mischief::repeats},  // carried out, and a 500
    {50, mischief::none},
    { 3, mischief::cancels},
    {16, mischief::asks},     // carried out, and garbage
    {50, mischief::none},
    { 4, mischief::none},     // pays after the window
    { 2, mischief::hangs_up}, // declined
    {12, mischief::cancels},  // the cancel loses
    { 7, mischief::none},     // carried out, never answered
    {50, mischief::none},
    {23, mischief::none},     // 502, not carried out
    {21, mischief::repeats},
    {50, mischief::hangs_up},
    {24, mischief::none},     // carried out, the answer's signature is wrong
    {19, mischief::none},     // acknowledged, and lost on its way
    {50, mischief::none},
    {11, mischief::none, 30s},     // another amount in the enquiry's row: never shown as paid
});
// clang-format on

simulator::settings erring_cloud()
{
    auto how = ProcessTest::quick_cloud();
    how.terminals.clear();
    for (int i = 1; i <= terminals; ++i)
        how.terminals.push_back({"T" + std::to_string(i), true});
    how.magic_amounts = true;
    how.shopper_delay = 800ms;
    how.push_delay = 20ms;
    how.late_delay = 3s;
    how.slow_result = 2s;
    return how;
}

/// Faults that strike payments and enquiries from the first to the last.
std::vector<fault> weather()
{
    using enum fault_kind;
    std::vector<fault> all;
    const std::array enquiries{close,           slow,         status, garbage,   stale,
                               truncated,       html,         empty,  no_answer, reset,
                               wrong_signature, no_signature, trickle};
    for (int i = 0; i < 400; ++i)
        all.push_back({.kind = enquiries[static_cast<std::size_t>(i) % enquiries.size()],
                       .path = "query",
                       .done = i % 2 == 0,
                       .skip = 5 + i * 17,
                       .delay = i % 13 == 12 ? 5ms : 700ms,
                       .http_status = i % 3 == 0 ? 502 : 500});
    const std::array payments{close,     status, truncated, slow,
                              no_answer, html,   reset,     late_delivery};
    for (int i = 0; i < 40; ++i)
        all.push_back({.kind = payments[static_cast<std::size_t>(i) % payments.size()],
                       .path = "payment",
                       .done = i % 3 != 0,
                       .skip = 2 + i * 6,
                       .delay = 300ms,
                       .http_status = 502});
    for (int i = 0; i < 10; ++i)
        all.push_back(
            {.kind = i % 2 == 0 ? close_on_accept : close_after_handshake, .skip = 5 + i * 7});
    return all;
}

double seconds_of(const timeval& t)
{
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

/// Of all children that have ended.
double cpu_seconds()
{
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

class SoakMixedTillsTest : public ProcessTest {
protected:
    SoakMixedTillsTest() : ProcessTest{erring_cloud()}
    {
        for (const auto& each : weather())
            cloud_.plan(each);
        time_->start();
    }
    ~SoakMixedTillsTest() override
    {
        tills_.clear();
        pinger_.reset();
        time_->stop();
        lines_.clear();
        io_.restart();
        io_.poll();
    }

    [[nodiscard]] shop_config whole_shop();
    void add_serial_tills();
    void add_tills_of_ports();
    void keep_pinging();
    void run_until(const std::function<bool()>& done, milliseconds limit_of_it);
    [[nodiscard]] till_place place(std::function<std::unique_ptr<test::till_wire>()> connect);
    [[nodiscard]] std::vector<sale> sales(int count);
    [[nodiscard]] bool late_money_is_known();
    void judge();
    void report(milliseconds took, double cpu) const;

    daemon::real_clock clock_;
    boost::asio::io_context io_{1};
    std::shared_ptr<simulator::agenda> time_ =
        std::make_shared<simulator::agenda>(io_.get_executor(), clock_);
    std::vector<std::unique_ptr<test::paced_line>> lines_;
    std::vector<std::unique_ptr<cashier>> tills_;
    std::unique_ptr<test::till_wire> pinger_;
    milliseconds pinged_at_{};
    milliseconds longest_ping_{};
    int pings_ = 0;
    std::vector<statement> said_;
    simulation::problem_list problems_;
    int next_sale_ = 0;
};

std::string link_text(const std::string& name, const std::string& lines)
{
    return "[[link]]\nname = \"" + name + "\"\nchannel = \"wx\"\npayment_timeout_s = 2\n" + lines;
}

constexpr std::array serial_dialects{"dialect = \"line\"\nframing = \"stx\"\n",
                                     "dialect = \"line\"\n",
                                     "dialect = \"hypercom\"\nnumbers = \"none\"\npatience_s = 3\n",
                                     "dialect = \"qfpay-local\"\nwrapping = \"serial\"\n"};

/// Each terminal has two serial tills, or a port of 16 tills; those of the line dialect go to all.
shop_config SoakMixedTillsTest::whole_shop()
{
    shop_config how;
    for (int i = 3; i <= terminals; ++i)
        how.links += "[[terminal]]\nid = \"T" + std::to_string(i) + "\"\n";
    for (int i = 0; i < serial_lines; ++i) {
        lines_.push_back(std::make_unique<test::paced_line>(io_, bytes_per_second));
        how.links +=
            link_text("com" + std::to_string(i + 1),
                      "type = \"serial\"\nbaud = 9600\ndevice = \"" + lines_.back()->device() +
                          "\"\nterminal = \"T" + std::to_string(i % 8 + 1) + "\"\n" +
                          serial_dialects[static_cast<std::size_t>(i) % 4]);
    }
    const std::string tcp = "type = \"tcp\"\nlisten = \"127.0.0.1:0\"\n";
    how.links += link_text("words", tcp + "terminal = \"T12\"\n");
    how.links += link_text("old", tcp +
                                      "terminal = \"T9\"\ndialect = \"hypercom\"\n"
                                      "numbers = \"none\"\npatience_s = 9\n");
    how.links += link_text("app", tcp +
                                      "terminal = \"T10\"\ndialect = \"qfpay-local\"\n"
                                      "wrapping = \"tcp\"\npatience_s = 12\n");
    how.links += link_text("web", tcp +
                                      "terminal = \"T11\"\ndialect = \"qfpay-local\"\n"
                                      "wrapping = \"http\"\n");
    // As in the defaults, the wait after the window is longer than that for any one answer.
    how.cloud = "answer_timeout_s = 1.5\nconnect_timeout_s = 2\n";
    how.orders = "queue_max = 32\nqueue_wait_s = 70\n";
    how.enquiry =
        "first_ms = 300\nwhile_waiting_ms = 250\nafter_processing_ms = 250\n"
        "window_slack_ms = 400\nconclusion_ms = 700\npatience_ms = 1500\n"
        "confirmation_ms = 150\ndoubt_ms = 700\nwatch_soon_ms = 1500\n";
    how.log = "level = \"info\"\n";
    return how;
}

till_place SoakMixedTillsTest::place(std::function<std::unique_ptr<test::till_wire>()> connect)
{
    return {.time = *time_, .connect = std::move(connect), .told = [this](statement what) {
                cloud_.with([&](const simulator::cloud& running) {
                    simulation::check_statement(what, running.truth(), problems_);
                });
                said_.push_back(std::move(what));
            }};
}

/// Every kind of sale comes up at every kind of till.
std::vector<sale> SoakMixedTillsTest::sales(int count)
{
    std::vector<sale> made;
    for (int i = 0; i < count; ++i, ++next_sale_) {
        const auto& kind = kinds[static_cast<std::size_t>(next_sale_) % kinds.size()];
        made.push_back({.amount = 100'000 + 100 * next_sale_ + kind.digits,
                        .does = kind.does,
                        .gives_up_after = kind.gives_up_after});
    }
    return made;
}

void SoakMixedTillsTest::add_serial_tills()
{
    for (int i = 0; i < serial_lines; ++i) {
        const auto name = "com" + std::to_string(i + 1);
        auto around = place([this, i] { return lines_[static_cast<std::size_t>(i)]->plug_in(); });
        auto wanted = sales(4);
        switch (i % 4) {
            case 0: tills_.push_back(make_line_cashier(around, name, wanted, true, "")); break;
            case 1: tills_.push_back(make_line_cashier(around, name, wanted, false, "")); break;
            case 2: tills_.push_back(make_hypercom_cashier(around, name, wanted)); break;
            default: tills_.push_back(make_qfpay_cashier(around, name, wanted, qfpay_link::serial));
        }
    }
}

void SoakMixedTillsTest::add_tills_of_ports()
{
    const auto on = [this](const std::string& link, int i) {
        const auto port = bridge_->port(link);
        const auto from = "127.0.1." + std::to_string(10 + i);
        return place([this, port, from] { return test::tcp_wire(io_, port, from); });
    };
    for (int i = 0; i < tills_of_a_port; ++i) {
        const auto number = std::to_string(i + 1);
        const auto terminal = "T" + std::to_string(i % 9 == 8 ? 12 : i % 9 + 1);
        tills_.push_back(
            make_line_cashier(on("words", i), "words" + number, sales(3), false, terminal));
        tills_.push_back(make_hypercom_cashier(on("old", i), "old" + number, sales(2)));
        tills_.push_back(
            make_qfpay_cashier(on("app", i), "app" + number, sales(2), qfpay_link::tcp));
        tills_.push_back(
            make_qfpay_cashier(on("web", i), "web" + number, sales(2), qfpay_link::http));
    }
}

/// On a link of its own: nobody's slowness is anybody else's.
void SoakMixedTillsTest::keep_pinging()
{
    if (!pinger_) {
        pinger_ = test::tcp_wire(io_, bridge_->port("shop"));
        pinger_->on_bytes([this](std::string_view bytes) {
            if (bytes.find('\n') == std::string_view::npos) return;
            longest_ping_ = std::max(longest_ping_, clock_.now() - pinged_at_);
            ++pings_;
            time_->after(100ms, [this] { keep_pinging(); });
        });
    }
    pinged_at_ = clock_.now();
    pinger_->send("ping\n");
}

void SoakMixedTillsTest::run_until(const std::function<bool()>& done, milliseconds limit_of_it)
{
    const auto end = clock_.now() + limit_of_it;
    io_.restart();
    while (!done() && clock_.now() < end)
        io_.run_one_for(50ms);
}

/// The watch has found every payment that came after its order had ended.
bool SoakMixedTillsTest::late_money_is_known()
{
    std::set<std::string> paid;
    std::istringstream written{bridge_->output()};
    for (std::string line; std::getline(written, line);)
        if (line.find("order.step") != std::string::npos &&
            line.find(" to=paid") != std::string::npos)
            paid.insert(value_of(line, "order"));
    return cloud_.with([&](const simulator::cloud& running) {
        return std::ranges::all_of(running.truth().movements_of_money(), [&](const auto& moved) {
            return paid.contains(moved.out_trade_no) || !moved.late;
        });
    });
}

/// Stricter than the checker: here the cashiers were told the last word that there is.
void SoakMixedTillsTest::judge()
{
    const auto kept = test::read_journal(folder_ / "journal.db");
    const auto truth = cloud_.truth();
    simulation::check_end(kept, truth, said_, problems_);
    std::map<std::int64_t, int> charged;
    for (const auto& moved : truth.movements_of_money())
        ++charged[moved.amount_minor_units];
    for (const auto& till : tills_)
        for (const auto& customer : till->customers()) {
            const auto name = till->name() + " sold " + std::to_string(customer.amount);
            const auto times = charged[customer.amount];
            const auto order = std::ranges::find_if(kept.orders, [&](const auto& k) {
                return k.order.amount_minor_units == customer.amount;
            });
            if (order == kept.orders.end()) {
                problems_.push_back(name + ", and the journal does not know it");
                continue;
            }
            const auto state = order->order.state;
            const bool shown = order->order.needs != protocol::attention::none;
            if (times > 1) problems_.push_back(name + ", charged more than once");
            if (customer.how == says::paid && times != 1)
                problems_.push_back(name + ": told that it is paid, and it is not");
            if (customer.how == says::not_paid && times != 0 && !shown)
                problems_.push_back(name + ": told that it is not paid, and it is");
            if (customer.how == says::unknown && protocol::is_final(state) && !shown)
                problems_.push_back(name + ": told that nobody knows, and the journal does");
        }
    EXPECT_THAT(problems_, IsEmpty());
    EXPECT_EQ(truth.pushed_to_busy_terminal(), 0);
    EXPECT_EQ(truth.signature_failures(), 0);
    EXPECT_THAT(truth.charged_twice(), IsEmpty());
}

void SoakMixedTillsTest::report(milliseconds took, double cpu) const
{
    std::map<says, int> ends;
    milliseconds longest{};
    std::string who;
    for (const auto& till : tills_)
        for (const auto& customer : till->customers()) {
            ++ends[customer.how];
            if (customer.how != says::paid || customer.waited <= longest) continue;
            longest = customer.waited;
            who = till->name();
        }
    std::cout << next_sale_ << " sales in " << took.count() << " ms: " << ends[says::paid]
              << " paid, " << ends[says::not_paid] << " not paid, " << ends[says::unknown]
              << " unknown; the longest wait for \"paid\" " << longest.count() << " ms (" << who
              << "); " << pings_ << " pings, the longest " << longest_ping_.count()
              << " ms; the bridge used " << cpu << " s of CPU\n";
    EXPECT_GT(ends[says::paid], next_sale_ / 2);
    EXPECT_GT(ends[says::not_paid], next_sale_ / 20);
}

TEST_F(SoakMixedTillsTest, EveryTillIsToldTheTruth)
{
    const auto cpu_before = cpu_seconds();
    const auto began = clock_.now();
    start(whole_shop());
    add_serial_tills();
    add_tills_of_ports();
    keep_pinging();
    for (const auto& till : tills_)
        till->open();
    const auto all_closed = [&] { return std::ranges::all_of(tills_, &cashier::closed); };
    run_until(all_closed, day);
    for (const auto& till : tills_)
        EXPECT_TRUE(till->closed()) << till->standing();
    const auto took = clock_.now() - began;
    const auto watched_until = clock_.now() + 10s;
    while (!late_money_is_known() && clock_.now() < watched_until)
        run_until([] { return false; }, 200ms);
    EXPECT_EQ(bridge_->stop(), 0);
    EXPECT_LT(longest_ping_, 1s);
    judge();
    report(took, cpu_seconds() - cpu_before);
}

}  // namespace
}  // namespace ecr::process
