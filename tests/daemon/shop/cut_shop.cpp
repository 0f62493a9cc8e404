#include "tests/daemon/shop/cut_shop.hpp"

#include "protocol/order/state.hpp"
#include "tests/support/till_wire.hpp"

#include <algorithm>
#include <ostream>
#include <stdexcept>
#include <utility>

namespace ecr::test {
namespace {

constexpr std::int64_t amount = 500;
constexpr std::int64_t refunded_amount = 200;
constexpr auto told_within = 90min;  // of any command, whatever is cut

/// The proportions are a shop's, so that the same things happen in the same order; but a day has
/// passed after an hour, and each cut costs fewer enquiries.
void shorten(daemon::config& c)
{
    for (auto& link : c.links)
        link.payment_timeout = 10s;
    c.cloud.connect_timeout = 5s;
    c.cloud.answer_timeout = 10s;
    auto& pace = c.orders.pace;
    pace.window_slack = 10s;
    pace.refund_window = 20s;
    pace.conclusion = 15s;
    pace.patience = 15s;
    pace.doubt = 20s;
    pace.doubt_until = 3min;
    pace.watch_soon = 1min;
    pace.watch_soon_until = 10min;
    pace.watch = 10min;
    pace.watch_until = 1h;
    pace.outage_max = 1min;
}

shop_plan through(relays_of_shop& relays, shop& where, const std::string& host)
{
    shop_plan plan;
    plan.bridge = [&relays, &where, host](daemon::config& c) {
        relays.to_cloud =
            std::make_unique<cutting_relay>(where.io().get_executor(), where.cloud().port());
        shorten(c);
        c.cloud.url = "https://" + host + ":" + std::to_string(relays.to_cloud->port());
    };
    return plan;
}

/// A till behind the relay. What it says after the line was cut is lost, as with a real one.
class relayed_till final : public sample_till {
public:
    relayed_till(boost::asio::io_context& io, std::uint16_t port) : wire_{tcp_wire(io, port)}
    {
        wire_->on_bytes([this](std::string_view bytes) { received(bytes); });
    }
    void send(std::string bytes) override { wire_->send(std::move(bytes)); }
    void hang_up() override { wire_->hang_up(); }

private:
    std::unique_ptr<till_wire> wire_;
};

bool says_not_paid(const std::string& state)
{
    return state == "declined" || state == "cancelled" || state == "expired" || state == "rejected";
}

bool says_paid(const std::string& state)
{
    return state == "paid" || state == "refunded";
}

}  // namespace

const char* name_of(story what)
{
    switch (what) {
        case story::payment: return "Payment";
        case story::refund: return "Refund";
        case story::cancel: return "Cancel";
        case story::scan: return "Scan";
    }
    return "?";
}

void PrintTo(story what, std::ostream* out)
{
    *out << name_of(what);
}

// The plan is made up while the shop is: by then it has its context and its cloud.
cut_shop::cut_shop(const std::string& host) : shop{through(*this, *this, host)}
{
    to_till = std::make_unique<cutting_relay>(io().get_executor(), bridge().port("lan"));
}

cut_shop::~cut_shop()
{
    to_till.reset();
    to_cloud.reset();  // while its executor lives
}

cut_shop::wish cut_shop::prepare(story what)
{
    told_.clear();
    problems_.clear();
    const auto id = std::to_string(++stories_);
    wish w{.number = "A" + id, .amount = amount};
    const auto of_500 = " order=" + w.number + " amount=500 tag=sale";
    w.command = "pay channel=wx" + of_500;
    if (what == story::scan)
        w.command =
            "scan channel=alipay auth_code=28" + std::to_string(1'000'000'000 + stories_) + of_500;
    w.cancels = what == story::cancel;
    if (w.cancels) cloud().plan_order(w.number, {.does = simulator::act::walks_away});
    if (what == story::refund) {
        w.of = "P" + id;
        w.amount = refunded_amount;
        const auto till = tcp_till();
        if (value_of(ask(*till, "pay channel=wx order=" + w.of + " amount=500"), "state").empty() ||
            truth().charged(w.of).count != 1)
            problems_.push_back("nothing to refund: " + till->last("result"));
        w.command = "refund order=" + w.number + " of=" + w.of + " amount=200 tag=sale";
        pass(1s);
    }
    w.pushes_before = truth().pushes().size();
    return w;
}

void cut_shop::say_cancel_when_asked(sample_till& till, const wish& w)
{
    if (!w.cancels) return;
    const auto asked_or_over = [&] {
        return till.count("progress", "on_terminal") + till.count("progress", "confirming") > 0 ||
               till.count("result", "tag=sale") > 0 || till.count("error", "tag=sale") > 0;
    };
    if (!until(asked_or_over, told_within) || till.count("progress") == 0) return;
    till.say("cancel order=" + w.number + " tag=wish");
}

/// The line that ends the sale's command; "": there was none.
std::string cut_shop::end_of(sample_till& till, milliseconds limit)
{
    const auto last = [&] {
        const auto result = till.last("result", "tag=sale");
        return result.empty() ? till.last("error", "tag=sale") : result;
    };
    until([&] { return !last().empty(); }, limit);
    return last();
}

simulator::movements cut_shop::moved(const wish& w)
{
    return w.of.empty() ? truth().charged(w.number) : truth().refunded(w.of);
}

/// At the moment a till is told.
void cut_shop::judge_told(const wish& w, const std::string& line)
{
    told_.push_back(line);
    const auto wrong = [&](const std::string& what) {
        problems_.push_back("told \"" + line + "\": " + what);
    };
    const auto state = value_of(line, "state");
    const auto safe = value_of(line, "safe_to_retry");
    const auto now = moved(w);
    if (line.empty()) return wrong("the command never ended");
    if (says_paid(state) && now != simulator::movements{1, w.amount})
        wrong("no such money has moved");
    if (says_not_paid(state) && now.count != 0) wrong("the money has moved");
    if (safe != (says_not_paid(state) ? "yes" : "no") && !line.starts_with("error"))
        wrong("safe_to_retry should say otherwise");
    if (safe == "yes" && now.count != 0) wrong("the money has moved, and it may be rung again");
}

/// What must hold whenever nobody is at work: sent once, moved once, final or shown, and true.
void cut_shop::judge_kept(const wish& w, const std::string& when, bool in_the_end)
{
    const auto wrong = [&](const std::string& what) {
        problems_.push_back(w.number + ", " + when + ": " + what);
    };
    const auto now = moved(w);
    if (truth().pushes().size() > w.pushes_before + 1) wrong("sent more than once");
    if (now.count > 1) wrong("moved more than once");
    if (!truth().charged_twice().empty()) wrong("charged twice: " + truth().charged_twice()[0]);
    if (truth().pushed_to_busy_terminal() > 0) wrong("sent to a busy terminal");
    const auto kept = journal(w.number);
    if (!kept) {
        if (now.count > 0 || truth().pushes().size() > w.pushes_before)
            wrong("the journal does not know it");
        return;
    }
    const bool shown = kept->needs != 0 || kept->state == "unresolved";
    const auto state = protocol::order_state_of(kept->state);
    if (in_the_end && !protocol::is_final(state) && !shown)
        wrong("neither final nor on the operator's list: " + kept->state);
    if (kept->state == "paid" && now != simulator::movements{1, w.amount})
        wrong("paid in the journal, not in the ledger");
    if (protocol::is_final(state) && kept->state != "paid" && now.count > 0 && !shown)
        wrong(kept->state + " in the journal, moved in the ledger");
    for (const auto& line : told_)
        if (says_not_paid(value_of(line, "state")) && now.count > 0 && !shown)
            wrong("told \"" + line + "\", and the money has moved unseen");
}

/// Final, or shown: an order in doubt is asked about for an hour here, and then the operator's.
void cut_shop::wait_until_it_ends(const wish& w)
{
    for (int minute = 0; minute < 70; ++minute) {
        const auto kept = journal(w.number);
        if (!kept || kept->state == "unresolved" ||
            protocol::is_final(protocol::order_state_of(kept->state)))
            return;
        pass(1min);
    }
}

cut_shop::problem_list cut_shop::end_story(const wish& w)
{
    wait_until_it_ends(w);
    judge_kept(w, "in the end", true);
    return std::exchange(problems_, {});
}

cut_shop::problem_list cut_shop::play(story what, const std::function<void()>& breaks)
{
    const auto w = prepare(what);
    const auto till = tcp_till();
    to_cloud->begin();
    breaks();
    till->say(w.command);
    say_cancel_when_asked(*till, w);
    judge_told(w, end_of(*till, told_within));
    return end_story(w);
}

cut_shop::problem_list cut_shop::cut_cloud(story what, const std::optional<cut>& where)
{
    const auto w = prepare(what);
    const auto till = tcp_till();
    to_cloud->begin(where);
    till->say(w.command);
    say_cancel_when_asked(*till, w);
    judge_told(w, end_of(*till, told_within));
    if (where && where->for_good) {
        pass(5min);
        judge_kept(w, "without the cloud", false);
    }
    to_cloud->heal();
    return end_story(w);
}

std::string cut_shop::come_back(const wish& w, bool rings)
{
    relayed_till till{io(), to_till->port()};
    till.say(rings ? w.command : "query order=" + w.number + " tag=sale");
    return end_of(till, told_within);
}

cut_shop::problem_list cut_shop::cut_till(story what, const std::optional<cut>& where)
{
    const auto w = prepare(what);
    to_till->begin(where);
    std::string line;
    {
        relayed_till till{io(), to_till->port()};
        till.say(w.command);
        say_cancel_when_asked(till, w);
        const auto ended = [&] {
            return to_till->has_cut() || !till.last("result", "tag=sale").empty();
        };
        until(ended, told_within);
        line = end_of(till, 1s);
    }
    if (!line.empty()) judge_told(w, line);
    if (where && where->for_good) return end_story(w);
    const bool rings = (where && where->after % 2 == 0) || !journal(w.number);
    if (line.empty()) judge_told(w, come_back(w, rings));
    return end_story(w);
}

}  // namespace ecr::test
