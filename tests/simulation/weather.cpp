#include "tests/simulation/weather.hpp"

#include <array>

namespace ecr::simulation {

using namespace std::chrono_literals;
namespace {

// A cloud that says the same untruth again and again cannot be told from one that says the truth.
constexpr int truths_between_lies = 30;

}  // namespace

using simulator::fault;
using simulator::fault_kind;

weather weather::drawn(fate& luck)
{
    // Some runs are fair, some have one trouble only, some have all of them.
    weather drawn;
    const auto strength = luck.below(4);
    if (strength == 0) return drawn;
    for (int* each : {&drawn.refused, &drawn.lost, &drawn.unanswered, &drawn.late, &drawn.slow,
                      &drawn.error_page, &drawn.garbled, &drawn.lying})
        if (strength == 3 || luck.per_cent(30))
            *each = static_cast<int>(luck.below(strength == 1 ? 50 : 250));
    return drawn;
}

std::optional<fault> weather::fault_of(const std::string& path, fate& luck)
{
    const bool enquiry = path.find("query") != std::string::npos;
    const bool half = luck.per_cent(50);
    if (luck.per_mille(lost)) return fault{.kind = fault_kind::no_answer, .done = false};
    if (luck.per_mille(unanswered))
        return fault{.kind = half ? fault_kind::no_answer : fault_kind::close};
    if (luck.per_mille(late))
        return fault{.kind = fault_kind::late_delivery, .delay = luck.between(31s, 300s)};
    if (luck.per_mille(slow))
        return fault{.kind = fault_kind::slow, .delay = luck.between(1s, 29s)};
    if (luck.per_mille(error_page)) {
        constexpr std::array statuses{301, 400, 403, 404, 429, 500, 502, 503, 504};
        const auto status = luck.one_of(statuses);
        // Of 429 it is documented that nothing was done. Source: contract 5.
        return fault{
            .kind = fault_kind::status, .done = half && status != 429, .http_status = status};
    }
    if (luck.per_mille(garbled)) {
        constexpr std::array kinds{fault_kind::garbage,         fault_kind::html,
                                   fault_kind::empty,           fault_kind::truncated,
                                   fault_kind::wrong_signature, fault_kind::no_signature};
        return fault{.kind = luck.one_of(kinds)};
    }
    ++enquiries_since_lie_;
    if (enquiry && enquiries_since_lie_ > truths_between_lies && luck.per_mille(lying)) {
        enquiries_since_lie_ = 0;
        constexpr std::array kinds{fault_kind::wrong_amount, fault_kind::wrong_currency,
                                   fault_kind::wrong_order, fault_kind::stale};
        return fault{.kind = luck.one_of(kinds)};
    }
    return std::nullopt;
}

passage weather::over(const std::string& path, fate& luck)
{
    if (luck.per_mille(refused)) return {.refused = true, .out = luck.between(5ms, 10s)};
    passage made{.what = fault_of(path, luck),
                 .out = luck.between(10ms, 200ms),
                 .back = luck.between(10ms, 200ms)};
    if (doubled > 0 && luck.per_mille(doubled)) {
        made.again = luck.per_cent(50) ? luck.between(1ms, 2s) : luck.between(2s, 300s);
        // Of a late one nobody waits for the answer.
        made.second_is_answered = !made.what && luck.per_cent(50);
    }
    return made;
}

}  // namespace ecr::simulation
