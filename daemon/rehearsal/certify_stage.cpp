#include "daemon/rehearsal/certify_stage.hpp"

#include "daemon/app.hpp"
#include "daemon/certify/till_relay.hpp"
#include "daemon/rehearsal/certify_settings.hpp"
#include "daemon/trace/trace_book.hpp"
#include "store/journal_extract.hpp"
#include "tests/simulator/cloud.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace ecr::daemon::certify {
namespace {

namespace fs = std::filesystem;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto tick = 10ms;
constexpr std::size_t said_something = 4;  // bytes; less is an acknowledgement

fs::path make_folder()
{
    auto pattern = (fs::temp_directory_path() / "ecrbridge-certify-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        throw boost::system::system_error{errno, boost::system::system_category(), pattern};
    return pattern;
}

/// The real clock; but by day, whatever the hour is.
class stage_clock final : public clock {
public:
    [[nodiscard]] milliseconds now() const override { return real_.now(); }
    [[nodiscard]] timestamp wall() const override { return real_.wall() + shift_; }

protected:
    void arm(alarm& a, milliseconds at) override
    {
        timer_of(a).expires_at(asio::steady_timer::time_point{at});
    }
    void disarm(alarm&) override {}

private:
    real_clock real_;
    milliseconds shift_ = shift_out_of_the_night(real_.wall());
};

}  // namespace

struct stage::parts {
    explicit parts(stage_plan chosen)
        : plan{std::move(chosen)},
          folder{make_folder()},
          cloud{io.get_executor(), time, cloud_settings(plan.pace)}
    {
        cloud.start();
        std::ofstream{folder / "ca.pem"} << cloud.ca_pem();
        settle_config();
        power_on();
    }
    /// What cannot be switched off in order ends the program: it is the hand tool's, and holds no
    /// till's money. NOLINTNEXTLINE(bugprone-exception-escape)
    ~parts()
    {
        power_off();
        cloud.stop();
        io.restart();
        io.run_for(50ms);             // what was cancelled hears of it
        std::error_code left_behind;  // a throw-away folder that stays harms nobody
        fs::remove_all(folder, left_behind);
    }

    void settle_config()
    {
        conf = bridge_settings(folder, cloud.port());
        if (plan.links.empty())
            plan.links.push_back({.name = "lan", .kind = link_kind::tcp, .port = plan.port});
        for (const auto& link : plan.links)
            add_link(staged(link, plan.pace));
        link_config neighbour_of_all{.name = neighbour_link, .kind = link_kind::tcp};
        neighbour_of_all.via = protocol::channel::wx;
        conf.links.push_back(std::move(neighbour_of_all));
    }

    /// A relay has the place of a TCP link.
    void add_link(link_config link)
    {
        if (link.kind == link_kind::tcp) {
            relays.push_back(
                {link.name, std::make_unique<till_relay>(io.get_executor(), link.address, link.port,
                                                         link.allow)});
            link.address = "127.0.0.1";
            link.port = 0;
            link.allow.clear();  // all come from the relay, which goes by it
        }
        conf.links.push_back(std::move(link));
    }

    bool until(const std::function<bool()>& condition, milliseconds limit)
    {
        const auto end = time.now() + limit;
        while (!condition()) {
            if (time.now() >= end) return false;
            io.restart();
            io.run_for(tick);
            take_trace();
            play();
        }
        return true;
    }

    void power_on()
    {
        app::options how;
        how.secrets.push_back({.client_key = std::string{simulator::test_client_key},
                               .proxy_password = {},
                               .notification_key = {}});
        bridge.emplace(io.get_executor(), time, conf, std::move(how));
        traced = 0;
        run(bridge->start());
        for (auto& [name, relay] : relays)
            relay->lead_to(bridge->port(name));
    }

    void power_off()
    {
        if (!bridge) return;
        for (auto& [name, relay] : relays) {
            relay->lead_to(0);
            relay->cut();
        }
        bridge->hurry();
        run(bridge->stop());
        take_trace();
        bridge.reset();
    }

