#include "daemon/page/page_query.hpp"

#include "daemon/limits.hpp"

#include <boost/url/params_view.hpp>
#include <boost/url/parse_query.hpp>

#include <algorithm>
#include <charconv>

namespace ecr::daemon {
namespace {

constexpr std::size_t number_size_max = 128;

std::optional<std::int64_t> whole(const std::string& text)
{
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size() || number < 0)
        return std::nullopt;
    return number;
}

std::optional<timestamp> moment(const std::string& text)
{
    constexpr std::int64_t at_ms_max = 253'402'300'799'999;  // the year 9999
    const auto at_ms = whole(text);
    if (!at_ms || *at_ms > at_ms_max) return std::nullopt;
    return timestamp{std::chrono::milliseconds{*at_ms}};
}

/// Nothing: it is no such thing.
bool read(order_query& into, std::string_view key, const std::string& value)
{
    auto& filter = into.filter;
    if (key == "number") {
        into.number = value;
        return !value.empty() && value.size() <= number_size_max;
    }
    if (key == "amount") {
        into.amount = whole(value);
        return into.amount.has_value();
    }
    if (key == "since") {
        filter.since = moment(value);
        return filter.since.has_value();
    }
    if (key == "before") {
        filter.before = moment(value);
        return filter.before.has_value();
    }
    if (key == "state") {
        filter.state = protocol::order_state_of(value);
        return *filter.state != protocol::order_state{};
    }
    if (key == "attention") {
        filter.needs_attention = value == "yes";
        return value == "yes" || value == "no";
    }
    if (key != "limit") return false;
    const auto limit = whole(value);
    if (limit)
        filter.limit =
            static_cast<int>(std::clamp<std::int64_t>(*limit, 1, limits::page_orders_max));
    return limit.has_value();
}

}  // namespace

order_query read_order_query(std::string_view query)
{
    order_query made;
    const auto parameters = boost::urls::parse_query(query);
    if (!parameters) {
        made.problem = "The query cannot be read";
        return made;
    }
    const boost::urls::params_view decoded = *parameters;
    for (const auto& [key, value, has_value] : decoded) {
        if (read(made, key, value)) continue;
        made.problem = "'" + key + "' is unknown, or cannot be '" + value + "'";
        return made;
    }
    if (!made.number.empty() && made.amount) made.problem = "Look by number, or by amount";
    return made;
}

result<store::amount_found> search(store::journal& journal, const order_query& wanted)
{
    if (wanted.amount)
        return journal.find_amount({.amount_minor_units = *wanted.amount,
                                    .since = wanted.filter.since,
                                    .before = wanted.filter.before,
                                    .limit = wanted.filter.limit});
    auto found = wanted.number.empty() ? journal.list(wanted.filter)
                                       : journal.find_all(wanted.number, wanted.filter.limit);
    if (!found) return found.error();
    return store::amount_found{.orders = std::move(*found), .unseen_from = {}};
}

}  // namespace ecr::daemon
