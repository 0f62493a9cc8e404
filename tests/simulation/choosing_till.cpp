#include "tests/simulation/choosing_till.hpp"

#include <utility>

namespace ecr::simulation {

using namespace std::chrono_literals;

choosing_till::choosing_till(wants what, simulator::agenda& wires, link_hub& hub, decide how,
                             std::function<void(statement)> told)
    : want_{std::move(what)},
      wires_{wires},
      hub_{hub},
      decide_{std::move(how)},
      told_{std::move(told)},
      number_{want_.number}
{}

choosing_till::~choosing_till() = default;

std::string choosing_till::standing() const
{
    return number_ + ' ' + std::to_string(asked_) + (asking_ ? "?" : "") +
           (once_accepted_ ? "a" : "") + (once_ended_ ? "e" : "") + (done_ ? "d" : "") +
           (cable_ == nullptr || cable_->over() ? "-" : "+");
}

void choosing_till::later(std::chrono::milliseconds delay, std::function<void()> then)
{
    wires_.after(delay, [this, turn = turn_, then = std::move(then)] {
        if (turn == turn_) then();
    });
}

void choosing_till::come_back_in(std::chrono::milliseconds delay, bool asks)
{
    ++turn_;
    later(delay, [this, asks] {
        if (asks)
            ask();
        else
            say();
    });
}

bool choosing_till::connected()
{
    if (cable_ != nullptr && !cable_->over()) return true;
    till_.reset();
    wire_.reset();
    partial_.clear();
    auto wire = hub_.connect(want_.name, wires_, nullptr);
    cable_ = wire.get();
    if (!wire) {
        come_back_in(5s, asking_);
        return false;
    }
    wire->on_end([this] {
        if (!done_) come_back_in(2s, asking_);
    });
    if (want_.number.empty()) {
        heard_ = 0;
        wire->on_news([this] {
            while (till_ && heard_ < till_->responses().size())
                hear_frame(till_->responses()[heard_++]);
        });
        till_ = std::make_unique<test::hypercom_till>(std::move(wire));
        return true;
    }
    wire_ = std::move(wire);
    wire_->on_bytes([this](std::string_view bytes) {
        partial_ += bytes;
        for (auto end = partial_.find('\n'); end != std::string::npos; end = partial_.find('\n')) {
            const auto line = partial_.substr(0, end);
            partial_.erase(0, end + 1);
            hear(line);
        }
    });
    return true;
}

void choosing_till::say()
{
    asking_ = false;
    if (!connected()) return;
    ++turn_;
    if (till_) {
        till_->sell(static_cast<int>(want_.amount));
        later(100ms, [this] { accepted(); });  // it hears an ACK, and no more
    } else {
        wire_->send(want_.command + " order=" + number_ +
                    " amount=" + std::to_string(want_.amount) + " tag=sale\n");
    }
    later(45s, [this] { getting_impatient(); });
}

void choosing_till::ask()
{
    asking_ = true;
    if (!connected()) return;
    ++turn_;
    ++asked_;
    if (till_)
        till_->ask("71");
    else
        wire_->send("query order=" + number_ + " tag=ask\n");
    later(60s, [this] { ask(); });
}

/// The bridge has it. Now the cashier looks away, or does not.
void choosing_till::accepted()
{
    if (std::exchange(once_accepted_, true)) return;
    switch (decide_(till_ ? 4 : 5, "the till, when it was accepted")) {
        case 1: return say();
        case 2: cable_->hang_up(); return come_back_in(5s, false);
        case 3: cable_->go_dark(); return come_back_in(90s, true);
        case 4: return wire_->send("cancel order=" + number_ + " tag=wish\n");
        default: return;
    }
}

void choosing_till::getting_impatient()
{
    later(60s, [this] { ask(); });
    switch (decide_(till_ ? 2 : 3, "the till, after 45 s")) {
        case 1: cable_->go_dark(); return come_back_in(100s, true);
        case 2: return wire_->send("cancel order=" + number_ + " tag=wish\n");
        default: return;
    }
}

void choosing_till::hear(const std::string& line)
{
    const auto what = test::read_told(line);
    if (done_ || what.value("tag") == "wish") return;
    if (what.word == "accepted") return accepted();
    const bool safe = what.value("safe_to_retry") == "yes";
    if (what.word == "result" && what.value("order") == number_) {
        if (what.says_paid()) return ended(says::paid, safe, line);
        return ended(what.is_final() ? says::not_paid : says::unknown, safe, line);
    }
    if (what.word != "error") return;
    const bool unknown_order = what.value("tag") == "ask" && what.value("code") == "31";
    if (unknown_order) return come_back_in(1s, false);
    if (what.value("code") == "35") {  // against a known rule: it will not be asked again
        ended(says::not_paid, false, line);
        return;
    }
    come_back_in(10s, asking_);  // busy, stopping: again
}

void choosing_till::hear_frame(const test::hypercom_response& what)
{
    if (done_ || (what.code == "71") != asking_) return;
    const auto words = what.code + ' ' + what.status + ' ' + what.field("40");
    auto amount = std::to_string(want_.amount);
    amount.insert(0, 12 - amount.size(), '0');
    if (asking_ && what.status != "TO" && what.field("40") != amount)
        return come_back_in(1s, false);  // the bridge has never heard of it
    if (what.status == "00") return ended(says::paid, false, words);
    if (what.status == "TO") return ended(says::unknown, false, words);
    ended(says::not_paid, true, words);
}

void choosing_till::ended(says what, bool safe, const std::string& words)
{
    constexpr int questions_max = 40;
    ++turn_;
    told_({.till = want_.name,
           .number = number_,
           .amount_minor_units = want_.amount,
           .refund = want_.command.starts_with("refund"),
           .what = what,
           .safe_to_retry = safe,
           .words = words});
    if (what == says::unknown) {
        if (asked_ < questions_max) return later(30s, [this] { ask(); });
        done_ = true;
        return;
    }
    if (!std::exchange(once_ended_, true)) {
        const bool again = what == says::not_paid && safe;
        // Without a number the same sale is another one, once its end was acknowledged.
        const bool may_not_have_listened = !number_.empty();
        const std::size_t first = may_not_have_listened ? 0 : 1;
        auto does = decide_((again ? 4 : 3) - first, "the till, when it was told the end");
        if (does > 0) does += first;
        switch (does) {
            case 1: return come_back_in(1s, false);
            case 2: cable_->go_dark(); return come_back_in(20s, true);
            case 3:
                if (!number_.empty()) number_ = want_.number + "-again" + std::to_string(++rung_);
                return come_back_in(3s, false);
            default: break;
        }
    }
    paid_ = what == says::paid;
    done_ = true;
}

}  // namespace ecr::simulation
