#include "tests/simulation/small_shop.hpp"

#include "tests/simulation/bridge_box.hpp"
#include "tests/simulation/checker.hpp"
#include "tests/simulation/choosing_till.hpp"
#include "tests/simulation/onlooker.hpp"
#include "tests/simulator/notification.hpp"
#include "tests/simulator/notifier.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace ecr::simulation {
namespace {

using namespace std::chrono_literals;
using simulator::fault;
using simulator::fault_kind;

std::uint64_t hashed(std::string_view text, std::uint64_t hash = 0xCBF29CE484222325ULL)
{
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    return hash;
}

simulator::settings cloud_settings()
{
    simulator::settings made;
    made.terminals.push_back({"T1", true});
    made.shopper_delay = 5s;
    made.requests_per_minute = 100'000;
    made.requests_per_second = 100'000;
    made.cpm_reply = simulator::cpm_reply::pending;
    return made;
}

/// The life of an order, shorter than a shop's.
protocol::enquiry_pace quick_pace()
{
    return {.while_waiting = 5s,
            .window_slack = 10s,
            .conclusion = 15s,
            .patience = 15s,
            .doubt = 20s,
            .doubt_until = 120s,
            .watch_soon = 60s,
            .watch_soon_until = 300s,
            .watch = 300s,
            .watch_until = 1500s,
            .outage_max = 60s};
}

class small_shop {
public:
    small_shop(small_scenario what, chooser& decisions);
    ~small_shop();
    small_shop(const small_shop&) = delete;
    small_shop& operator=(const small_shop&) = delete;

    std::vector<std::string> run();

private:
    void add_till(const std::string& name, const std::string& command, const std::string& number,
                  std::int64_t amount);
    std::size_t decide(std::size_t choices, std::string_view what);
    std::uint64_t state(std::string_view what);
    passage over(const std::string& path);
    void next_shopper();
    void next_notification();
    void power_on();
    void maybe_crash();
    void settle();
    void run_until(const std::function<bool()>& done, milliseconds limit);
    void told(statement what);
    void check_state();

