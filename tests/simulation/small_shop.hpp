#pragma once

#include "tests/simulation/choice.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::simulation {

/// A shop small enough to be explored whole.
enum class small_scenario {
    one_sale,             // one till, one terminal
    two_tills,            // that want the same terminal at the same time
    sale_and_refund,      // of a part
    scanned,              // the customer's code, read by the till
    shown_code,           // a code that the till shows
    sale_without_number,  // a till of the dialect hypercom
    told_unasked,         // nobody pays, and QFPay may tell by itself, truly or not
    over_months,          // a sale that is paid late; the power may be off for two months
};

inline constexpr std::array all_small_scenarios{
    small_scenario::one_sale,     small_scenario::two_tills,  small_scenario::sale_and_refund,
    small_scenario::scanned,      small_scenario::shown_code, small_scenario::sale_without_number,
    small_scenario::told_unasked, small_scenario::over_months};

[[nodiscard]] std::string_view name_of(small_scenario what) noexcept;

/// One run: the real bridge and journal, the simulated cloud, tills. Every loss, delay, crash,
/// repeat, cancel and whim of a shopper is a decision. The rules about money are looked at in every
/// state, and once more when everything is over.
[[nodiscard]] std::vector<std::string> run_small_shop(small_scenario what, chooser& decisions);

}  // namespace ecr::simulation