    void run(asio::awaitable<void> task)
    {
        bool done = false;
        std::exception_ptr failed;
        asio::co_spawn(io, std::move(task), [&](std::exception_ptr how) {
            failed = how;
            done = true;
        });
        while (!done) {
            io.restart();
            io.run_for(tick);
        }
        if (failed) std::rethrow_exception(failed);
    }

    void take_trace()
    {
        if (!bridge) return;
        for (const auto* each : bridge->traces().since({}, traced)) {
            traced = each->number;
            if (each->record.link == neighbour_link) continue;
            const bool words = each->record.what == protocol::till::trace_event::from_till &&
                               each->record.bytes.size() >= said_something;
            if (hit && words) ++asked;
            trace.push_back(each->record);
        }
    }

    /// What goes wrong, once its moment has come.
    void play()
    {
        if (playing) return;  // a bridge that stops lets time pass, too
        playing = true;
        const bool pushed = cloud.truth().pushes().size() > pushes_before;
        if (pushed && !hit && time.now() >= hit_from) strike();
        if (repair_at && time.now() >= *repair_at) repair();
        playing = false;
    }

    void strike()
    {
        const auto& how = plan.pace;
        switch (which) {
            case trial::power_cut:
                hit = true;
                power_off();
                repair_at = time.now() + how.dark;
                break;
            case trial::lost_reply:
                // A till on a wire of its own loses nothing, whatever other links there are.
                for (auto& [name, relay] : relays)
                    if (relay->swallow()) hit = true;
                if (hit) repair_at = time.now() + how.silence;
                break;
            case trial::in_doubt:
                hit = true;
                cloud.plan(simulator::fault{
                    .kind = simulator::fault_kind::close, .path = "query", .count = -1});
                repair_at = time.now() + how.doubt;
                break;
            case trial::repeat: hit = first_sale_is_over(); break;
            default: break;
        }
    }

    void repair()
    {
        repair_at.reset();
        if (!bridge) power_on();
        if (which == trial::lost_reply)
            for (auto& [name, relay] : relays)
                relay->cut();
        cloud.clear_faults();
    }

    [[nodiscard]] bool first_sale_is_over() const
    {
        const auto all = orders();
        return !all.empty() && protocol::is_final(all.front().state);
    }

    /// The till's, since the trial began; or its neighbour's, too.
    [[nodiscard]] std::vector<protocol::order> orders(bool with_neighbour = false) const
    {
        std::vector<protocol::order> all;
        store::extract_orders(
            folder / "journal.db", {.since = began}, [&](store::extracted_order&& each) {
                const bool asked_for =
                    with_neighbour || !each.order.till.starts_with(neighbour_link);
                if (asked_for && !known.contains(each.order.out_trade_no))
                    all.push_back(std::move(each.order));
                return true;
            });
        return all;
    }

    /// The neighbour's sale as well: the next trial finds the terminal free.
    [[nodiscard]] bool at_rest() const
    {
        return !repair_at && bridge && std::ranges::all_of(orders(true), [](const auto& o) {
            return protocol::is_final(o.state);
        });
    }

    /// Another till gets the terminal first.
    void occupy()
    {
        const auto port = bridge->port(neighbour_link);
        cloud.plan(simulator::shopper{.after = plan.pace.window / 2});
        neighbour.emplace(io);
        neighbour->connect({asio::ip::address_v4::loopback(), port});
        const auto number = std::to_string(cloud.truth().pushes().size());
        asio::write(*neighbour, asio::buffer("pay order=NEIGHBOUR" + number +
                                             " amount=777 till=" + neighbour_link + "\n"));
        (void)until([&] { return cloud.truth().pushes().size() > pushes_before; }, 10s);
    }

    stage_plan plan;
    stage_clock time;  // before the context: its handlers hold alarms
    asio::io_context io{1};
    fs::path folder;
    simulator::cloud cloud;
    config conf;
    std::vector<std::pair<std::string, std::unique_ptr<till_relay>>> relays;
    std::optional<app> bridge;
    std::optional<tcp::socket> neighbour;

