#include "daemon/page/page_state.hpp"

#include "daemon/limits.hpp"
#include "daemon/page/page_json.hpp"
#include "protocol/json.hpp"

#include <algorithm>
#include <string_view>

namespace ecr::daemon {
namespace {

using std::chrono::seconds;

// Beyond it QFPay's times and ours cannot be compared; signatures do not carry the time.
constexpr seconds clock_offset_max{60};
constexpr int budget_is_short = 10;  // a tenth of it is left

/// Green, yellow, red, or grey where nothing is known yet.
struct light {
    std::string_view colour;
    std::string_view word;  // for a page in another language
    std::string text;
};

json to_json(const light& shown)
{
    return {{"light", shown.colour}, {"word", shown.word}, {"text", shown.text}};
}

light light_of(const cloud_account& account, const headroom& room)
{
    const auto reachable = account.gateway.reachable();
    if (!reachable) return {"grey", "not_asked_yet", "Not asked yet since the start"};
    if (!*reachable)
        return {"red", "down",
                "Does not answer. Orders are kept and asked about until it does; new ones may not "
                "get through"};
    const auto offset = account.gateway.clock_offset().value_or(milliseconds{0});
    if (offset > clock_offset_max || offset < -clock_offset_max)
        return {"yellow", "clock", "Answers. This machine's clock is wrong: set it"};
    if (room.backing_off)
        return {"yellow", "slowed", "Answers, and has asked to be asked less often"};
    if ((room.per_minute - room.used_last_minute) * budget_is_short < room.per_minute)
        return {"yellow", "crowded", "Answers. Nearly as many requests a minute as it allows"};
    return {"green", "up", "Answers"};
}

json cloud_of(cloud_account& account)
{
    const auto room = account.governor.room();
    auto made = to_json(light_of(account, room));
    std::size_t waiting = 0;
    for (const auto each : room.waiting)
        waiting += each;
    made["merchant"] = account.name;
    made["requests_used"] = room.used_last_minute;
    made["requests_max"] = room.per_minute;
    made["requests_waiting"] = waiting;
    made["clock_offset_ms"] = json();
    if (const auto offset = account.gateway.clock_offset())
        made["clock_offset_ms"] = offset->count();
    return made;
}

json terminal_of(const page_shop& shop, const terminal_config& terminal)
{
    const auto holder = shop.orders().holder_of(terminal.id);
    auto made = to_json(holder ? light{"green", "busy", "An order runs on it"}
                               : light{"green", "free", "Free"});
    made["id"] = terminal.id;
    made["name"] = terminal.name;
    made["merchant"] = terminal.merchant;
    made["order"] = holder ? json(holder->row.out_trade_no) : json();
    return made;
}

light light_of(const link_standing& link)
{
    if (!link.state.open)
        return {"red", "closed",
                link.state.problem.empty() ? "Its port is not there"
                                           : "Its port cannot be opened: " + link.state.problem};
    if (link.state.tills.empty())
        return {"grey", "alone", "Open, and no till is connected at this moment"};
    return {"green", "open",
            "Open, with " + std::to_string(link.state.tills.size()) + " connected"};
}

std::string_view name_of(link_kind kind)
{
    switch (kind) {
        case link_kind::tcp: return "tcp";
        case link_kind::serial: return "serial";
        case link_kind::pty: return "pty";
    }
    return {};
}

json link_of(const page_shop& shop, const link_standing& link)
{
    constexpr std::size_t tills_shown_max = 20;
    auto made = to_json(light_of(link));
    made["name"] = link.config.name;
    made["type"] = name_of(link.config.kind);
    made["where"] = link.where;
    made["dialect"] = name_of(link.config.dialect);
    made["connected"] = link.state.tills.size();
    made["problem"] = link.state.problem;
    auto tills = json::array();
    for (const auto& till : link.state.tills) {
        if (tills.size() == tills_shown_max) break;
        const auto silent = shop.time().now() - till.last_heard;
        tills.push_back({{"name", till.name},
                         {"waits", till.waits},
                         {"silent_s", std::chrono::duration_cast<seconds>(silent).count()}});
    }
    made["tills"] = std::move(tills);
    return made;
}

/// FNV-1a.
class mixer {
public:
    void add(std::string_view text)
    {
        for (const char c : text)
            add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
    }
    void add(std::uint64_t number)
    {
        constexpr std::uint64_t prime = 0x100000001b3;
        value_ = (value_ ^ number) * prime;
    }
    [[nodiscard]] std::uint64_t value() const { return value_; }

private:
    std::uint64_t value_ = 0xcbf29ce484222325;
};

}  // namespace

json lights_of(const page_shop& shop)
{
    auto cloud = json::array();
    for (const auto& account : shop.orders().accounts())
        cloud.push_back(cloud_of(*account));
    auto terminals = json::array();
    for (const auto& terminal : shop.orders().terminals())
        terminals.push_back(terminal_of(shop, terminal));
    auto links = json::array();
    for (const auto& link : shop.links())
        links.push_back(link_of(shop, link));
    return {{"cloud", std::move(cloud)},
            {"terminals", std::move(terminals)},
            {"links", std::move(links)}};
}

json running_orders(const page_shop& shop)
{
    std::vector<const running_order*> all;
    for (const auto& [number, r] : shop.orders().in_hand())
        if (!r->finished && !protocol::is_final(r->journalled) &&
            r->journalled != protocol::order_state::unresolved)
            all.push_back(r.get());
    std::ranges::sort(all, {}, [](const auto* r) { return r->row.created_at; });
    auto made = json::array();
    for (const auto* r : all) {
        if (made.size() == static_cast<std::size_t>(limits::page_orders_max)) break;
        if (const auto row = durable_row(*r))
            made.push_back(to_json(*row, r, shop.settings.page.actions));
    }
    return made;
}

std::uint64_t appearance_of(const page_shop& shop)
{
    mixer all;
    for (const auto& [number, r] : shop.orders().in_hand()) {
        all.add(number);
        all.add(static_cast<std::uint64_t>(r->journalled));
        all.add(static_cast<std::uint64_t>(r->where));
        all.add(static_cast<std::uint64_t>(r->row.needs));
        all.add(static_cast<std::uint64_t>(r->ahead.value_or(-1)));
        all.add(static_cast<std::uint64_t>(r->updated.count()));
        all.add((r->cancel_wished ? 1U : 0U) + (r->finished ? 2U : 0U));
    }
    for (const auto& account : shop.orders().accounts()) {
        const auto reachable = account->gateway.reachable();
        all.add(reachable ? (*reachable ? 1U : 0U) : 2U);
    }
    for (const auto& link : shop.links()) {
        all.add(link.state.tills.size());
        all.add(link.state.open ? 1U : 0U);
    }
    return all.value();
}

}  // namespace ecr::daemon
