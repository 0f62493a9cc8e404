#include "daemon/doctor/doctor.hpp"

#include "daemon/doctor/looks.hpp"

#include <algorithm>

namespace ecr::daemon::doctor {

std::vector<finding> examine(const examination& what, clock& time)
{
    findings all;
    const auto& around = what.around;
    const auto settings = look_at_config(what.config_file, all);
    look_at_time_service(around, all);
    if (!settings) return all;
    const auto bridge = bridge_of(settings->journal, around.proc);
    const auto secrets = look_at_secrets(*settings, what.config_file, all);
    look_at_disk(*settings, around, all);
    look_at_journal(settings->journal, all);
    look_at_log(settings->log, bridge, all);
    look_at_links(*settings, bridge, around, all);
    look_at_certificates(*settings, time, around, all);
    look_at_service(*settings, bridge, around, all);
    if (what.ask_cloud) look_at_cloud(*settings, secrets, time, around, all);
    return all;
}

verdict worst_of(const std::vector<finding>& all) noexcept
{
    const auto has = [&](verdict how) {
        return std::ranges::any_of(all, [&](const auto& f) { return verdict_of(f.what) == how; });
    };
    for (const auto how : {verdict::wrong, verdict::caution, verdict::unknown})
        if (has(how)) return how;
    return verdict::fine;
}

}  // namespace ecr::daemon::doctor
