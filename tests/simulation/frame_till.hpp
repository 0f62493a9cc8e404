#pragma once

#include "tests/simulation/till_model.hpp"

#include <optional>

namespace ecr::simulation {

/// A cashier at a till whose protocol has one question and one answer: sells, waits, and asks when
/// the answer does not come. What the words are is the dialect's matter.
class frame_till : public till_model {
public:
    using till_model::till_model;

    void open() override { rest(); }

protected:
    struct wish {
        std::int64_t amount = 0;
        int rung = 0;  // how often as a new sale
        milliseconds rung_at{};
        int unknown = 0;
    };
    enum class asked { sale, question };

    /// A till at the end of this wire.
    virtual void plug_in(std::unique_ptr<memory_wire> wire) = 0;
    virtual void unplug() = 0;
    virtual void hang_up() = 0;
    virtual void say_sale() = 0;
    virtual void say_question() = 0;

    /// What it heard. `about_it`: a question may be answered with another sale, or with none.
    void hear(says what, bool about_it, const std::string& words);

    [[nodiscard]] const wish& current() const { return *wish_; }
    [[nodiscard]] bool has_wish() const { return wish_.has_value(); }
    [[nodiscard]] asked last_asked() const { return asked_; }

private:
    void rest();
    void ring();
    void ask();
    void come_back();
    [[nodiscard]] bool connected();

    std::optional<wish> wish_;
    asked asked_ = asked::sale;
    memory_wire* wire_ = nullptr;  // as long as it is plugged in
};

}  // namespace ecr::simulation
