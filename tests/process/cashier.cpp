#include "cashier.hpp"

#include <utility>

namespace ecr::process {

/// Between the wire and the till: the cashier looks up when something was heard.
class cashier::ear final : public test::till_wire {
public:
    ear(std::unique_ptr<till_wire> wire, cashier& owner)
        : wire_{std::move(wire)}, owner_{owner}, alive_{std::make_shared<bool>(true)}
    {
        wire_->on_bytes([this](std::string_view bytes) {
            heard(bytes);
            // Not from here: the cashier may hang up, and this wire would be gone.
            owner_.around_.time.after(0ms, [this, alive = std::weak_ptr{alive_}] {
                if (!alive.expired() && !wire_->over()) owner_.listen();
            });
        });
    }
    ~ear() override
    {
        if (owner_.wire_ == this) owner_.wire_ = nullptr;
    }

    void send(std::string bytes) override { wire_->send(std::move(bytes)); }
    void hang_up() override { wire_->hang_up(); }
    [[nodiscard]] bool over() const override { return wire_->over(); }
    [[nodiscard]] bool over_in_order() const override { return wire_->over_in_order(); }

private:
    std::unique_ptr<till_wire> wire_;
    cashier& owner_;
    std::shared_ptr<bool> alive_;
};

cashier::cashier(till_place around, std::string name, std::vector<sale> sales)
    : around_{std::move(around)}, name_{std::move(name)}, sales_{std::move(sales)}
{}

std::string cashier::standing() const
{
    if (!has_wish_) return name_ + " is idle after " + std::to_string(served_.size());
    return name_ + (asked_ == asked::sale ? " sells " : " asks about ") + std::to_string(amount()) +
           " for " + std::to_string((around_.time.now() - since_).count()) + " ms";
}

void cashier::later(milliseconds delay, std::function<void()> then)
{
    around_.time.after(delay, [this, turn = turn_, then = std::move(then)] {
        if (turn == turn_) then();
    });
}

/// What the bridge still says about the sale before is over by then, at 960 bytes a second, too.
void cashier::rest()
{
    ++turn_;
    has_wish_ = false;
    if (next_ == sales_.size()) {
        ++next_;
        return;
    }
    later(misbehaved_ ? around_.pace.after_mischief : around_.pace.rest, [this] {
        if (next_ >= sales_.size()) return rest();  // it has closed meanwhile
        ++next_;
        has_wish_ = true;
        misbehaved_ = false;
        unknown_ = false;
        since_ = around_.time.now();
        ring();
        plan_mischief();
    });
}

void cashier::close_up()
{
    if (next_ <= sales_.size()) sales_.resize(next_);
}

void cashier::switch_off()
{
    ++turn_;
    if (wire_ != nullptr) wire_->hang_up();
}

bool cashier::connected()
{
    if (wire_ != nullptr && !wire_->over()) return true;
    auto wire = around_.connect();
    if (!wire) {
        ++turn_;
        later(around_.pace.finds_nobody, [this] { come_back(); });
        return false;
    }
    auto made = std::make_unique<ear>(std::move(wire), *this);
    auto* now = made.get();
    plug_in(std::move(made));
    wire_ = now;
    return true;
}

void cashier::ring()
{
    ++turn_;
    if (!connected()) return;
    asked_ = asked::sale;
    say_sale();
    watch_wire();
    later(around_.pace.sale_answered, [this] { ask(); });
}

void cashier::ask()
{
    ++turn_;
    if (!connected()) return;
    asked_ = asked::question;
    say_question();
    watch_wire();
    later(around_.pace.question_answered, [this] { ask(); });
}

void cashier::watch_wire()
{
    later(around_.pace.looks_at_wire, [this] {
        if (wire_ == nullptr || wire_->over()) return come_back();
        watch_wire();
    });
}

/// Nobody knows whether the sale arrived: one rings it again, the next asks first.
void cashier::come_back()
{
    if (!has_wish_) return;
    if (!unknown_ && amount() / 100 % 2 == 0) return ring();
    ask();
}

void cashier::hang_up(milliseconds back_after)
{
    ++turn_;
    if (wire_ != nullptr) wire_->hang_up();
    later(back_after, [this] { come_back(); });
}

/// Not bound to the turn: a cancel while the wire is being watched is no new turn.
void cashier::plan_mischief()
{
    const auto does = sales_[next_ - 1].does;
    if (does == mischief::none) return;
    misbehaved_ = true;
    const auto soon = milliseconds{200 + amount() / 100 * 37 % 900};
    around_.time.after(soon, [this, does, customer = next_] {
        if (!has_wish_ || customer != next_) return;
        if (does == mischief::cancels && can_cancel() && wire_ != nullptr && !wire_->over())
            return say_cancel();
        if (does == mischief::repeats && hears_both()) return ring();
        if (does == mischief::repeats) return hang_up(0ms);
        if (does == mischief::asks && hears_both()) return ask();
        if (does != mischief::cancels) hang_up(1'000ms);
    });
}

void cashier::refused()
{
    ++turn_;
    later(1s, [this] { come_back(); });
}

void cashier::hear(says what, bool about_it, bool safe_to_retry, const std::string& words)
{
    if (!has_wish_) return;
    if (asked_ == asked::question && !about_it && what != says::unknown) {
        ++turn_;  // the bridge has never heard of this sale
        return later(300ms, [this] { ring(); });
    }
    around_.told({.till = name_,
                  .number = has_numbers() ? number() : "",
                  .amount_minor_units = amount(),
                  .what = what,
                  .safe_to_retry = safe_to_retry,
                  .words = words});
    unknown_ = what == says::unknown;
    if (unknown_ && around_.time.now() - since_ < sales_[next_ - 1].gives_up_after) {
        ++turn_;
        return later(around_.pace.hears_unknown, [this] { ask(); });
    }
    served_.push_back({.amount = amount(),
                       .how = what,
                       .waited = around_.time.now() - since_,
                       .met = sales_[next_ - 1].does});
    rest();
}

}  // namespace ecr::process
