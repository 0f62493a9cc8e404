// The command of the desk that reads the trace.
#include "daemon/desk_words.hpp"
#include "daemon/limits.hpp"
#include "daemon/till_desk.hpp"

#include <algorithm>

namespace ecr::daemon {
namespace {

using protocol::till::done;
using protocol::till::result_code;
using protocol::till::row;

std::string_view type_of(link_kind kind)
{
    switch (kind) {
        case link_kind::tcp: return "tcp";
        case link_kind::serial: return "serial";
        case link_kind::pty: return "pty";
    }
    return {};
}

row row_of(const link_config& link, const std::string& tag)
{
    const auto& port = link.kind == link_kind::pty ? link.symlink : link.device;
    row r{.tag = tag, .name = "link", .fields = {}};
    r.fields.emplace_back("link", link.name);
    r.fields.emplace_back("type", std::string{type_of(link.kind)});
    if (!port.empty()) r.fields.emplace_back("at", port.string());
    if (!link.trace.empty()) r.fields.emplace_back("file", link.trace.string());
    return r;
}

/// One row, or several of the same number: all but the last say more=yes.
void tell(till_client& client, const std::string& tag, const trace_book::kept& each)
{
    const auto& record = each.record;
    std::string_view bytes = record.bytes;
    do {
        const auto piece = bytes.substr(0, limits::trace_row_size_max);
        bytes.remove_prefix(piece.size());
        row r{.tag = tag, .name = "trace", .fields = {}};
        auto& f = r.fields;
        f.emplace_back("number", static_cast<std::int64_t>(each.number));
        f.emplace_back("at", to_iso8601(record.at));
        f.emplace_back("link", record.link);
        f.emplace_back("connection", static_cast<std::int64_t>(record.connection));
        f.emplace_back("till", record.till);
        f.emplace_back("language", record.language);
        f.emplace_back("event", std::string{static_cast<char>(record.what)});
        f.emplace_back("form", record.form);
        f.emplace_back("hex", protocol::till::hex_of(piece));
        if (!bytes.empty()) f.emplace_back("more", true);
        client.tell(r);
    } while (!bytes.empty());
}

}  // namespace

void till_desk::trace(const command& c, const client_ptr& client)
{
    if (!may_operate(*client)) {
        client->tell(not_an_operator(c));
        return;
    }
    const auto& links = traces_.links();
    const bool known =
        c.link.empty() || std::ranges::find(links, c.link, &link_config::name) != links.end();
    if (!known) {
        refuse(client, c, result_code::bad_command, "There is no link " + c.link);
        return;
    }
    auto found = traces_.since(c.link, c.after);
    const auto limit = static_cast<std::size_t>(
        c.limit.value_or(static_cast<int>(limits::trace_records_max * links.size())));
    // Who begins with a few sees the newest; who has seen something goes on from there.
    if (c.after == 0 && found.size() > limit)
        found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(limit));
    if (c.after == 0)
        for (const auto& link : links)
            client->tell(row_of(link, c.tag));
    std::int64_t count = 0;
    auto last = c.after;
    std::size_t told = 0;
    for (const auto* each : found) {
        if (static_cast<std::size_t>(count) == limit || told > limits::trace_reply_size_max) break;
        tell(*client, c.tag, *each);
        told += each->record.bytes.size() + limits::trace_row_size_max / 4;
        last = each->number;
        ++count;
    }
    const bool all = static_cast<std::size_t>(count) == found.size();
    client->tell(
        done{.tag = c.tag,
             .what = "trace",
             .text = {},
             .fields = {{"count", count},
                        {"last", static_cast<std::int64_t>(all ? traces_.last_number() : last)},
                        {"more", !all}}});
}

}  // namespace ecr::daemon
