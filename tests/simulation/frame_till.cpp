#include "tests/simulation/frame_till.hpp"

#include <utility>

namespace ecr::simulation {
namespace {

constexpr int questions_max = 40;  // then it is the operator's

}  // namespace

using namespace std::chrono_literals;

void frame_till::rest()
{
    ++turn_;
    if (!around_.trading()) {
        closed_ = true;
        if (wire_ != nullptr) hang_up();
        return;
    }
    later(around_.luck.between(1s, 90s), [this] {
        wish_ = wish{.amount = around_.next_amount(), .rung_at = around_.wires.now()};
        ring();
    });
}

bool frame_till::connected()
{
    if (wire_ != nullptr && !wire_->over()) return true;
    if (wire_ != nullptr) unplug();
    wire_ = nullptr;
    auto wire = around_.hub.connect(name_, around_.wires, &around_.luck);
    ++turn_;
    if (!wire) {
        later(around_.luck.between(1s, 20s), [this] { come_back(); });
        return false;
    }
    wire_ = wire.get();
    wire->on_end([this] {
        ++turn_;
        later(around_.luck.between(1s, 20s), [this] { come_back(); });
    });
    plug_in(std::move(wire));
    return true;
}

/// Nobody knows whether the sale arrived. Soon after, it is simply rung again: the bridge knows it
/// by its number, or by its amount. Later the cashier asks first.
void frame_till::come_back()
{
    if (!wish_) return rest();
    const bool soon = around_.wires.now() - wish_->rung_at < 60s;
    if (soon && around_.luck.per_cent(50)) return ring();
    ask();
}

void frame_till::ring()
{
    if (!connected()) return;
    asked_ = asked::sale;
    say_sale();
    ++turn_;
    later(around_.luck.between(100s, 300s), [this] { ask(); });
    const auto soon = around_.luck.between(0s, 60s);
    switch (around_.luck.below(10)) {
        case 0:
            return later(soon, [this] {
                hang_up();
                ++turn_;
                later(around_.luck.between(0s, 100s), [this] { come_back(); });
            });
        case 1:
            return later(soon, [this] {
                wire_->go_dark();
                hang_up();
                ++turn_;
                later(around_.luck.between(1s, 200s), [this] { come_back(); });
            });
        case 2: return later(soon, [this] { ask(); });
        default: return;
    }
}

void frame_till::ask()
{
    if (!connected()) return;
    asked_ = asked::question;
    say_question();
    ++turn_;
    later(around_.luck.between(30s, 300s), [this] { ask(); });
}

void frame_till::hear(says what, bool about_it, const std::string& words)
{
    if (!wish_) return;
    ++turn_;
    if (asked_ == asked::question && !about_it && what != says::unknown) {
        // The bridge has never heard of this sale.
        wish_->rung_at = around_.wires.now();
        return later(around_.luck.between(1s, 10s), [this] { ring(); });
    }
    around_.told({.till = name_,
                  .amount_minor_units = wish_->amount,
                  .what = what,
                  .safe_to_retry = what == says::not_paid,
                  .words = words});
    const bool gives_up = what == says::unknown && ++wish_->unknown > questions_max;
    if (what == says::unknown && !gives_up)
        return later(around_.luck.between(5s, 300s), [this] { ask(); });
    if (what == says::not_paid && wish_->rung < 2 && around_.luck.per_cent(50)) {
        ++wish_->rung;
        return later(around_.luck.between(1s, 20s), [this] {
            wish_->rung_at = around_.wires.now();
            ring();
        });
    }
    wish_.reset();
    rest();
}

}  // namespace ecr::simulation
