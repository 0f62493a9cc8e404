#include "tests/simulation/till_model.hpp"
#include "tests/support/told.hpp"

#include <array>
#include <optional>
#include <utility>

namespace ecr::simulation {
namespace {

using namespace std::chrono_literals;
using test::told;

/// A sale or a refund that somebody wants, until the till knows what became of it.
struct wish {
    std::string verb;    // pay, scan, qr, refund
    std::string number;  // of the present try
    std::int64_t amount = 0;
    std::string of{};  // refunds: the payment's number
    int asked = 0;
    int rung_again = 0;
    bool cancels = false;
};

class line_till final : public till_model {
public:
    using till_model::till_model;

    void open() override { rest(); }

private:
    void rest();
    void begin();
    void say_command();
    void ask();
    bool connect();
    void lose_wire(milliseconds back_after);
    void come_back();
    void plan_mischief();
    void hear(const std::string& line);
    void hear_end(const told& what);
    void state(const told& what, says said);
    void finish(bool may_ring_again);
    void say(const std::string& line) { wire_->send(line + "\r\n"); }

    std::unique_ptr<memory_wire> wire_;
    std::string partial_;
    std::optional<wish> wish_;
    std::vector<std::string> paid_;  // numbers of payments that can be refunded
    std::uint64_t numbers_ = 0;
};

void line_till::rest()
{
    ++turn_;
    if (!around_.trading()) {
        closed_ = true;
        if (wire_) wire_->hang_up();
        return;
    }
    later(around_.luck.between(1s, 90s), [this] { begin(); });
}

void line_till::begin()
{
    constexpr std::array verbs{"pay", "pay", "pay", "pay", "scan", "qr", "refund"};
    wish next{.verb = around_.luck.one_of(verbs)};
    if (next.verb == "refund" && paid_.empty()) next.verb = "pay";
    if (next.verb == "refund") next.of = around_.luck.one_of(paid_);
    next.number = name_ + "-" + std::to_string(++numbers_);
    next.amount = next.verb == "refund" ? around_.next_part() : around_.next_amount();
    wish_ = std::move(next);
    say_command();
}

bool line_till::connect()
{
    if (wire_ && !wire_->over()) return true;
    wire_ = around_.hub.connect(name_, around_.wires, &around_.luck);
    partial_.clear();
    if (!wire_) {
        ++turn_;
        later(around_.luck.between(1s, 20s), [this] { come_back(); });
        return false;
    }
    wire_->on_bytes([this](std::string_view bytes) {
        partial_ += bytes;
        for (auto end = partial_.find('\n'); end != std::string::npos; end = partial_.find('\n')) {
            auto line = partial_.substr(0, end);
            partial_.erase(0, end + 1);
            if (line.ends_with('\r')) line.pop_back();
            hear(line);
        }
    });
    wire_->on_end([this] { lose_wire(around_.luck.between(1s, 20s)); });
    return true;
}

void line_till::lose_wire(milliseconds back_after)
{
    ++turn_;
    later(back_after, [this] {
        wire_.reset();
        come_back();
    });
}

/// After a lost connection: the same number again, or a question first.
void line_till::come_back()
{
    if (!wish_) return rest();
    if (around_.luck.per_cent(50)) return say_command();
    ask();
}

void line_till::say_command()
{
    if (!connect()) return;
    auto line = wish_->verb + " order=" + wish_->number +
                " amount=" + std::to_string(wish_->amount) + " tag=sale";
    if (wish_->verb == "scan") line += " auth_code=134857903088557123";
    if (wish_->verb == "refund") line += " of=" + wish_->of;
    say(line);
    plan_mischief();
}

void line_till::ask()
{
    if (!connect()) return;
    ++wish_->asked;
    const bool of_the_cloud = around_.luck.per_cent(50);
    say((of_the_cloud ? "query order=" : "status order=") + wish_->number + " tag=ask");
    ++turn_;
    later(around_.luck.between(30s, 300s), [this] { ask(); });
}

/// What a cashier, a cleaner or a cable does while the customer pays.
void line_till::plan_mischief()
{
    ++turn_;
    const auto soon = around_.luck.between(0s, 60s);
    later(around_.luck.between(60s, 400s), [this] { ask(); });
    switch (around_.luck.below(12)) {
        case 0:
            return later(soon, [this] {
                wire_->hang_up();
                lose_wire(around_.luck.between(0s, 120s));
            });
        case 1:
            return later(soon, [this] {
                wire_->go_dark();
                lose_wire(around_.luck.between(1s, 200s));
            });
        case 2: return later(soon, [this] { say_command(); });
        case 3: return later(soon, [this] { ask(); });
        case 4:
        case 5:
            return later(soon, [this] {
                const bool undo = wish_->verb == "scan" || wish_->verb == "qr";
                const std::string verb = wish_->verb == "scan" ? "reverse" : "close";
                say((undo ? verb : "cancel") + " order=" + wish_->number + " tag=wish");
            });
        default: return;
    }
}

void line_till::hear(const std::string& line)
{
    const auto what = test::read_told(line);
    if (!wish_ || what.value("tag") == "wish") return;
    const bool end = what.word == "result" || what.word == "error";
    if (!end) return;
    if (what.value("order") != wish_->number && what.word == "result") return;
    hear_end(what);
}

void line_till::state(const told& what, says said)
{
    around_.told({.till = name_,
                  .number = wish_->number,
                  .amount_minor_units = wish_->amount,
                  .refund = wish_->verb == "refund",
                  .what = said,
                  .safe_to_retry = what.value("safe_to_retry") == "yes",
                  .late = what.value("late") == "yes",
                  .words = what.line});
}

void line_till::hear_end(const told& what)
{
    const auto code = what.value("code");
    const bool safe = what.value("safe_to_retry") == "yes";
    if (what.says_paid()) {
        state(what, says::paid);
        if (wish_->verb != "refund") paid_.push_back(wish_->number);
        return finish(false);
    }
    if (what.word == "result" && what.is_final()) {
        state(what, says::not_paid);
        return finish(safe);
    }
    if (what.word == "result") {
        state(what, says::unknown);
        if (code == "21" || code == "22" || wish_->asked > 200) return finish(false);
        ++turn_;
        return later(around_.luck.between(5s, 300s), [this] { ask(); });
    }
    // An error: this command cost nothing.
    if (what.value("tag") == "ask" && code == "31") return say_command();
    if (what.value("tag") != "ask") state(what, safe ? says::not_paid : says::unknown);
    if (code == "35" || code == "34" || code == "30") return finish(false);
    ++turn_;
    later(around_.luck.between(2s, 60s), [this] { come_back(); });
}

void line_till::finish(bool may_ring_again)
{
    if (may_ring_again && wish_->verb != "refund" && wish_->rung_again < 2 &&
        around_.luck.per_cent(50)) {
        ++wish_->rung_again;
        wish_->number = name_ + "-" + std::to_string(++numbers_);
        ++turn_;
        return later(around_.luck.between(1s, 20s), [this] { say_command(); });
    }
    wish_.reset();
    rest();
}

}  // namespace

std::unique_ptr<till_model> make_line_till(surroundings_of_till around, std::string name)
{
    return std::make_unique<line_till>(std::move(around), std::move(name));
}

}  // namespace ecr::simulation
