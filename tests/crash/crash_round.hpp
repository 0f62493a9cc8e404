#pragma once

#include "tests/crash/bridge_process.hpp"
#include "tests/crash/cloud_thread.hpp"
#include "tests/crash/scenario.hpp"
#include "tests/crash/truth.hpp"
#include "tests/support/temporary_folder.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ecr::crash {

/// How one start of the bridge ends before the shop is done. Nothing set: it does not.
struct death {
    std::optional<kill_point> at_commit{};
    std::optional<std::chrono::microseconds> after_start{};
    std::optional<std::chrono::microseconds> after_ready{};

    [[nodiscard]] std::string text() const;
};

/// One scenario, from an empty journal to the end of everything, with a bridge that dies on the way
/// as often as there are deaths, and is started again each time.
class crash_round {
public:
    /// `cloud` is used by one round at a time.
    crash_round(cloud_thread& cloud, scenario what, std::vector<death> deaths);

    void run();

    /// Sentences about what went wrong; empty: nothing.
    [[nodiscard]] const problem_list& problems() const noexcept { return problems_; }
    /// Deaths that came before the shop was done.
    [[nodiscard]] int kills() const noexcept { return kills_; }
    /// Commits of the last start.
    [[nodiscard]] int commits() const noexcept { return commits_; }
    /// The sale's order, as it was left at the end; nothing: there is none.
    [[nodiscard]] const kept_order* sale() const;
    /// How many steps of each sale's order were durable at the first death. 0: no order was.
    [[nodiscard]] const std::set<std::size_t>& steps_at_death() const { return steps_at_death_; }
    [[nodiscard]] std::string log() const;

private:
    using moment = std::chrono::steady_clock::time_point;

    void write_configuration();
    void set_the_stage();
    void pay_before_the_refund();
    void play(std::vector<till_script> scripts, const std::vector<death>& deaths);
    void serve_until_death_or_end(const death& how);
    [[nodiscard]] bool wait_for_events(std::optional<moment> kill_at, bool& alive);
    [[nodiscard]] bool over() const;
    void judge_what_was_heard(const sample_till& till, std::size_t from);
    void bury();
    void note_steps(const journal_content& kept);
    void judge_the_end();
    [[nodiscard]] till_list tills() const;
    [[nodiscard]] simulator::ledger truth();
    void wait_until_the_terminal_is_free();

    cloud_thread& cloud_;
    scenario what_;
    std::vector<death> deaths_;
    std::string id_;
    test::temporary_folder folder_;
    moment give_up_at_{};
    std::vector<std::unique_ptr<sample_till>> tills_;
    std::unique_ptr<bridge_process> bridge_;
    problem_list problems_;
    journal_content left_;
    int kills_ = 0;
    int commits_ = 0;
    std::set<std::size_t> steps_at_death_;
};

}  // namespace ecr::crash
