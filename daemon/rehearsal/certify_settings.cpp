#include "daemon/rehearsal/certify_settings.hpp"

#include "protocol/timestamp.hpp"

namespace ecr::daemon::certify {

using namespace std::chrono_literals;

pace pace::of_people()
{
    return {.shopper = 4s,
            .window = 30s,
            .patience = 20s,
            .doubt = 35s,
            .silence = 45s,
            .dark = 10s,
            .settling = 1s};
}

simulator::settings cloud_settings(const pace& how)
{
    simulator::settings s;
    s.terminals.push_back({terminal_id, true});
    s.shopper_delay = how.shopper;
    s.push_delay = 50ms;
    s.late_delay = how.shopper;
    s.requests_per_minute = 100'000;
    s.requests_per_second = 10'000;
    return s;
}

config bridge_settings(const std::filesystem::path& folder, std::uint16_t cloud_port)
{
    config c;
    c.journal = folder / "journal.db";
    c.drain = 0ms;
    c.cloud.url = "https://localhost:" + std::to_string(cloud_port);
    c.cloud.ca_file = folder / "ca.pem";
    c.cloud.app_code = std::string{simulator::test_app_code};
    c.cloud.answer_timeout = 2s;
    c.cloud.requests_per_minute = 100'000;
    c.cloud.requests_per_second = 10'000;
    c.terminals = {{.id = terminal_id, .name = "front"}};
    c.orders.rehearsal = true;
    c.orders.wait_for_terminal = false;
    c.orders.push_patience = 1s;
    auto& pace = c.orders.pace;
    pace.first = pace.while_waiting = pace.after_processing = pace.confirmation = 200ms;
    pace.window_slack = pace.conclusion = pace.patience = 400ms;
    pace.doubt = pace.outage_first = pace.outage_max_waiting = pace.outage_max = 400ms;
    pace.watch_soon = 500ms;
    return c;
}

link_config staged(link_config link, const pace& how)
{
    link.terminal = terminal_id;
    link.merchant.clear();
    link.trace.clear();
    link.payment_timeout = std::chrono::ceil<std::chrono::seconds>(how.window);
    link.patience = how.patience;
    if (!link.via) link.via = protocol::channel::wx;
    if (link.via == protocol::channel::fps) link.scan = protocol::scan_type::qrcode_pay;
    return link;
}

milliseconds shift_out_of_the_night(timestamp now)
{
    constexpr int day = 24 * 60;
    constexpr int from = day - 60;  // 23:00 to 01:00, QFPay's time: the night, and a trial's length
    constexpr int to = 60;
    const auto minute = cloud_minute_of_day(now);
    return minute >= from || minute < to ? milliseconds{-3h} : 0ms;
}

}  // namespace ecr::daemon::certify
