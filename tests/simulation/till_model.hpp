#pragma once

#include "protocol/timestamp.hpp"
#include "tests/simulation/cable.hpp"
#include "tests/simulation/fate.hpp"
#include "tests/simulator/agenda.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ecr::simulation {

enum class says { paid, not_paid, unknown };

/// What a till was told about money. Amounts are unique in a run: one for each sale or refund that
/// somebody wanted, however often it was rung. They tell in every dialect what it is about.
struct statement {
    timestamp at{};
    std::string till;
    std::string number;  // as the till calls the order; "" where the dialect has none
    std::int64_t amount_minor_units = 0;
    bool refund = false;
    says what = says::unknown;
    bool safe_to_retry = false;
    bool late = false;
    std::string words{};  // as it came
};

/// What a till finds around it.
struct surroundings_of_till {
    simulator::agenda& wires;
    fate& luck;
    link_hub& hub;
    std::function<bool()> trading;              // the shop is open
    std::function<std::int64_t()> next_amount;  // minor units, never the same
    std::function<std::int64_t()> next_part;    // likewise, less than any amount: for refunds
    std::function<void(statement)> told;
};

/// A till with a cashier who is human.
class till_model {
public:
    till_model(surroundings_of_till around, std::string name)
        : around_{std::move(around)}, name_{std::move(name)}
    {}
    virtual ~till_model() = default;
    till_model(const till_model&) = delete;
    till_model& operator=(const till_model&) = delete;

    /// Begins its day.
    virtual void open() = 0;
    /// It has done all it wanted, and knows how it ended, or that a human has to look.
    [[nodiscard]] bool closed() const { return closed_; }
    [[nodiscard]] const std::string& name() const { return name_; }

protected:
    /// Calls `then` unless the till has gone on to something else (see `turn_`).
    void later(milliseconds delay, std::function<void()> then)
    {
        around_.wires.after(delay, [this, turn = turn_, then = std::move(then)] {
            if (turn == turn_) then();
        });
    }

    surroundings_of_till around_;
    std::string name_;
    bool closed_ = false;
    std::uint64_t turn_ = 0;  // what was planned before it changed is forgotten
};

[[nodiscard]] std::unique_ptr<till_model> make_line_till(surroundings_of_till around,
                                                         std::string name);
[[nodiscard]] std::unique_ptr<till_model> make_hypercom_till(surroundings_of_till around,
                                                             std::string name);
[[nodiscard]] std::unique_ptr<till_model> make_qfpay_local_till(surroundings_of_till around,
                                                                std::string name);

}  // namespace ecr::simulation
