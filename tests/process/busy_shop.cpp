#include "busy_shop.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <utility>

namespace ecr::process {
namespace {

using simulation::statement;
using simulator::fault;
using simulator::fault_kind;
using testing::IsEmpty;

/// What the last two digits of an amount do, and what the cashier does meanwhile.
struct kind_of_sale {
    int digits = 0;
    mischief does = mischief::none;
    milliseconds gives_up_after = 70s;
};

constexpr int pays_late = 4;

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
    {pays_late, mischief::none},
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

}  // namespace

BusyShopTest::BusyShopTest(int terminals)
    : ProcessTest{erring_cloud(terminals)}, terminals_{terminals}
{
    plan_weather();
    time_->start();
}

BusyShopTest::~BusyShopTest()
{
    tills_.clear();
    time_->stop();
    lines_.clear();
    io_.restart();
    io_.poll();
}

simulator::settings BusyShopTest::erring_cloud(int terminals)
{
    auto how = quick_cloud();
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

std::string BusyShopTest::link_text(const std::string& name, const std::string& lines)
{
    return "[[link]]\nname = \"" + name + "\"\nchannel = \"wx\"\npayment_timeout_s = 2\n" + lines;
}

shop_config BusyShopTest::quick_shop() const
{
    shop_config how;
    for (int i = 3; i <= terminals_; ++i)
        how.links += "[[terminal]]\nid = \"T" + std::to_string(i) + "\"\n";
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

std::string BusyShopTest::add_line(int bytes_per_second, const std::string& terminal)
{
    const auto which = lines_.size();
    lines_.push_back(std::make_unique<test::paced_line>(io_, bytes_per_second));
    return link_text("com" + std::to_string(which + 1),
                     "type = \"serial\"\nbaud = 9600\ndevice = \"" + lines_.back()->device() +
                         "\"\nterminal = \"" + terminal + "\"\n" +
                         serial_dialects[which % serial_dialects.size()]);
}

void BusyShopTest::add_serial_till(std::size_t line, std::vector<sale> wanted,
                                   const cashier_pace& pace)
{
    const auto name = "com" + std::to_string(line + 1);
    auto around = place([this, line] { return lines_[line]->plug_in(); }, pace);
    switch (line % serial_dialects.size()) {
        case 0: tills_.push_back(make_line_cashier(around, name, wanted, true, "")); break;
        case 1: tills_.push_back(make_line_cashier(around, name, wanted, false, "")); break;
        case 2: tills_.push_back(make_hypercom_cashier(around, name, wanted)); break;
        default: tills_.push_back(make_qfpay_cashier(around, name, wanted, qfpay_link::serial));
    }
}

till_place BusyShopTest::at_port(const std::string& link, int address, const cashier_pace& pace)
{
    const auto from = "127.0.1." + std::to_string(address);
    const auto connect = [this, link, from]() -> std::unique_ptr<test::till_wire> {
        const auto port = bridge_ ? bridge_->port_by_now(link) : std::nullopt;
        if (!port) return nullptr;
        try {
            return test::tcp_wire(io_, *port, from);
        } catch (const boost::system::system_error&) {
            return nullptr;  // it has just died
        }
    };
    return place(connect, pace);
}

till_place BusyShopTest::place(std::function<std::unique_ptr<test::till_wire>()> connect,
                               const cashier_pace& pace)
{
    return {.time = *time_,
            .connect = std::move(connect),
            .told =
                [this](statement what) {
                    cloud_.with([&](const simulator::cloud& running) {
                        simulation::check_statement(what, running.truth(), problems_);
                    });
                    said_.push_back(std::move(what));
                },
            .pace = pace};
}

std::vector<sale> BusyShopTest::sales(int count)
{
    std::vector<sale> made;
    for (; std::ssize(made) < count; ++next_sale_) {
        const auto& kind = kinds[static_cast<std::size_t>(next_sale_) % kinds.size()];
        if (kind.digits == pays_late && !has_late_payers_) continue;
        made.push_back({.amount = 100'000 + 100 * next_sale_ + kind.digits,
                        .does = kind.does,
                        .gives_up_after = kind.gives_up_after});
    }
    return made;
}

void BusyShopTest::plan_weather()
{
    cloud_.with([](simulator::cloud& running) {
        running.clear_faults();
        for (auto& each : weather())
            running.plan(std::move(each));
    });
}

void BusyShopTest::tills_in_hand_hang_up()
{
    for (const auto& till : tills_)
        till->switch_off();
}

void BusyShopTest::run_until(const std::function<bool()>& done, milliseconds limit_of_it)
{
    const auto end = clock_.now() + limit_of_it;
    io_.restart();
    while (!done() && clock_.now() < end)
        io_.run_one_for(50ms);
}

void BusyShopTest::run_to(milliseconds moment, const std::function<bool()>& done)
{
    io_.restart();
    while (clock_.now() < moment && !done())
        io_.run_one_for(1ms);
}

std::string BusyShopTest::tcp_links(int first_terminal)
{
    const auto at = [first_terminal](int which) {
        return "type = \"tcp\"\nlisten = \"127.0.0.1:0\"\nterminal = \"T" +
               std::to_string(first_terminal + which) + "\"\n";
    };
    return link_text("words", at(0)) +
           link_text("old",
                     at(1) + "dialect = \"hypercom\"\nnumbers = \"none\"\npatience_s = 5\n") +
           link_text("app", at(2) +
                                "dialect = \"qfpay-local\"\nwrapping = \"tcp\"\n"
                                "patience_s = 5\n") +
           link_text("web", at(3) + "dialect = \"qfpay-local\"\nwrapping = \"http\"\n");
}

void BusyShopTest::add_tcp_tills(int of_each, int sales_of_each, const cashier_pace& pace)
{
    for (int i = 0; i < of_each; ++i) {
        const auto number = std::to_string(i + 1);
        // Those of the line dialect have the last terminals for themselves.
        const auto terminal = "T" + std::to_string(terminals_ - i);
        const auto wanted = [&] { return sales(sales_of_each); };
        tills_.push_back(make_line_cashier(at_port("words", 10 + i, pace), "words" + number,
                                           wanted(), false, terminal));
        tills_.push_back(
            make_hypercom_cashier(at_port("old", 10 + i, pace), "old" + number, wanted()));
        tills_.push_back(make_qfpay_cashier(at_port("app", 10 + i, pace), "app" + number, wanted(),
                                            qfpay_link::tcp));
        tills_.push_back(make_qfpay_cashier(at_port("web", 10 + i, pace), "web" + number, wanted(),
                                            qfpay_link::http));
    }
}

std::vector<std::string> BusyShopTest::unsettled(const test::journal_content& kept)
{
    std::vector<std::string> found;
    for (const auto& [order, steps] : kept.orders)
        if (!protocol::is_final(order.state) && order.state != protocol::order_state::unresolved &&
            order.needs == protocol::attention::none)
            found.push_back(order.out_trade_no + " is " + std::string{name_of(order.state)});
    cloud_.with([&](const simulator::cloud& running) {
        for (const auto& moved : running.truth().movements_of_money()) {
            const auto* late = moved.late ? kept.find(moved.out_trade_no) : nullptr;
            if (late != nullptr && late->order.state != protocol::order_state::paid)
                found.push_back(moved.out_trade_no + " was paid late and is " +
                                std::string{name_of(late->order.state)});
        }
    });
    return found;
}

void BusyShopTest::close_shop(const std::string& config_text, milliseconds day)
{
    for (const auto& till : tills_)
        till->close_up();
    run_until([&] { return all_closed(); }, day);
    for (const auto& till : tills_)
        EXPECT_TRUE(till->closed()) << till->standing();
    std::vector<std::string> left;
    for (int look = 0; look < 30; ++look) {
        EXPECT_EQ(bridge_->stop(), 0);
        written_before_ += bridge_->output();
        left = unsettled(test::read_journal(folder_ / "journal.db"));
        if (left.empty()) return;
        bridge_ = run(config_text);
        run_until([] { return false; }, 2s);
    }
    EXPECT_EQ(bridge_->stop(), 0);
    EXPECT_THAT(left, IsEmpty());
}

shop_config BusyShopTest::hasty_shop(int serial_lines, int bytes_per_second)
{
    auto how = quick_shop();
    for (int i = 0; i < serial_lines; ++i)
        how.links += add_line(bytes_per_second, "T" + std::to_string(i + 1));
    how.links += tcp_links(serial_lines + 1);
    // An order whose bridge comes back after its patience stays in doubt when the terminal was not
    // told to cancel: then it is asked about until it is the operator's.
    how.enquiry +=
        "patience_ms = 8000\nwatch_soon_ms = 1000\nwatch_ms = 2000\nwatch_until_ms = 20000\n";
    return how;
}

bool BusyShopTest::all_closed() const
{
    return std::ranges::all_of(tills_, &cashier::closed);
}

int BusyShopTest::ended(says how) const
{
    std::ptrdiff_t all = 0;
    for (const auto& till : tills_)
        all += std::ranges::count(till->customers(), how, &cashier::served::how);
    return static_cast<int>(all);
}

bool BusyShopTest::late_money_is_known()
{
    std::set<std::string> paid;
    std::istringstream written{written_before_ + (bridge_ ? bridge_->output() : "")};
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
void BusyShopTest::judge()
{
    const auto kept = test::read_journal(folder_ / "journal.db");
    const auto truth = cloud_.truth();
    const bool was_killed = !written_before_.empty();
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
                // Of a bridge that died before, a till may have heard that nobody knows.
                if (!was_killed || customer.how == says::paid || times > 0)
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
            // While bridges died one after the other, a cashier may have given up too soon.
            if (!was_killed && customer.how == says::unknown && protocol::is_final(state) && !shown)
                problems_.push_back(name + ": told that nobody knows, and the journal does");
        }
    EXPECT_THAT(problems_, IsEmpty());
    EXPECT_EQ(truth.pushed_to_busy_terminal(), 0);
    EXPECT_EQ(truth.signature_failures(), 0);
    EXPECT_THAT(truth.charged_twice(), IsEmpty());
}

}  // namespace ecr::process