    trial which = trial::payment;
    timestamp began{};
    std::map<std::string, bool> known;  // orders of earlier trials
    std::size_t pushes_before = 0;
    std::size_t money_before = 0;
    milliseconds hit_from{};
    bool hit = false;
    bool playing = false;
    std::size_t asked = 0;
    std::optional<milliseconds> repair_at;
    std::uint64_t traced = 0;
    std::vector<protocol::till::trace_record> trace;
    std::string paid;
};

stage::stage(stage_plan plan) : parts_{std::make_unique<parts>(std::move(plan))} {}

stage::~stage() = default;

std::vector<std::string> stage::where() const
{
    const auto& p = *parts_;
    std::vector<std::string> all;
    const auto links = p.bridge->links();
    for (std::size_t i = 0; i + 1 < links.size(); ++i) {  // the last is the neighbour's
        const auto& name = p.conf.links[i].name;
        const auto relay = std::ranges::find(p.relays, name, [](const auto& r) { return r.first; });
        const auto& chosen = p.plan.links[i];
        all.push_back(relay == p.relays.end()
                          ? links[i]
                          : "tcp " + chosen.address + ":" + std::to_string(relay->second->port()));
    }
    return all;
}

std::string stage::address() const
{
    for (const auto& each : where())
        if (each.starts_with("tcp ")) return each.substr(4);
    return {};
}

bool stage::until(const std::function<bool()>& condition, milliseconds limit)
{
    return parts_->until(condition, limit);
}

void stage::begin(trial which)
{
    auto& p = *parts_;
    using simulator::act;
    using simulator::shopper;
    for (const auto& o : p.orders())
        p.known[o.out_trade_no] = true;
    p.which = which;
    p.began = p.time.wall();
    p.trace.clear();
    p.hit = false;
    p.asked = 0;
    p.hit_from = {};
    p.pushes_before = p.cloud.truth().pushes().size();
    if (which == trial::busy) p.occupy();
    p.pushes_before = p.cloud.truth().pushes().size();
    p.money_before = p.cloud.truth().movements_of_money().size();
    switch (which) {
        case trial::decline: p.cloud.plan(shopper{.does = act::declines}); break;
        case trial::cancel:
        case trial::expiry: p.cloud.plan(shopper{.does = act::walks_away}); break;
        case trial::late_payment:
            p.cloud.plan(shopper{.does = act::pays_late, .late = 2 * p.plan.pace.shopper});
            break;
        case trial::in_doubt:
            p.cloud.plan(simulator::fault{.kind = simulator::fault_kind::close, .path = "payment"});
            break;
        default: break;
    }
}

observation stage::end()
{
    auto& p = *parts_;
    const auto pace = p.plan.pace;
    (void)p.until([&] { return p.at_rest(); }, pace.doubt + pace.window + 15s);
    (void)p.until([] { return false; }, pace.settling);
    if (p.which == trial::late_payment)
        (void)p.until([&] { return p.cloud.truth().movements_of_money().size() > p.money_before; },
                      2 * pace.shopper + 5s);
    (void)p.until([&] { return p.at_rest(); }, 5s);
    p.neighbour.reset();
    p.cloud.clear_faults();

    observation seen{.which = p.which, .orders = p.orders()};
    const auto is_ours = [&](const std::string& number) {
        return p.known.contains(number) ||
               std::ranges::count(seen.orders, number, &protocol::order::out_trade_no) > 0;
    };
    const auto& money = p.cloud.truth().movements_of_money();
    for (auto at = p.money_before; at < money.size(); ++at)
        if (is_ours(money[at].out_trade_no)) ++(money[at].refund ? seen.refunds : seen.charges);
    seen.hit = p.hit;
    seen.asked = p.asked;
    for (const auto& o : seen.orders)
        if (o.kind == protocol::order_kind::payment && o.state == protocol::order_state::paid)
            p.paid = o.till_order.empty() ? o.out_trade_no : o.till_order;
    return seen;
}

const std::vector<protocol::till::trace_record>& stage::trace() const
{
    return parts_->trace;
}

std::string stage::paid_number() const
{
    return parts_->paid;
}

}  // namespace ecr::daemon::certify
