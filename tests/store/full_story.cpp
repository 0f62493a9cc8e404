#include "tests/store/full_story.hpp"

#include "store/migrations.hpp"
#include "store/sqlite.hpp"
#include "tests/store/sample_order.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <limits>

namespace ecr::store {
namespace {

using namespace protocol;

constexpr std::size_t verbs_per_order = 6;
constexpr std::string_view cells = "|";

[[nodiscard]] error_code step(journal& on, const std::string& number, std::size_t n,
                              order_state from, order_event event)
{
    step_facts facts;
    if (event == order_event::pay)
        facts.facts = transaction_facts{.syssn = "S" + number, .respcd = "0000"};
    return on.advance(number, *decide(from, event), name_of(event),
                      at(static_cast<std::int64_t>(n)), facts);
}

// Every second message is one that has come before: a row that changes.
[[nodiscard]] error_code notify(journal& on, const std::string& number, std::size_t n)
{
    const auto order = n / verbs_per_order;
    const auto which = std::to_string(order / 2);
    return on
        .note_notification({.merchant = "shop",
                            .kind = "payment",
                            .syssn = "S" + which,
                            .out_trade_no = number,
                            .order = number,
                            .body = "{}",
                            .digest = which,
                            .received_at = at(static_cast<std::int64_t>(n))})
        .error();
}

void append_rows(std::string& to, sqlite3* db, const char* sql)
{
    sqlite3_stmt* compiled = nullptr;
    throw_if(sqlite3_prepare_v2(db, sql, -1, &compiled, nullptr), sqlite3_errmsg(db));
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> query{compiled, sqlite3_finalize};
    int code = SQLITE_OK;
    while ((code = sqlite3_step(compiled)) == SQLITE_ROW) {
        for (int column = 0; column < sqlite3_column_count(compiled); ++column) {
            const auto* const text =
                reinterpret_cast<const char*>(sqlite3_column_text(compiled, column));
            to.append(text == nullptr ? "NULL" : text).append(cells);
        }
        to += '\n';
    }
    if (code != SQLITE_DONE) throw_if(code, sqlite3_errmsg(db));
}

[[nodiscard]] std::string answer_to(sqlite3* db, const char* sql)
{
    std::string all;
    append_rows(all, db, sql);
    return all;
}

constexpr auto tables = std::to_array<const char*>({"SELECT * FROM orders ORDER BY id",
                                                    "SELECT * FROM steps ORDER BY id",
                                                    "SELECT * FROM notifications ORDER BY id"});
constexpr std::array<std::size_t, 4> tables_of_version{0, 2, 3, 3};

/// The head of what content_of() gives for a journal of that released version.
[[nodiscard]] std::string schema_text(sqlite3* db)
{
    return "version " + answer_to(db, "PRAGMA user_version") +
           answer_to(db, "SELECT type, name, sql FROM sqlite_schema ORDER BY name");
}

struct reading {
    bool checks = true;  // SQLite's own
    bool rows = true;
};

[[nodiscard]] std::string text_of(const std::filesystem::path& path, const reading& what)
{
    sqlite3* raw = nullptr;
    const int opened = sqlite3_open_v2(path.string().c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection{raw, sqlite3_close};
    throw_if(opened, path.string());
    throw_if(sqlite3_extended_result_codes(raw, 1), path.string());
    if (what.checks) {
        if (const auto check = answer_to(raw, "PRAGMA integrity_check"); check != "ok|\n")
            throw_if(SQLITE_CORRUPT, check);
        if (const auto orphans = answer_to(raw, "PRAGMA foreign_key_check"); !orphans.empty())
            throw_if(SQLITE_CORRUPT, "orphans: " + orphans);
    }
    auto all = schema_text(raw);
    if (!what.rows) return all;
    const auto version = static_cast<std::size_t>(all[8] - '0');
    for (std::size_t i = 0; i < tables_of_version.at(version); ++i)
        append_rows(all, raw, tables.at(i));
    return all;
}

[[nodiscard]] std::string short_of(const std::string& content)
{
    return content.size() < 400 ? content : "..." + content.substr(content.size() - 400);
}

}  // namespace

error_code tell(journal& on, std::size_t n, std::size_t content_size)
{
    const auto number = "P" + std::to_string(n / verbs_per_order);
    switch (n % verbs_per_order) {
        case 0: {
            auto order = new_order(number, at(static_cast<std::int64_t>(n)));
            order.content.assign(content_size, 'c');
            return on.add(order, "asked");
        }
        case 1: return step(on, number, n, order_state::accepted, order_event::send);
        case 2: return step(on, number, n, order_state::sending, order_event::push);
        case 3: return notify(on, number, n);
        case 4: return step(on, number, n, order_state::on_terminal, order_event::pay);
        default: return on.mark_delivered(number);
    }
}

std::string content_of(const std::filesystem::path& path)
{
    return text_of(path, {});
}

std::string told_by(journal& from)
{
    std::string all;
    for (const auto& order : from.list({.limit = std::numeric_limits<int>::max()}).value()) {
        const auto& number = order.out_trade_no;
        all.append(number).append(cells).append(name_of(order.state)).append(cells);
        all.append(order.reason).append(cells).append(order.facts.syssn).append(cells);
        all.append(order.delivered ? "delivered" : "").append(std::to_string(order.content.size()));
        for (const auto& step : from.steps_of(number).value()) {
            all.append("\n  ").append(name_of(step.from)).append(name_of(step.on));
            all.append(name_of(step.to)).append(step.reason);
            all.append(std::to_string(step.at.time_since_epoch().count()));
        }
        for (const auto& notified : from.notifications_of(number).value())
            all.append("\n  ").append(notified.digest).append(std::to_string(notified.times));
        all += '\n';
    }
    return all;
}

full_story::full_story(const std::filesystem::path& path, const disk_image& start,
                       std::size_t verbs, std::size_t content_size)
    : path_{path}, start_{start}, content_size_{content_size}
{
    // The schemas on the way to ours are those that were released.
    const auto data = std::filesystem::path{ECR_SOURCE_DIR} / "tests/data";
    for (int version = 1; version < schema_version() && start.empty(); ++version) {
        std::ifstream in{data / ("journal_v" + std::to_string(version) + ".db"), std::ios::binary};
        auto released = std::make_shared<const std::string>(std::istreambuf_iterator<char>{in},
                                                            std::istreambuf_iterator<char>{});
        const unflushed_disk disk{{{path.filename().string(), std::move(released)}}};
        before_.push_back(text_of(path, {.rows = false}));
    }
    unflushed_disk disk{start};
    disk.recording = false;
    if (!start.empty()) before_.push_back(content_of(path));
    std::optional<journal> on{path};
    const auto content = [&] {
        const unflushed_disk copy{disk.seen()};
        return content_of(path);
    };
    if (start.empty()) before_.emplace_back("version 0|\n");
    for (std::size_t n = 0;; ++n) {
        told_.push_back(told_by(*on));
        contents_.push_back(content());
        if (n == verbs) return;
        throw_if(store::tell(*on, n, content_size).value(), "the story itself");
    }
}

full_story::survival full_story::by_plain_sqlite(const disk_image& left, const promise& made) const
{
    unflushed_disk disk{left};
    disk.recording = false;
    const auto content = content_of(path_);
    if (!made.opened && std::ranges::find(before_, content) != before_.end()) return {};
    for (const auto kept : {made.acknowledged, made.begun, made.begun_before})
        if (kept >= made.acknowledged && contents_.at(kept) == content) return {"", kept};
    const auto other = std::ranges::find(contents_, content);
    const auto verbs = other == contents_.end()
                           ? "no part of the story: " + short_of(content)
                           : std::to_string(other - contents_.begin()) + " verbs";
    return {"acknowledged " + std::to_string(made.acknowledged) + ", begun " +
                std::to_string(made.begun) + ", kept " + verbs,
            0};
}

std::string full_story::go_on(journal& on, std::size_t kept) const
{
    if (told_by(on) != told_.at(kept)) return "the journal tells another story: " + told_by(on);
    if (const auto failed = this->tell(on, kept)) return "does not go on: " + failed.message();
    return {};
}

std::string full_story::after_going_on(const disk_image& left, std::size_t kept) const
{
    const unflushed_disk disk{left};
    const auto content = text_of(path_, {.checks = false});
    return content == contents_.at(kept + 1) ? "" : "lost what was told afterwards";
}

std::string full_story::by_the_journal(unflushed_disk& disk, std::size_t kept,
                                       const promise& made) const
{
    const auto before = made.begun;
    disk.note({kept, kept, made.opened, true, before});
    std::optional<journal> on{path_};
    disk.note({kept + 1, kept, true, true, before});
    auto complaint = go_on(*on, kept);
    if (complaint.empty()) disk.note({kept + 1, kept + 1, true, true, before});
    on.reset();
    return complaint;
}

full_story::survival full_story::look_at(const disk_image& left, const promise& made,
                                         unflushed_disk* life) const
{
    try {
        survival found;
        // A database that is not there is nothing that plain SQLite could open.
        if (left.contains(path_.filename().string()))
            found = by_plain_sqlite(left, made);
        else if (made.opened)
            found.complaint = "no database";
        if (!found.complaint.empty()) return found;

        std::optional<unflushed_disk> own;
        auto& disk = life == nullptr ? own.emplace(left) : *life;
        disk.recording = life != nullptr;
        found.complaint = by_the_journal(disk, found.kept, made);
        const auto closed = disk.seen();
        own.reset();
        if (found.complaint.empty()) found.complaint = after_going_on(closed, found.kept);
        return found;
    } catch (const boost::system::system_error& failed) {
        return {failed.what(), 0};
    }
}

}  // namespace ecr::store
