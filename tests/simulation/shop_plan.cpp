#include "tests/simulation/shop_run.hpp"

#include <array>
#include <sstream>

namespace ecr::simulation {

using namespace std::chrono_literals;

shop_plan shop_plan::drawn(std::uint64_t seed)
{
    fate luck{seed * 7919 + 1};
    shop_plan made{.seed = seed};
    made.tills = 1 + static_cast<int>(luck.below(8));
    made.terminals = 1 + static_cast<int>(luck.below(6));
    made.open_for = luck.between(5min, 40min);
    using namespace std::chrono;
    // 23:50 of a month's last day, of a year's last day, an ordinary noon: QFPay's time.
    const std::array<timestamp, 4> starts{
        sys_days{2026y / 11 / 18} + 4h, sys_days{2026y / 11 / 30} + 15h + 50min,
        sys_days{2026y / 12 / 31} + 15h + 45min, sys_days{2026y / 11 / 19} + 15h + 20min};
    made.start = luck.one_of(starts);
    made.sky = weather::drawn(luck);
    made.crashes = luck.per_cent(50) ? static_cast<int>(luck.below(6)) : 0;
    made.clock_jumps = luck.per_cent(20) ? 1 + static_cast<int>(luck.below(2)) : 0;
    made.sluggish = luck.per_cent(50);
    // Drawn apart: what is above stays as it is.
    fate more{seed * 104'729 + 2};
    if (more.per_cent(30)) made.sky.doubled = static_cast<int>(more.below(50));
    made.told_unasked = more.per_cent(40);
    if (more.per_cent(15)) made.disk_troubles = 1 + static_cast<int>(more.below(3));
    if (more.per_cent(30)) made.noise = static_cast<int>(more.below(100));
    made.months_off = more.per_cent(6);
    // The journal holds the PC's time: set between a power cut and the start behind it, it makes
    // orders younger or older than they are. That is a limit of the bridge; see README.md.
    if (made.crashes > 0 || made.disk_troubles > 0 || made.months_off) made.clock_jumps = 0;
    return made;
}

std::string shop_plan::text() const
{
    std::ostringstream out;
    out << "seed " << seed << ": " << tills << " tills, " << terminals << " terminals, "
        << open_for.count() / 60'000 << " min, " << crashes << " crashes, " << clock_jumps
        << " clock jumps; per mille: refused " << sky.refused << ", lost " << sky.lost
        << ", unanswered " << sky.unanswered << ", late " << sky.late << ", slow " << sky.slow
        << ", error pages " << sky.error_page << ", garbled " << sky.garbled << ", lying "
        << sky.lying << ", doubled " << sky.doubled << ", noise " << noise
        << (sluggish ? "; odd shoppers" : "") << (told_unasked ? "; notifications" : "")
        << (months_off ? "; off for weeks" : "");
    if (disk_troubles > 0) out << "; " << disk_troubles << " times trouble with the disk";
    return out.str();
}

}  // namespace ecr::simulation
