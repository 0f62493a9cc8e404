#pragma once

#include "daemon/clock.hpp"

namespace ecr::crash {

using std::chrono::milliseconds;

/// The real clock with its wall time shifted. QFPay makes no refunds around its midnight, and the
/// tests run at any time of the day.
class shifted_clock final : public daemon::clock {
public:
    explicit shifted_clock(milliseconds wall_shift) : wall_shift_{wall_shift} {}

    [[nodiscard]] milliseconds now() const override
    {
        return std::chrono::duration_cast<milliseconds>(
            std::chrono::steady_clock::now().time_since_epoch());
    }
    [[nodiscard]] timestamp wall() const override
    {
        return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()) + wall_shift_;
    }

protected:
    void arm(daemon::alarm& a, milliseconds at) override
    {
        timer_of(a).expires_at(std::chrono::steady_clock::time_point{at});
    }
    void disarm(daemon::alarm&) override {}

private:
    milliseconds wall_shift_;
};

/// Zero, or what takes the next hour away from the 23:30 to 00:30 without refunds.
[[nodiscard]] inline milliseconds shift_away_from_midnight()
{
    constexpr int evening_minute = 22 * 60 + 15;
    constexpr int morning_minute = 60;
    const auto minute = cloud_minute_of_day(shifted_clock{milliseconds{0}}.wall());
    const bool near = minute >= evening_minute || minute <= morning_minute;
    return near ? std::chrono::hours{4} : milliseconds{0};
}

}  // namespace ecr::crash
