#pragma once

#include "tests/simulation/cable.hpp"
#include "tests/simulation/choice.hpp"
#include "tests/simulation/till_model.hpp"
#include "tests/support/hypercom_till.hpp"
#include "tests/support/told.hpp"

#include <functional>
#include <memory>
#include <string>

namespace ecr::simulation {

/// A till that wants one thing, once. What it and its cashier do on the way is decided from
/// outside.
class choosing_till {
public:
    struct wants {
        std::string name;     // its own, and of its link
        std::string command;  // "pay", "refund of=…", …
        std::string number;   // of its order; empty: it speaks hypercom, and has none
        std::int64_t amount = 0;
    };
    using decide = std::function<std::size_t(std::size_t choices, std::string_view what)>;

    choosing_till(wants what, simulator::agenda& wires, link_hub& hub, decide how,
                  std::function<void(statement)> told);
    ~choosing_till();
    choosing_till(const choosing_till&) = delete;
    choosing_till& operator=(const choosing_till&) = delete;

    void begin() { say(); }
    /// It knows how it ended, or has left it to the operator.
    [[nodiscard]] bool done() const { return done_; }
    [[nodiscard]] bool paid() const { return paid_; }
    /// What it is about to do, for comparing states.
    [[nodiscard]] std::string standing() const;

private:
    void say();
    void ask();
    [[nodiscard]] bool connected();
    void later(std::chrono::milliseconds delay, std::function<void()> then);
    void come_back_in(std::chrono::milliseconds delay, bool asks);
    void hear(const std::string& line);
    void hear_frame(const test::hypercom_response& what);
    void accepted();
    void getting_impatient();
    void ended(says what, bool safe, const std::string& words);

    wants want_;
    simulator::agenda& wires_;
    link_hub& hub_;
    decide decide_;
    std::function<void(statement)> told_;
    std::unique_ptr<memory_wire> wire_;          // line
    std::unique_ptr<test::hypercom_till> till_;  // hypercom, with the wire inside
    memory_wire* cable_ = nullptr;
    std::size_t heard_ = 0;
    std::string partial_;
    std::string number_;
    std::uint64_t turn_ = 0;
    int rung_ = 0;
    int asked_ = 0;
    bool asking_ = false;  // the last thing said was a question
    bool once_accepted_ = false;
    bool once_ended_ = false;
    bool done_ = false;
    bool paid_ = false;
};

}  // namespace ecr::simulation