    small_scenario what_;
    chooser& chooser_;
    problem_list problems_;
    test::temporary_folder folder_;
    daemon::virtual_clock clock_{
        timestamp{std::chrono::sys_days{std::chrono::year{2026} / 11 / 18}} + 4h};
    boost::asio::io_context world_{1};
    simulator::core cloud_;
    std::shared_ptr<simulator::agenda> wires_;
    sky sky_;
    link_hub hub_;
    post_box post_;
    bridge_box bridge_;
    onlooker onlooker_;
    std::vector<std::unique_ptr<choosing_till>> tills_;
    std::vector<statement> said_;
    bool over_ = false;         // nothing goes wrong any more
    std::uint64_t moved_ = 0;   // commits and requests: a power cut matters behind these
    std::uint64_t looked_ = 0;  // of them
    int starts_ = 0;
    int untruths_ = 0;  // notifications that say too much
};

small_shop::small_shop(small_scenario what, chooser& decisions)
    : what_{what},
      chooser_{decisions},
      cloud_{world_.get_executor(), clock_, cloud_settings()},
      wires_{std::make_shared<simulator::agenda>(world_.get_executor(), clock_)},
      sky_{cloud_, *wires_, [this](const std::string& path) { return over(path); }},
      post_{*wires_},
      bridge_{clock_, sky_, hub_, post_, cloud_.behaviour.client_key}
{
    wires_->start();
    bridge_.settings.journal = folder_ / "journal.db";
    bridge_.settings.cloud.url = "https://cloud.example";
    bridge_.settings.cloud.app_code = cloud_.behaviour.app_code;
    bridge_.settings.terminals.push_back({.id = "T1", .name = "front"});
    bridge_.settings.orders.pace = quick_pace();
    bridge_.settings.orders.push_patience = 8s;
    if (what != small_scenario::told_unasked) return;
    bridge_.settings.notifications.address = "127.0.0.1";
    cloud_.behaviour.notify_url = "http://127.0.0.1/qfpay/notify";
    cloud_.notices().deliver_by(
        [this](const std::string& body, const std::string& sign, simulator::post_listener then) {
            post_.post(body, sign, std::move(then));
        });
}

small_shop::~small_shop()
{
    tills_.clear();
    bridge_.power_off();
    cloud_.stop();
    wires_->stop();
    world_.restart();
    world_.poll();
}

void small_shop::add_till(const std::string& name, const std::string& command,
                          const std::string& number, std::int64_t amount)
{
    daemon::link_config link{.name = name};
    link.till = name;
    link.terminal = "T1";
    link.via = protocol::channel::wx;
    link.payment_timeout = 60s;
    if (number.empty()) {
        link.dialect = protocol::till::dialect_kind::hypercom;
        link.numbers = daemon::numbering::none;
    }
    bridge_.settings.links.push_back(link);
    tills_.push_back(std::make_unique<choosing_till>(
        choosing_till::wants{.name = name, .command = command, .number = number, .amount = amount},
        *wires_, hub_,
        [this](std::size_t choices, std::string_view about) { return decide(choices, about); },
        [this](statement said) { told(std::move(said)); }));
}

/// Everything that decides how it goes on: the clock, the journal, the money, the terminal, the
/// tills.
std::uint64_t small_shop::state(std::string_view what)
{
    auto hash = hashed(what, static_cast<std::uint64_t>(clock_.now().count()));
    for (const auto& row : onlooker_.rows(bridge_.settings.journal))
        hash = hashed(row, hash);
    for (const auto& till : tills_)
        hash = hashed(till->standing(), hash);
    const auto* terminal = cloud_.find_terminal("T1");
    hash = hashed(terminal->busy() ? terminal->current()->out_trade_no : "idle", hash);
    for (const auto& money : cloud_.facts.movements_of_money())
        hash = hashed(money.out_trade_no + money.syssn, hash);
    hash = hashed(std::to_string(cloud_.facts.pushes().size()) + ' ' +
                      std::to_string(cloud_.facts.cancels().size()) + ' ' +
                      std::to_string(cloud_.facts.requests_in_all()) +
                      (bridge_.is_on() ? " on" : " off") +
                      (untruths_ > 0 ? std::to_string(untruths_) : ""),
                  hash);
    return hash;
}

std::size_t small_shop::decide(std::size_t choices, std::string_view what)
{
    if (over_) return 0;
    check_state();
    return chooser_.choose(choices, what, [&] { return state(what); });
}

/// What is true in every state, whatever is under way.
void small_shop::check_state()
{
    for (const auto& push : cloud_.facts.pushes()) {
        const auto times = cloud_.facts.times_pushed(push.out_trade_no);
        if (times > 1) problems_.push_back("pushed twice: " + push.out_trade_no);
    }
    if (cloud_.facts.pushed_to_busy_terminal() > 0)
        problems_.emplace_back("pushed to a terminal that had another request");
    for (const auto& number : cloud_.facts.charged_twice())
        problems_.push_back("charged twice: " + number);
}

passage small_shop::over(const std::string& path)
{
    ++moved_;
    passage fair;
    const bool enquiry = path.find("query") != std::string::npos;
    const bool money = path.ends_with("payment/async") || path.ends_with("refund/async") ||
                       path.ends_with("/payment") || path.ends_with("/refund");
    if (money) next_shopper();
    switch (decide(enquiry ? 7 : 6, enquiry ? "the enquiry" : money ? "the push" : "the wish")) {
        case 1: return {.refused = true};
        case 2: return {.what = fault{.kind = fault_kind::close, .done = false}};
        case 3: return {.what = fault{.kind = fault_kind::no_answer}};
        case 4: return {.what = fault{.kind = fault_kind::late_delivery, .delay = 45s}};
        case 5: return {.what = fault{.kind = fault_kind::status, .http_status = 502}};
        case 6: return {.what = fault{.kind = fault_kind::stale}};
        default: return fair;
    }
}

void small_shop::next_shopper()
{
    using enum simulator::act;
    constexpr std::array acts{pays, declines, walks_away, pays_late, cancel_loses, never_shown};
    // What shoppers do as a rule.
    const std::size_t first = what_ == small_scenario::told_unasked  ? 2
                              : what_ == small_scenario::over_months ? 3
                                                                     : 0;
    const auto does = (decide(acts.size(), "the shopper") + first) % acts.size();
    simulator::shopper who{.does = acts.at(does)};
    if (who.does == pays_late) who.late = 200s;
    if (who.does == cancel_loses) who.after = 55s;
    cloud_.plan(who);
    if (what_ == small_scenario::told_unasked) next_notification();
}

/// What QFPay will tell about this push.
void small_shop::next_notification()
{
    using enum simulator::notice;
    constexpr std::array kinds{plain, lost, twice, forged};
    const auto what = decide(kinds.size() + 1, "the notification");
    if (what < kinds.size()) return cloud_.plan(simulator::notice_plan{.kind = kinds.at(what)});
    // That it is paid, rightly signed, while the shopper still looks at the terminal.
    ++untruths_;
    wires_->after(3s, [this] {
        const auto& all = cloud_.orders().all();
        if (all.empty()) return;  // it has not arrived
        const auto& about = *all.back();
        const auto made =
            simulator::notification_of(about, cloud_.behaviour, simulator::notice::plain);
        post_.post(made.body, made.sign, [](int, const std::string&) {});
    });
}

void small_shop::power_on()
{
    if (bridge_.is_on()) return;
    ++moved_;
    const auto note = [this] { ++moved_; };
    bridge_.power_on(static_cast<std::uint32_t>(++starts_), {.before = {}, .after = note});
}

/// Behind every commit and every request: what is in memory only, may be gone.
void small_shop::maybe_crash()
{
    if (moved_ == looked_ || !bridge_.is_on()) return;
    looked_ = moved_;
    const auto how = decide(3, "the power");
    if (how == 0) return;
    bridge_.power_off();
    wires_->after(how == 1 ? 1s : 400s, [this, how] {
        // Two months, in whose first minutes everything has happened.
        if (how == 2 && what_ == small_scenario::over_months) clock_.shift_wall(63 * 24h);
        power_on();
    });
}

void small_shop::settle()
{
    for (bool more = true; more;) {
        world_.restart();
        more = world_.poll() > 0;
        while (bridge_.step()) {
            more = true;
            if (bridge_.ended())
                problems_.push_back("the bridge has ended: " + bridge_.ended()->why);
            maybe_crash();
        }
    }
}

void small_shop::run_until(const std::function<bool()>& done, milliseconds limit)
{
    const auto end = clock_.now() + limit;
    for (settle(); !done() && clock_.now() < end && problems_.empty(); settle())
        clock_.advance_to_next(end);
}

void small_shop::told(statement what)
{
    what.at = clock_.wall();
    check_statement(what, cloud_.facts, problems_);
    said_.push_back(std::move(what));
}

std::vector<std::string> small_shop::run()
{
    switch (what_) {
        case small_scenario::one_sale:
        case small_scenario::told_unasked:
        case small_scenario::over_months: add_till("till1", "pay", "A1", 1001); break;
        case small_scenario::two_tills:
            add_till("till1", "pay", "A1", 1001);
            add_till("till2", "pay", "B1", 1002);
            break;
        case small_scenario::sale_and_refund:
            add_till("till1", "pay", "A1", 1001);
            add_till("till2", "refund of=A1", "R1", 100);
            break;
        case small_scenario::scanned:
            add_till("till1", "scan auth_code=134857903088557123", "A1", 1001);
            break;
        case small_scenario::shown_code: add_till("till1", "qr", "A1", 1001); break;
        case small_scenario::sale_without_number: add_till("till1", "", "", 1001); break;
    }
    power_on();
    run_until([] { return false; }, 100ms);
    if (what_ == small_scenario::sale_and_refund) {
        tills_.front()->begin();
        run_until([this] { return tills_.front()->done(); }, 1h);
        if (!tills_.front()->paid()) tills_.pop_back();
        if (tills_.size() > 1) tills_.back()->begin();
    } else {
        for (const auto& till : tills_)
            till->begin();
    }
    const auto all_done = [this] {
        return std::ranges::all_of(tills_, [](const auto& till) { return till->done(); });
    };
    run_until(all_done, 2h);
    over_ = true;
    run_until([] { return false; }, 40min);
    if (!all_done()) problems_.emplace_back("a till still waits");
    check_state();
    bridge_.power_off();
    const auto kept = test::read_journal(bridge_.settings.journal);
    check_end(kept, cloud_.facts, said_, problems_);
    return std::move(problems_);
}

}  // namespace

std::string_view name_of(small_scenario what) noexcept
{
    switch (what) {
        case small_scenario::one_sale: return "one_sale";
        case small_scenario::two_tills: return "two_tills";
        case small_scenario::sale_and_refund: return "sale_and_refund";
        case small_scenario::scanned: return "scanned";
        case small_scenario::shown_code: return "shown_code";
        case small_scenario::sale_without_number: return "sale_without_number";
        case small_scenario::told_unasked: return "told_unasked";
        case small_scenario::over_months: return "over_months";
    }
    return {};
}

std::vector<std::string> run_small_shop(small_scenario what, chooser& decisions)
{
    return small_shop{what, decisions}.run();
}

}  // namespace ecr::simulation
