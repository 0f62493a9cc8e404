#pragma once

#include "protocol/order/state.hpp"
#include "tests/crash/sample_till.hpp"
#include "tests/simulator/fault.hpp"
#include "tests/simulator/shopper.hpp"

#include <chrono>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ecr::crash {

inline constexpr std::int64_t amount_minor_units = 110;  // of every payment
inline constexpr std::int64_t refund_minor_units = 50;

enum class sale { payment, refund, without_number, two_tills, scan, qr, direct_refund };

/// What happens in the shop while the bridge dies.
struct scenario {
    std::string name;
    sale kind = sale::payment;
    bool cancels = false;
    simulator::shopper who{};
    std::optional<simulator::fault> goes_wrong{};
    std::vector<protocol::order_state> ends{};  // how the sale may end when nothing dies
    int commits_min = 0;                        // how many there are at least when nothing dies

    /// The tills of one round; `id` makes its numbers unique.
    [[nodiscard]] std::vector<till_script> tills(const std::string& id) const;
    /// The payment that a refund gives back.
    [[nodiscard]] static till_script payment_before(const std::string& id);

    [[nodiscard]] bool is_refund() const
    {
        return kind == sale::refund || kind == sale::direct_refund;
    }

    friend void PrintTo(const scenario& s, std::ostream* out);
};

[[nodiscard]] std::span<const scenario> scenarios();
[[nodiscard]] const scenario& scenario_named(std::string_view name);

}  // namespace ecr::crash
