// Tills of the dialects hypercom and qfpay-local.
#include "tests/simulation/frame_till.hpp"
#include "tests/support/hypercom_till.hpp"
#include "tests/support/qfpay_local_till.hpp"

#include <cstdio>
#include <utility>

namespace ecr::simulation {
namespace {

std::string dollars(std::int64_t minor_units)
{
    std::string text(32, '\0');
    const auto size = std::snprintf(text.data(), text.size(), "%lld.%02lld",
                                    static_cast<long long>(minor_units / 100),
                                    static_cast<long long>(minor_units % 100));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

/// Has no order numbers: the bridge gives them.
class hypercom_model final : public frame_till {
public:
    using frame_till::frame_till;

protected:
    void plug_in(std::unique_ptr<memory_wire> wire) override
    {
        wire->on_news([this] {
            while (till_ && heard_ < till_->responses().size())
                answer(till_->responses()[heard_++]);
        });
        heard_ = 0;
        till_ = std::make_unique<test::hypercom_till>(std::move(wire));
    }
    void unplug() override { till_.reset(); }
    void hang_up() override { till_->hang_up(); }
    void say_sale() override
    {
        till_->give_up_frame();
        till_->sell(static_cast<int>(current().amount));
    }
    void say_question() override
    {
        till_->give_up_frame();
        till_->ask("71");
    }

private:
    void answer(const test::hypercom_response& what)
    {
        if (!has_wish()) return;
        const bool question = what.code == "71";
        if (question != (last_asked() == asked::question)) return;  // to what it no longer asks
        const auto words = what.code + " " + what.status + " " + what.field("40") + " " +
                           what.field("65") + " " + what.field("02");
        auto amount = std::to_string(current().amount);
        amount.insert(0, 12 - amount.size(), '0');
        const bool about_it = what.field("40") == amount;
        // The answer to an earlier sale, said again because its ACK was lost.
        if (!question && !about_it && !what.field("40").empty()) return;
        if (what.status == "00") return hear(says::paid, about_it, words);
        if (what.status == "TO") return hear(says::unknown, about_it, words);
        hear(says::not_paid, about_it, words);
    }

    std::unique_ptr<test::hypercom_till> till_;
    std::size_t heard_ = 0;
};

class qfpay_model final : public frame_till {
public:
    using frame_till::frame_till;

protected:
    void plug_in(std::unique_ptr<memory_wire> wire) override
    {
        wire->on_news([this] {
            while (till_ && heard_ < till_->answers().size())
                answer(till_->answers()[heard_++]);
        });
        heard_ = 0;
        till_ = std::make_unique<test::qfpay_local_till>(
            std::move(wire), test::qfpay_habits{.wraps = test::qfpay_wrapping::tcp});
    }
    void unplug() override { till_.reset(); }
    void hang_up() override { till_->hang_up(); }
    void say_sale() override { till_->pay(dollars(current().amount), number()); }
    void say_question() override
    {
        till_->ask({{"func_type", "4001"}, {"out_trade_no", "\"" + number() + "\""}});
    }

private:
    /// One for each time it is rung: a number names one sale for ever.
    [[nodiscard]] std::string number() const
    {
        return name() + "--" + std::to_string(current().amount) + "--" +
               std::to_string(current().rung);
    }

    void answer(const test::qfpay_answer& what)
    {
        if (!has_wish()) return;
        const auto words = what.respcd + " " + what.respmsg + " " + what.data;
        // The answer to an earlier question, which was asked twice.
        if (what.data.find("out_trade_no") != std::string::npos &&
            what.data.find('"' + number() + '"') == std::string::npos)
            return;
        if (what.respcd == "6000") return hear(says::paid, true, words);
        const bool not_paid = what.respcd == "6001" || what.respcd == "6002";
        // An enquiry about what it does not know has no data.
        hear(not_paid ? says::not_paid : says::unknown, !what.data.empty(), words);
    }

    std::unique_ptr<test::qfpay_local_till> till_;
    std::size_t heard_ = 0;
};

}  // namespace

std::unique_ptr<till_model> make_hypercom_till(surroundings_of_till around, std::string name)
{
    return std::make_unique<hypercom_model>(std::move(around), std::move(name));
}

std::unique_ptr<till_model> make_qfpay_local_till(surroundings_of_till around, std::string name)
{
    return std::make_unique<qfpay_model>(std::move(around), std::move(name));
}

}  // namespace ecr::simulation
