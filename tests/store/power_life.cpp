#include "tests/store/power_life.hpp"

#include "tests/store/power_cut.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <unordered_set>

namespace ecr::store {
namespace {

// Of the states that are opened, one in so many has its power cut while it is opened, so often.
constexpr std::uint64_t cut_again_one_in = 100;
constexpr std::uint64_t cut_again_times = 8;

[[nodiscard]] disk_image start_of(const power_scenario& scenario, const std::filesystem::path& path)
{
    if (scenario.start == 0) return {};
    if (scenario.start < 0) {
        unflushed_disk disk;
        disk.recording = false;
        const journal made{path};
        return disk.seen();
    }
    const auto released = std::filesystem::path{ECR_SOURCE_DIR} / "tests/data" /
                          ("journal_v" + std::to_string(scenario.start) + ".db");
    std::ifstream in{released, std::ios::binary};
    return {{path.filename().string(),
             std::make_shared<const std::string>(std::istreambuf_iterator<char>{in},
                                                 std::istreambuf_iterator<char>{})}};
}

/// Goes through what happened to a disk, and cuts its power at every moment.
class power_cutter {
public:
    power_cutter(const full_story& story, const disk_image& start, const unflushed_disk& lived)
        : story_{&story}, start_{&start}, lived_{&lived}
    {}

    void cut(const power_choice& choice, power_figures& figures);

private:
    template <class Visit>
    void each_moment(Visit visit) const;
    [[nodiscard]] std::uint64_t drawn_each(const power_choice& choice, power_figures& figures);
    void try_one(const cuts_at& cuts, std::uint64_t number, std::size_t event, const promise& made,
                 const power_choice& choice, power_figures& figures);
    void cut_again(const disk_image& left, const promise& made, const std::string& where,
                   std::uint64_t seed, power_figures& figures);
    [[nodiscard]] bool is_new(const disk_image& left, std::size_t epoch, const promise& made);

