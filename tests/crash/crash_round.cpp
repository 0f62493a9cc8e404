#include "tests/crash/crash_round.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <sys/stat.h>
#include <thread>

namespace ecr::crash {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto round_time_max = 30s;
constexpr auto termid = "CRASH00001";

std::string next_id()
{
    static int rounds = 0;
    return std::to_string(++rounds);
}

std::string configuration(const test::temporary_folder& folder, std::uint16_t cloud_port,
                          bool impatient)
{
    // Short times: what takes minutes in a shop must take a second here. Not so the patience: an
    // order whose bridge comes back after it stays in doubt when the terminal was not told to
    // cancel, and on a slow machine a start takes its time.
    return "[bridge]\njournal = \"" + (folder / "journal.db").string() +
           "\"\n[cloud]\nurl = \"https://localhost:" + std::to_string(cloud_port) +
           "\"\napp_code = \"" + std::string{simulator::test_app_code} +
           "\"\nclient_key_file = \"" + (folder / "client.key").string() + "\"\nca_file = \"" +
           (folder / "ca.pem").string() + "\"\nanswer_timeout_s = " + (impatient ? "0.4" : "5") +
           "\nrequests_per_minute = 100000\nrequests_per_second = 10000\n"
           "[[terminal]]\nid = \"" +
           termid +
           "\"\n[[link]]\nname = \"lan\"\ntype = \"tcp\"\nlisten = \"127.0.0.1:0\"\n"
           "payment_timeout_s = 1\n"
           "[enquiry]\nfirst_ms = 20\nwhile_waiting_ms = 20\nafter_processing_ms = 20\n"
           "window_slack_ms = 150\nrefund_window_ms = 1000\nconclusion_ms = 150\npatience_ms = "
           "20000\nconfirmation_ms = 40\n"
           "doubt_ms = 50\ndoubt_until_ms = 1500\noutage_first_ms = 50\n"
           "outage_max_waiting_ms = 100\n";
}

}  // namespace

std::string death::text() const
{
    if (at_commit) return at_commit->text();
    if (after_start) return std::to_string(after_start->count()) + " us after the start";
    if (after_ready) return std::to_string(after_ready->count()) + " us after it was ready";
    return "never";
}

crash_round::crash_round(cloud_thread& cloud, scenario what, std::vector<death> deaths)
    : cloud_{cloud}, what_{std::move(what)}, deaths_{std::move(deaths)}, id_{next_id()}
{}

void crash_round::run()
{
    give_up_at_ = steady_clock::now() + round_time_max;
    cloud_.ask([](simulator::cloud& c) { c.reset(); });
    write_configuration();
    if (what_.is_refund()) pay_before_the_refund();
    set_the_stage();
    play(what_.tills(id_), deaths_);
    judge_the_end();
}

void crash_round::write_configuration()
{
    const auto port = cloud_.ask([](simulator::cloud& c) { return c.port(); });
    std::ofstream{folder_ / "ca.pem"} << cloud_.ask([](auto& c) { return c.ca_pem(); });
    std::ofstream{folder_ / "client.key"} << simulator::test_client_key;
    ::chmod((folder_ / "client.key").c_str(), 0600);
    std::ofstream{folder_ / "bridge.toml"}
        << configuration(folder_, port, what_.goes_wrong.has_value());
}

void crash_round::set_the_stage()
{
    const auto scripts = what_.tills(id_);
    cloud_.ask([&](simulator::cloud& c) {
        (void)c.terminal(termid);
        for (std::size_t i = 0; i < scripts.size(); ++i)
            what_.kind == sale::scan || what_.kind == sale::qr ? c.plan(what_.who)
                                                               : c.plan(termid, what_.who);
        if (what_.goes_wrong) c.plan(*what_.goes_wrong);
    });
}

void crash_round::pay_before_the_refund()
{
    cloud_.ask([](simulator::cloud& c) { (void)c.terminal(termid); });
    play({scenario::payment_before(id_)}, {});
    kills_ = 0;
}

void crash_round::play(std::vector<till_script> scripts, const std::vector<death>& deaths)
{
    tills_.clear();
    for (auto& script : scripts)
        tills_.push_back(std::make_unique<sample_till>(std::move(script)));
    for (std::size_t start = 0; problems_.empty(); ++start) {
        serve_until_death_or_end(start < deaths.size() ? deaths[start] : death{});
        if (over()) break;
        ++kills_;
        bury();
    }
    if (bridge_) commits_ = bridge_->commits();
    bridge_.reset();  // the last death: what follows must not depend on a good end either
    for (const auto& till : tills_)
        till->hang_up();
}

bool crash_round::over() const
{
    return std::ranges::all_of(tills_, [](const auto& till) { return till->done(); });
}

