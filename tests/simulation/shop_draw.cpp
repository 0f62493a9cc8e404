#include "tests/simulation/shop_draw.hpp"

#include <array>
#include <sstream>

namespace ecr::simulation {

using namespace std::chrono_literals;

simulator::settings cloud_of(const shop_plan& plan, fate& luck)
{
    simulator::settings made;
    for (int i = 1; i <= plan.terminals; ++i)
        made.terminals.push_back({"T" + std::to_string(i), true});
    made.shopper_delay = luck.between(500ms, 30s);
    made.push_delay = luck.between(50ms, 3s);
    made.clock_offset = luck.between(-40s, 40s);
    // Where the contract leaves open what the cloud does, it may do either.
    constexpr std::array open_points{"busy_enquiry",        "busy_push",       "repeated_number",
                                     "row_number",          "ended_unpaid",    "idle_cancel",
                                     "timeout_starts",      "refund_already",  "refund_fall",
                                     "refund_cancel_digit", "trade_open_row",  "cpm_reply",
                                     "trade_pending_code",  "undo_reply",      "close_on_paid",
                                     "trade_expired_code",  "reversal_on_paid"};
    if (plan.told_unasked) made.notify_url = "http://127.0.0.1/qfpay/notify";
    const auto known = simulator::list_settings(made);
    for (const auto* name : open_points)
        for (const auto& setting : known) {
            if (setting.name != name) continue;
            std::vector<std::string> values;
            std::istringstream all{setting.allowed};
            for (std::string value; std::getline(all, value, '|');)
                values.push_back(value);
            (void)simulator::set_by_name(made, name, luck.one_of(values));
        }
    return made;
}

daemon::config bridge_of(const shop_plan& plan, const std::filesystem::path& folder, fate& luck)
{
    daemon::config made;
    made.journal = folder / "journal.db";
    made.cloud.url = "https://cloud.example";
    made.cloud.app_code = simulator::test_app_code;
    for (int i = 1; i <= plan.terminals; ++i)
        made.terminals.push_back(
            {.id = "T" + std::to_string(i), .name = "front" + std::to_string(i)});
    for (int i = 1; i <= plan.tills; ++i) {
        daemon::link_config link{.name = "till" + std::to_string(i)};
        link.till = link.name;
        link.terminal = luck.one_of(made.terminals).id;
        link.via = protocol::channel::wx;
        using enum protocol::till::dialect_kind;
        constexpr std::array dialects{line, line, hypercom, qfpay_local};
        link.dialect = luck.one_of(dialects);
        if (link.dialect == hypercom) link.numbers = daemon::numbering::none;
        if (link.dialect == qfpay_local)
            link.qfpay_local.wraps = protocol::till::qfpay_local::wrapping::tcp;
        link.payment_timeout = std::chrono::seconds{30 + luck.below(120)};
        made.links.push_back(link);
    }
    if (plan.told_unasked) made.notifications.address = "127.0.0.1";
    made.orders.wait_for_terminal = luck.per_cent(70);
    return made;
}

simulator::shopper shopper_of(bool sluggish, fate& luck)
{
    using enum simulator::act;
    constexpr std::array acts{pays,         declines,
                              walks_away,   pays_at_the_last_moment,
                              pays_late,    cancels_at_terminal,
                              cancel_loses, slow_result,
                              never_shown};
    if (!sluggish && luck.per_cent(80)) return {};
    simulator::shopper drawn{.does = luck.one_of(acts), .after = luck.between(100ms, 60s)};
    if (drawn.does == pays_late) drawn.late = luck.between(1s, 2h);
    return drawn;
}

}  // namespace ecr::simulation