    const full_story* story_;
    const disk_image* start_;
    const unflushed_disk* lived_;
    std::size_t epoch_ = 0;
    std::unordered_set<std::size_t> seen_;
};

template <class Visit>
void power_cutter::each_moment(Visit visit) const
{
    platter disk{*start_};
    promise made;
    for (std::size_t i = 0; i < lived_->events.size(); ++i) {
        const auto& event = lived_->events[i];
        disk.happens(event);
        if (event.what == disk_event::kind::note)
            made = lived_->promises[static_cast<std::size_t>(event.offset)];
        if (!made.watched || !matters(event)) continue;
        const cuts_at cuts{disk, event};
        if (!visit(i, cuts, made, disk.epoch())) return;
    }
}

std::uint64_t power_cutter::drawn_each(const power_choice& choice, power_figures& figures)
{
    std::uint64_t enumerated = 0;
    std::uint64_t moments = 0;
    each_moment([&](std::size_t, const cuts_at& cuts, const promise&, std::size_t) {
        enumerated += cuts.enumerated();
        figures.exhaustive += cuts.all_subsets() ? 1 : 0;
        ++moments;
        return true;
    });
    figures.moments += moments;
    const auto left = choice.states > enumerated ? choice.states - enumerated : 0;
    return moments == 0 ? 0 : left / moments + 1;
}

bool power_cutter::is_new(const disk_image& left, std::size_t epoch, const promise& made)
{
    // Bytes that nothing was written to are shared with the platter until it is flushed.
    if (epoch != epoch_) seen_.clear();
    epoch_ = epoch;
    std::size_t hash = made.begun * 31 + made.acknowledged * 7 + (made.opened ? 1 : 0);
    for (const auto& [name, bytes] : left) {
        hash = hash * 1'000'003 + std::hash<std::string>{}(name);
        hash =
            hash * 1'000'003 + (bytes.use_count() > 2 ? reinterpret_cast<std::size_t>(bytes.get())
                                                      : std::hash<std::string>{}(*bytes));
    }
    return seen_.insert(hash).second;
}

void power_cutter::cut_again(const disk_image& left, const promise& made, const std::string& where,
                             std::uint64_t seed, power_figures& figures)
{
    unflushed_disk second{left};
    const auto found = story_->look_at(left, made, &second);
    if (!found.complaint.empty()) {
        ++figures.lost;
        if (figures.first_complaint.empty()) figures.first_complaint = where + found.complaint;
        return;
    }
    power_cutter again{*story_, left, second};
    std::mt19937_64 random{seed};
    std::uint64_t moments = 0;
    again.each_moment(
        [&](std::size_t, const cuts_at&, const promise&, std::size_t) { return ++moments != 0; });
    again.each_moment([&](std::size_t, const cuts_at& cuts, const promise& now, std::size_t) {
        if (random() % moments >= cut_again_times) return true;
        const auto number = random() % (2 * cuts.enumerated() + 1);
        const auto survived = story_->look_at(cuts.cut(number, seed), now);
        ++figures.built;
        ++figures.checked;
        ++figures.again;
        if (survived.complaint.empty()) return true;
        ++figures.lost;
        if (figures.first_complaint.empty())
            figures.first_complaint = where + "after a second cut: " + survived.complaint;
        return false;
    });
}

void power_cutter::try_one(const cuts_at& cuts, std::uint64_t number, std::size_t event,
                           const promise& made, const power_choice& choice, power_figures& figures)
{
    const auto left = cuts.cut(number, choice.seed * 7919 + event);
    ++figures.built;
    if (!is_new(left, cuts.epoch(), made)) return;
    ++figures.checked;
    const auto where =
        "ECR_POWER_STATE=" + std::to_string(event) + ":" + std::to_string(number) + ": ";
    // By the state's number, so that a state tried alone is tried the same way.
    const auto draw = std::mt19937_64{choice.seed ^ (event << 32) ^ number}();
    if (draw % cut_again_one_in == 0) return cut_again(left, made, where, draw, figures);
    const auto found = story_->look_at(left, made);
    if (found.complaint.empty()) return;
    ++figures.lost;
    if (figures.first_complaint.empty()) figures.first_complaint = where + found.complaint;
}

void power_cutter::cut(const power_choice& choice, power_figures& figures)
{
    const auto drawn = drawn_each(choice, figures);
    each_moment([&](std::size_t event, const cuts_at& cuts, const promise& made, std::size_t) {
        if (choice.only_event && *choice.only_event != event) return true;
        if (choice.only_number) {
            try_one(cuts, *choice.only_number, event, made, choice, figures);
            return false;
        }
        const auto end = cuts.enumerated() + drawn;
        for (std::uint64_t number = 0; number < end; ++number) {
            try_one(cuts, number, event, made, choice, figures);
            if (figures.lost >= choice.complaints_max) return false;
        }
        return true;
    });
}

}  // namespace

void power_life::open()
{
    disk_->note(now_);
    on_.emplace(story_->path());
    now_.opened = true;
    disk_->note(now_);
}

void power_life::kill()
{
    disk_->kill([&] { on_.reset(); });
}

void power_life::verbs(std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        now_.begun = now_.acknowledged + 1;
        disk_->note(now_);
        ASSERT_EQ(story_->tell(*on_, now_.acknowledged), error_code{});
        now_.acknowledged = now_.begun;
        disk_->note(now_);
    }
}

void power_life::group(std::size_t size)
{
    now_.begun = now_.acknowledged + size;
    disk_->note(now_);
    ASSERT_EQ(on_->begin_group(), error_code{});
    for (std::size_t i = 0; i < size; ++i)
        ASSERT_EQ(story_->tell(*on_, now_.acknowledged + i), error_code{});
    ASSERT_EQ(on_->commit_group(), error_code{});
    now_.acknowledged = now_.begun;
    disk_->note(now_);
}

void power_life::fill_log(std::size_t pages)
{
    const auto log = story_->path().filename().string() + "-wal";
    constexpr std::size_t frame_size = 4096 + 24;
    while (disk_->seen().at(log)->size() < pages * frame_size)
        verbs(1);
}

void power_life::checkpoint()
{
    ASSERT_EQ(on_->checkpoint(), error_code{});
}

void power_life::watch()
{
    now_.watched = true;
    disk_->note(now_);
}

power_figures cut_power(const power_scenario& scenario, const std::filesystem::path& path,
                        const power_choice& choice)
{
    // The log's salts are random; the states of one seed must be the same in every run.
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(choice.seed % 1000 + 1),
                         static_cast<sqlite3*>(nullptr));
    const auto start = start_of(scenario, path);
    const full_story story{path, start, scenario.verbs + 3, scenario.content_size};
    unflushed_disk disk{start};
    disk.settings = scenario.settings;
    disk.ignored_setting = scenario.ignored_setting;
    disk.ignored_answer = scenario.ignored_answer;
    {
        power_life life{story, disk};
        scenario.live(life);
    }
    disk.settings.clear();
    power_figures figures;
    power_cutter{story, start, disk}.cut(choice, figures);
    return figures;
}

}  // namespace ecr::store
