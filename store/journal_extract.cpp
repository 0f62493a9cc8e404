#include "store/journal_extract.hpp"

#include "store/migrations.hpp"
#include "store/order_row.hpp"
#include "store/sqlite.hpp"

#include <boost/system/system_error.hpp>

#include <limits>
#include <string>

namespace ecr::store {
namespace {

namespace fs = std::filesystem;

constexpr int busy_timeout_ms = 10'000;
constexpr std::int64_t orders_at_once = 200;

database opened(const fs::path& journal, open_as how)
{
    database db{journal, how};
    throw_if(sqlite3_busy_timeout(db.handle(), busy_timeout_ms), journal.string());
    check_is_journal(db);
    return db;
}

template <class T>
T checked(result<T>&& read)
{
    if (!read) throw boost::system::system_error{read.error()};
    return std::move(*read);
}

/// Goes through the orders by time and id, so that each look begins where the last has ended.
class walker {
public:
    walker(const fs::path& journal, const extract_range& range)
        : db_{opened(journal, open_as::reader)},
          list_{db_, "SELECT " + std::string{order_columns} +
                         ", id FROM orders WHERE created_at_ms >= ?1 AND created_at_ms < ?3 "
                         "AND (created_at_ms > ?1 OR id > ?2) ORDER BY created_at_ms, id LIMIT ?4"},
          steps_{db_, "SELECT " + std::string{step_columns} +
                          " FROM steps WHERE order_id = ?1 ORDER BY id"},
          from_ms_{to_column(range.since.value_or(timestamp{}))},
          before_ms_{to_column(range.before.value_or(timestamp::max()))}
    {}

    /// The next few; none: that was all.
    std::vector<extracted_order> next()
    {
        std::vector<extracted_order> found;
        std::vector<std::int64_t> ids;
        {
            auto answer = list_.query(from_ms_, after_id_, before_ms_, orders_at_once);
            while (checked(answer.next()) == stepped::row) {
                found.push_back({checked(read_order(answer)), {}});
                ids.push_back(answer.integer(order_column_count));
            }
        }
        for (std::size_t i = 0; i < found.size(); ++i)
            found[i].steps = steps_of(ids[i]);
        if (!found.empty()) {
            from_ms_ = to_column(found.back().order.created_at);
            after_id_ = ids.back();
        }
        return found;
    }

private:
    std::vector<protocol::order_step> steps_of(std::int64_t id)
    {
        std::vector<protocol::order_step> all;
        auto answer = steps_.query(id);
        while (checked(answer.next()) == stepped::row)
            all.push_back(checked(read_step(answer)));
        return all;
    }

    database db_;
    statement list_;
    statement steps_;
    std::int64_t from_ms_;
    std::int64_t before_ms_;
    std::int64_t after_id_ = -1;
};

}  // namespace

void extract_orders(const fs::path& journal, const extract_range& range,
                    const std::function<bool(extracted_order&&)>& take)
{
    walker walk{journal, range};
    for (auto found = walk.next(); !found.empty(); found = walk.next())
        for (auto& each : found)
            if (!take(std::move(each))) return;
}

std::optional<timestamp> newest_change(const fs::path& journal)
{
    const auto db = opened(journal, open_as::reader);
    statement ask{db, "SELECT updated_at_ms FROM orders ORDER BY updated_at_ms DESC LIMIT 1"};
    auto answer = ask.query();
    if (checked(answer.next()) != stepped::row) return std::nullopt;
    return timestamp{std::chrono::milliseconds{answer.integer(0)}};
}

}  // namespace ecr::store
