#include "tests/simulation/shop_run.hpp"

#include "tests/simulation/bridge_box.hpp"
#include "tests/simulation/failing_disk.hpp"
#include "tests/simulation/shop_draw.hpp"
#include "tests/simulator/notification.hpp"
#include "tests/simulator/notifier.hpp"
#include "tests/support/temporary_folder.hpp"

#include <array>
#include <functional>
#include <optional>
#include <utility>

namespace ecr::simulation {
namespace {

using namespace std::chrono_literals;

// The watch lasts 26 h, and begins anew where the bridge was off for as long.
constexpr std::chrono::hours quiet_for{57};

class shop {
public:
    shop(const shop_plan& plan, bool with_story);
    ~shop();
    shop(const shop&) = delete;
    shop& operator=(const shop&) = delete;

    shop_report run();

private:
    void power_on();
    void power_off();
    void settle();
    void run_until(const std::function<bool()>& done, milliseconds limit);
    void plan_crash();
    void plan_jump();
    void plan_disk_trouble();
    void plan_weeks_off();
    void plan_notifications();
    void tell_untruth();
    void look_after();
    void plan_shoppers();
    void told(statement what);
    void note(const std::string& text);
    [[nodiscard]] std::unique_ptr<till_model> till_of(const daemon::link_config& link);
    void judge();
    void tell_of_money();