void crash_round::serve_until_death_or_end(const death& how)
{
    bridge_ = std::make_unique<bridge_process>(folder_ / "bridge.toml", folder_ / "bridge.log",
                                               cloud_.wall_shift(), how.at_commit);
    std::optional<moment> kill_at;
    if (how.after_start) kill_at = steady_clock::now() + *how.after_start;
    bool alive = true;
    bool was_ready = false;
    while (alive && !over()) {
        if (!wait_for_events(kill_at, alive)) return;
        if (was_ready || !bridge_->port()) continue;
        was_ready = true;
        if (how.after_ready) kill_at = steady_clock::now() + *how.after_ready;
        for (const auto& till : tills_)
            till->connect(*bridge_->port());
    }
    if (alive) return;
    if (const auto status = bridge_->wait(); status != -SIGKILL)
        problems_.push_back("the bridge ended by itself: " + std::to_string(status));
}

bool crash_round::wait_for_events(std::optional<moment> kill_at, bool& alive)
{
    const auto now = steady_clock::now();
    if (now >= give_up_at_) {
        problems_.emplace_back("the shop was never done");
        bridge_->kill();
        return false;
    }
    if (kill_at && now >= *kill_at) {
        bridge_->kill();
        kill_at.reset();
    }
    std::vector<pollfd> watched{{.fd = bridge_->output(), .events = POLLIN, .revents = 0}};
    for (const auto& till : tills_)
        watched.push_back({.fd = till->socket(), .events = POLLIN, .revents = 0});
    const auto wait =
        std::chrono::nanoseconds{std::min(kill_at.value_or(give_up_at_), give_up_at_) - now};
    const timespec limit{.tv_sec = wait / 1s, .tv_nsec = (wait % 1s).count()};
    (void)::ppoll(watched.data(), watched.size(), &limit, nullptr);

    for (std::size_t i = 0; i < tills_.size(); ++i) {
        if (watched[i + 1].revents == 0) continue;
        const auto known = tills_[i]->heard().size();
        tills_[i]->read();
        judge_what_was_heard(*tills_[i], known);
    }
    if (watched[0].revents != 0) alive = bridge_->read_output();
    return true;
}

void crash_round::judge_what_was_heard(const sample_till& till, std::size_t from)
{
    const auto& heard = till.heard();
    const bool money = std::any_of(heard.begin() + static_cast<std::ptrdiff_t>(from), heard.end(),
                                   [](const told& t) { return t.says_paid(); });
    if (!money) return;
    const auto now = truth();
    for (auto i = from; i < heard.size(); ++i)
        judge_paid(heard[i], till.number(), now, problems_);
}

void crash_round::bury()
{
    for (const auto& till : tills_) {
        const auto known = till->heard().size();
        till->read_to_the_end();
        judge_what_was_heard(*till, known);
    }
    const auto kept = read_remains(folder_ / "journal.db", folder_ / "copy.db");
    judge_requests(kept, truth(), problems_);
    judge_histories(kept, problems_);
    judge_promises(kept, tills(), problems_);
    if (steps_at_death_.empty()) note_steps(kept);
}

void crash_round::note_steps(const journal_content& kept)
{
    for (const auto& till : tills_) {
        const auto* order = kept.find(till->number());
        // A till without numbers that has not been told the bridge's.
        if (what_.kind == sale::without_number && !kept.orders.empty())
            order = &kept.orders.front();
        steps_at_death_.insert(order ? order->steps.size() : 0);
    }
}

void crash_round::judge_the_end()
{
    if (!problems_.empty()) return;
    wait_until_the_terminal_is_free();
    left_ = read_remains(folder_ / "journal.db", folder_ / "copy.db");
    const auto now = truth();
    judge_requests(left_, now, problems_);
    judge_histories(left_, problems_);
    judge_promises(left_, tills(), problems_);
    judge_ends(left_, now, tills(), problems_);
    if (what_.goes_wrong) judge_doubts(left_, problems_);
    const auto orders = what_.tills(id_).size() + (what_.is_refund() ? 1 : 0);
    if (left_.orders.size() != orders)
        problems_.push_back(std::to_string(orders) + " sales have become " +
                            std::to_string(left_.orders.size()) + " orders");
}

void crash_round::wait_until_the_terminal_is_free()
{
    const auto busy = [](simulator::cloud& c) { return c.terminal(termid).busy(); };
    while (cloud_.ask(busy)) {
        if (steady_clock::now() >= give_up_at_) {
            problems_.emplace_back("the terminal still shows an amount");
            return;
        }
        std::this_thread::yield();
    }
}

till_list crash_round::tills() const
{
    till_list all;
    for (const auto& till : tills_)
        all.emplace_back(*till);
    return all;
}

simulator::ledger crash_round::truth()
{
    return cloud_.ask([](simulator::cloud& c) { return c.truth(); });
}

const kept_order* crash_round::sale() const
{
    return tills_.empty() ? nullptr : left_.find(tills_.front()->number());
}

std::string crash_round::log() const
{
    std::ifstream in{folder_ / "bridge.log"};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    for (const auto& till : tills_)
        for (const auto& t : till->heard())
            text += till->script().name + " heard (" + std::to_string(t.connection) +
                    "): " + t.line + "\n";
    return text;
}

}  // namespace ecr::crash
