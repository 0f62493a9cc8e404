// A cashier in each dialect.
#include "cashier.hpp"
#include "tests/support/hypercom_till.hpp"
#include "tests/support/qfpay_local_till.hpp"
#include "tests/support/told.hpp"

#include <cstdio>
#include <utility>

namespace ecr::process {
namespace {

constexpr char stx = 2, etx = 3, ack = 6;

std::string dollars(std::int64_t minor_units)
{
    std::string text(32, '\0');
    const auto size = std::snprintf(text.data(), text.size(), "%lld.%02lld",
                                    static_cast<long long>(minor_units / 100),
                                    static_cast<long long>(minor_units % 100));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

class line_cashier final : public cashier {
public:
    line_cashier(till_place around, std::string name, std::vector<sale> sales, bool framed,
                 std::string terminal)
        : cashier{std::move(around), std::move(name), std::move(sales)},
          framed_{framed},
          terminal_{std::move(terminal)}
    {}

protected:
    void plug_in(std::unique_ptr<test::till_wire> wire) override
    {
        wire_ = std::move(wire);
        unread_.clear();
        wire_->on_bytes([this](std::string_view bytes) { unread_ += bytes; });
    }
    void say_sale() override
    {
        say("pay order=" + number() + " amount=" + std::to_string(amount()) + " tag=sale" +
            (terminal_.empty() ? "" : " terminal=" + terminal_));
    }
    void say_question() override
    {
        const bool of_the_cloud = ++questions_ % 2 == 0;
        say((of_the_cloud ? "query order=" : "status order=") + number() + " tag=ask");
    }
    void say_cancel() override { say("cancel order=" + number() + " tag=wish"); }
    [[nodiscard]] bool can_cancel() const override { return true; }
    void listen() override
    {
        const auto* wire = wire_.get();
        while (wire == wire_.get() && (framed_ ? take_frame() : take_line())) {
        }
    }

private:
    void say(const std::string& line)
    {
        if (!framed_) return wire_->send(line + "\r\n");
        char sum = etx;
        for (const char c : line)
            sum = static_cast<char>(sum ^ c);
        wire_->send(stx + line + etx + sum);
    }
    bool take_line()
    {
        const auto end = unread_.find('\n');
        if (end == std::string::npos) return false;
        auto line = unread_.substr(0, end);
        unread_.erase(0, end + 1);
        if (line.ends_with('\r')) line.pop_back();
        read(line);
        return true;
    }
    /// A frame that arrived whole; our own ACKs come between.
    bool take_frame()
    {
        unread_.erase(0, std::min(unread_.find(stx), unread_.size()));
        const auto end = unread_.find(etx);
        if (end == std::string::npos || end + 1 == unread_.size()) return false;
        const auto line = unread_.substr(1, end - 1);
        unread_.erase(0, end + 2);
        wire_->send({ack});
        read(line);
        return true;
    }
    void read(const std::string& line)
    {
        const auto what = test::read_told(line);
        if (!has_wish() || what.value("tag") == "wish") return;
        const bool safe = what.value("safe_to_retry") == "yes";
        if (what.word == "error") {
            if (what.value("tag") == "ask" && what.value("code") == "31")
                return hear(says::not_paid, false, safe, line);
            return refused();
        }
        if (what.word != "result" || what.value("order") != number()) return;
        const auto ended = what.says_paid()  ? says::paid
                           : what.is_final() ? says::not_paid
                                             : says::unknown;
        hear(ended, true, safe, line);
    }

    bool framed_;
    std::string terminal_;
    std::unique_ptr<test::till_wire> wire_;
    std::string unread_;
    int questions_ = 0;
};

/// Has no order numbers, and no cancel.
class hypercom_cashier final : public cashier {
public:
    using cashier::cashier;

protected:
    void plug_in(std::unique_ptr<test::till_wire> wire) override
    {
        heard_ = 0;
        till_ = std::make_unique<test::hypercom_till>(std::move(wire));
    }
    // Switched on in the middle of a frame, it may have taken a byte of it for the beginning of
    // one.
    void say_sale() override
    {
        till_->give_up_frame();
        till_->sell(static_cast<int>(amount()));
    }
    void say_question() override
    {
        till_->give_up_frame();
        till_->ask("71");
    }
    [[nodiscard]] bool has_numbers() const override { return false; }
    void listen() override
    {
        const auto* till = till_.get();
        while (till == till_.get() && heard_ < till_->responses().size())
            read(test::hypercom_response{till_->responses()[heard_++]});
    }

private:
    void read(const test::hypercom_response& what)
    {
        if (!has_wish()) return;
        const bool question = what.code == "71";
        if (question != (last_asked() == asked::question)) return;
        auto digits = std::to_string(amount());
        digits.insert(0, 12 - digits.size(), '0');
        const bool about_it = what.field("40") == digits;
        const auto words = what.code + " " + what.status + " " + what.field("40") + " " +
                           what.field("65") + " " + what.field("02");
        if (!question && !about_it && !what.field("40").empty()) return;
        const bool unknown = what.status == "TO";
        const auto ended = what.status == "00" ? says::paid
                           : unknown           ? says::unknown
                                               : says::not_paid;
        hear(ended, about_it, ended == says::not_paid, words);
    }

    std::unique_ptr<test::hypercom_till> till_;
    std::size_t heard_ = 0;
};

class qfpay_cashier final : public cashier {
public:
    qfpay_cashier(till_place around, std::string name, std::vector<sale> sales, qfpay_link link)
        : cashier{std::move(around), std::move(name), std::move(sales)}, link_{link}
    {}

protected:
    void plug_in(std::unique_ptr<test::till_wire> wire) override
    {
        heard_ = 0;
        till_ = made(std::move(wire));
    }
    void say_sale() override { till_->pay(dollars(amount()), number()); }
    void say_question() override
    {
        canceller_.reset();
        till_->ask({{"func_type", "4001"}, {"out_trade_no", "\"" + number() + "\""}});
    }
    /// Over HTTP a connection carries one request at a time: another one is needed.
    void say_cancel() override
    {
        if (link_ == qfpay_link::http) {
            auto wire = around_.connect();
            if (!wire) return;  // the bridge has just died, and the sale's wire does not know yet
            canceller_ = made(std::move(wire));
        }
        (canceller_ ? canceller_ : till_)->ask({{"func_type", "5001"}});
    }
    [[nodiscard]] bool can_cancel() const override { return link_ == qfpay_link::http; }
    [[nodiscard]] bool hears_both() const override { return false; }
    void listen() override
    {
        const auto* till = till_.get();
        while (till == till_.get() && heard_ < till_->answers().size())
            read(test::qfpay_answer{till_->answers()[heard_++]});
    }

private:
    std::unique_ptr<test::qfpay_local_till> made(std::unique_ptr<test::till_wire> wire)
    {
        using enum test::qfpay_wrapping;
        const auto wraps = link_ == qfpay_link::tcp    ? tcp
                           : link_ == qfpay_link::http ? http
                                                       : serial;
        return std::make_unique<test::qfpay_local_till>(
            std::move(wire), test::qfpay_habits{.wraps = wraps, .begins_anywhere = true});
    }
    void read(const test::qfpay_answer& what)
    {
        if (!has_wish()) return;
        const auto words = what.respcd + " " + what.respmsg + " " + what.data;
        const auto about = what.datum("out_trade_no");
        if (!about.empty() && about != number()) return;
        const bool not_paid = what.respcd == "6001" || what.respcd == "6002";
        if (what.respcd == "6000" || not_paid) canceller_.reset();
        if (what.respcd == "6000") return hear(says::paid, true, false, words);
        // An enquiry about what it does not know has no data.
        hear(not_paid ? says::not_paid : says::unknown, !what.data.empty(), not_paid, words);
    }

    qfpay_link link_;
    std::unique_ptr<test::qfpay_local_till> till_;
    std::unique_ptr<test::qfpay_local_till> canceller_;
    std::size_t heard_ = 0;
};

}  // namespace

std::unique_ptr<cashier> make_line_cashier(till_place around, std::string name,
                                           std::vector<sale> sales, bool framed,
                                           std::string terminal)
{
    return std::make_unique<line_cashier>(std::move(around), std::move(name), std::move(sales),
                                          framed, std::move(terminal));
}

std::unique_ptr<cashier> make_hypercom_cashier(till_place around, std::string name,
                                               std::vector<sale> sales)
{
    return std::make_unique<hypercom_cashier>(std::move(around), std::move(name), std::move(sales));
}

std::unique_ptr<cashier> make_qfpay_cashier(till_place around, std::string name,
                                            std::vector<sale> sales, qfpay_link link)
{
    return std::make_unique<qfpay_cashier>(std::move(around), std::move(name), std::move(sales),
                                           link);
}

}  // namespace ecr::process