    shop_plan plan_;
    bool with_story_;
    fate luck_;
    shop_report report_;
    test::temporary_folder folder_;
    failing_disk disk_;
    daemon::virtual_clock clock_;
    asio::io_context world_{1};
    simulator::core cloud_;
    std::shared_ptr<simulator::agenda> wires_;
    weather weather_;
    sky sky_;
    link_hub hub_;
    post_box post_;
    bridge_box bridge_;
    std::vector<std::unique_ptr<till_model>> tills_;
    std::vector<statement> said_;
    std::int64_t next_amount_ = 100'000;
    std::int64_t next_part_ = 1;
    milliseconds closes_at_{};
    std::optional<std::size_t> dies_in_;  // handlers from now
    bool kept_off_ = false;               // for weeks
    std::size_t starts_ = 0;
    std::size_t disk_failures_ = 0;  // that are accounted for
    bool met_a_bug_ = false;
};

shop::shop(const shop_plan& plan, bool with_story)
    : plan_{plan},
      with_story_{with_story},
      luck_{plan.seed},
      clock_{plan.start},
      cloud_{world_.get_executor(), clock_, cloud_of(plan, luck_)},
      wires_{std::make_shared<simulator::agenda>(world_.get_executor(), clock_)},
      sky_{cloud_, *wires_, [this](const std::string& path) { return weather_.over(path, luck_); }},
      post_{*wires_},
      bridge_{clock_, sky_, hub_, post_, cloud_.behaviour.client_key},
      closes_at_{plan.open_for}
{
    bridge_.settings = bridge_of(plan, folder_ / "", luck_);
    wires_->start();
    weather_ = plan.sky;
    for (const auto& link : bridge_.settings.links)
        if (link.dialect == protocol::till::dialect_kind::hypercom)
            hub_.make_noisy(link.name, plan.noise);
}

shop::~shop()
{
    power_off();
    tills_.clear();
    cloud_.stop();
    wires_->stop();
    world_.restart();
    world_.poll();
}

void shop::note(const std::string& text)
{
    if (!with_story_) return;
    report_.story.push_back(std::to_string(clock_.now().count()) + " " + text);
}

void shop::power_on()
{
    if (bridge_.is_on() || kept_off_) return;
    note("power on");
    bridge_.power_on(static_cast<std::uint32_t>(plan_.seed + ++starts_));
    look_after();
}

/// The service manager: starts it again when its journal has failed. A mistake of its own ends the
/// run.
void shop::look_after()
{
    if (!bridge_.ended()) return;
    const auto end = *bridge_.ended();
    note("the bridge ends: " + end.why);
    const bool of_the_disk = end.journal_failed && disk_.failures > disk_failures_;
    disk_failures_ = disk_.failures;
    power_off();
    if (!of_the_disk) {
        report_.problems.push_back("the bridge has ended: " + end.why);
        met_a_bug_ = true;
        return;
    }
    ++report_.journal_failures;
    wires_->after(luck_.between(2s, 20s), [this] { power_on(); });
}

void shop::power_off()
{
    if (bridge_.is_on()) note("power off");
    bridge_.power_off();
    dies_in_.reset();
}

/// Everything that can happen at this moment.
void shop::settle()
{
    for (bool more = true; more;) {
        world_.restart();
        more = world_.poll() > 0;
        while (bridge_.step()) {
            more = true;
            look_after();
            if (!dies_in_ || (*dies_in_)-- > 0) continue;
            power_off();
            ++report_.crashes;
            const auto off =
                luck_.per_cent(10) ? luck_.between(1min, 26h) : luck_.between(1s, 5min);
            wires_->after(off, [this] { power_on(); });
        }
    }
}

void shop::run_until(const std::function<bool()>& done, milliseconds limit)
{
    const auto end = clock_.now() + limit;
    for (settle(); !done() && clock_.now() < end && !met_a_bug_; settle())
        clock_.advance_to_next(end);
}

/// At any step of the bridge, also while it recovers from the crash before.
void shop::plan_crash()
{
    wires_->after(luck_.between(0ms, plan_.open_for), [this] {
        if (bridge_.is_on()) dies_in_ = luck_.below(200);
    });
    if (luck_.per_cent(30))
        wires_->after(luck_.between(0ms, plan_.open_for), [this] {
            power_off();
            power_on();
            dies_in_ = luck_.below(60);
        });
}

void shop::plan_jump()
{
    wires_->after(luck_.between(0ms, plan_.open_for), [this] {
        const auto by = luck_.between(-2h, 2h);
        note("the PC's clock jumps by " + std::to_string(by.count()) + " ms");
        clock_.shift_wall(by);
        cloud_.behaviour.clock_offset -= by;  // QFPay's does not
    });
}

/// On the disk under the journal. Whatever it leaves undone it says.
void shop::plan_disk_trouble()
{
    wires_->after(luck_.between(0ms, plan_.open_for), [this] {
        constexpr std::array troubles{disk_trouble::full, disk_trouble::full, disk_trouble::broken};
        disk_.trouble = luck_.one_of(troubles);
        note(disk_.trouble == disk_trouble::full ? "the disk is full" : "the disk fails");
        wires_->after(luck_.between(100ms, 5min), [this] { disk_.trouble = disk_trouble::none; });
    });
}

/// Whatever shoppers still do, they do in the first hours of it: longer than any of them pays late.
void shop::plan_weeks_off()
{
    wires_->after(luck_.between(0ms, plan_.open_for), [this] {
        power_off();
        kept_off_ = true;
        wires_->after(luck_.between(150min, 4h), [this] {
            const auto by = std::chrono::hours{24} * (15 + luck_.below(60));
            note("and stays off for " + std::to_string(by.count() / 24) + " days");
            clock_.shift_wall(by);
            kept_off_ = false;
            power_on();
        });
    });
}

void shop::plan_notifications()
{
    using enum simulator::notice;
    constexpr std::array kinds{plain, plain,          plain,     plain,     late,
                               twice, forged,         reordered, lost,      unknown_type,
                               plain, altered_amount, twice,     style_2016};
    cloud_.notices().deliver_by(
        [this](const std::string& body, const std::string& sign, simulator::post_listener then) {
            ++report_.hints;
            post_.post(body, sign, std::move(then));
        });
    for (int i = 0; i < 400; ++i)
        cloud_.plan(
            simulator::notice_plan{.kind = luck_.one_of(kinds), .delay = luck_.between(1s, 10min)});
    for (auto at = luck_.between(1s, 2min); at < plan_.open_for; at += luck_.between(1s, 2min))
        wires_->after(at, [this] { tell_untruth(); });
}

/// That one of the newest payments is paid, though nobody may have paid it: signed by QFPay, or by
/// somebody who would like it so.
void shop::tell_untruth()
{
    const auto& all = cloud_.orders().all();
    if (all.empty()) return;
    const auto& about = *all[all.size() - 1 - luck_.below(std::min<std::size_t>(all.size(), 4))];
    if (about.refund) return;
    const auto kind = luck_.per_cent(50) ? simulator::notice::plain : simulator::notice::forged;
    const auto made = simulator::notification_of(about, cloud_.behaviour, kind);
    ++report_.hints;
    post_.post(made.body, made.sign, [](int, const std::string&) {});
}

void shop::plan_shoppers()
{
    for (int i = 0; i < 400; ++i)
        cloud_.plan(shopper_of(plan_.sluggish, luck_));
}

void shop::told(statement what)
{
    what.at = clock_.wall();
    note(what.till + " < " + what.words);
    for (const char c : what.till + what.words)
        report_.digest = (report_.digest ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    check_statement(what, cloud_.facts, report_.problems);
    said_.push_back(std::move(what));
}

shop_report shop::run()
{
    plan_shoppers();
    for (int i = 0; i < plan_.crashes; ++i)
        plan_crash();
    for (int i = 0; i < plan_.clock_jumps; ++i)
        plan_jump();
    for (int i = 0; i < plan_.disk_troubles; ++i)
        plan_disk_trouble();
    if (plan_.months_off) plan_weeks_off();
    if (plan_.told_unasked) plan_notifications();
    power_on();
    for (const auto& link : bridge_.settings.links) {
        tills_.push_back(till_of(link));
        tills_.back()->open();
    }
    run_until([] { return false; }, plan_.open_for);
    // From here on nothing goes wrong any more: everything has to come to its end.
    weather_ = {};
    disk_.trouble = disk_trouble::none;
    dies_in_.reset();
    run_until([] { return false; }, quiet_for);
    judge();
    return std::move(report_);
}

std::unique_ptr<till_model> shop::till_of(const daemon::link_config& link)
{
    surroundings_of_till around{.wires = *wires_,
                                .luck = luck_,
                                .hub = hub_,
                                .trading = [this] { return clock_.now() < closes_at_; },
                                .next_amount = [this] { return next_amount_++; },
                                .next_part = [this] { return next_part_++; },
                                .told = [this](statement what) { told(std::move(what)); }};
    switch (link.dialect) {
        case protocol::till::dialect_kind::hypercom:
            return make_hypercom_till(std::move(around), link.name);
        case protocol::till::dialect_kind::qfpay_local:
            return make_qfpay_local_till(std::move(around), link.name);
        default: return make_line_till(std::move(around), link.name);
    }
}

void shop::judge()
{
    report_.simulated = clock_.now();
    report_.statements = said_.size();
    report_.doubled = sky_.repeated();
    power_off();
    for (const auto& till : tills_)
        if (!till->closed()) report_.problems.push_back(till->name() + " still waits");
    const auto kept = test::read_remains(bridge_.settings.journal, folder_ / "copy.db");
    check_end(kept, cloud_.facts, said_, report_.problems);
    report_.orders = kept.orders.size();
    for (const auto& k : kept.orders) {
        report_.paid += k.order.state == protocol::order_state::paid;
        report_.late += k.has_late_step();
        report_.for_the_operator += k.order.needs != protocol::attention{};
        if (!with_story_) continue;
        auto line = k.order.out_trade_no + " " + std::to_string(k.order.amount_minor_units) + ":";
        for (const auto& step : k.steps)
            line += " " + std::string{protocol::name_of(step.to)};
        report_.story.push_back(line);
    }
    if (with_story_) tell_of_money();
}

void shop::tell_of_money()
{
    for (const auto& m : cloud_.facts.movements_of_money()) {
        const auto* what = m.reversed ? "given back" : m.refund ? "refunded" : "charged";
        const auto ago = clock_.wall() - m.at;
        report_.story.push_back(std::to_string((clock_.now() - ago).count()) + " " + what + " " +
                                m.out_trade_no + " " + std::to_string(m.amount_minor_units) +
                                (m.late ? " late" : ""));
    }
}

}  // namespace

shop_report run_shop(const shop_plan& plan, bool with_story)
{
    return shop{plan, with_story}.run();
}

}  // namespace ecr::simulation
