#pragma once

#include "tests/simulation/till_model.hpp"
#include "tests/simulator/agenda.hpp"
#include "tests/support/till_wire.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ecr::process {

using simulation::says;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// What a cashier does while the customer pays.
enum class mischief { none, hangs_up, repeats, asks, cancels };

/// One customer. The amount tells in every dialect whose sale it is: no two are alike.
struct sale {
    std::int64_t amount = 0;  // minor units
    mischief does = mischief::none;
    milliseconds gives_up_after{70'000};  // still unknown then, it is the operator's
};

/// How long a cashier takes, and waits.
struct cashier_pace {
    milliseconds rest = 300ms;              // between two customers
    milliseconds after_mischief = 2'500ms;  // likewise
    milliseconds sale_answered = 30s;       // then the cashier asks
    milliseconds looks_at_wire = 400ms;
    milliseconds finds_nobody = 500ms;    // then tries again
    milliseconds hears_unknown = 1s;      // then asks again
    milliseconds question_answered = 6s;  // then again
};

/// What a till finds around it.
struct till_place {
    simulator::agenda& time;
    std::function<std::unique_ptr<test::till_wire>()> connect;  // nothing: the bridge is not there
    std::function<void(simulation::statement)> told;
    cashier_pace pace{};
};

/// A till in its dialect, with a cashier who asks whenever the answer is unknown or does not come.
class cashier {
public:
    /// From the first word about a sale to the word that ended it.
    struct served {
        std::int64_t amount = 0;
        says how{};
        milliseconds waited{};
        mischief met{};
    };

    cashier(till_place around, std::string name, std::vector<sale> sales);
    virtual ~cashier() = default;
    cashier(const cashier&) = delete;
    cashier& operator=(const cashier&) = delete;

    void open() { rest(); }
    /// Serves nobody else after the present customer.
    void close_up();
    /// Leaves the line. For a till that has closed.
    void switch_off();
    /// It has served all its customers.
    [[nodiscard]] bool closed() const { return next_ > sales_.size(); }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::vector<served>& customers() const { return served_; }
    [[nodiscard]] std::string standing() const;

protected:
    enum class asked { sale, question };

    /// A till at the end of this wire.
    virtual void plug_in(std::unique_ptr<test::till_wire> wire) = 0;
    virtual void say_sale() = 0;
    virtual void say_question() = 0;
    virtual void say_cancel() {}
    /// Looks at what was heard since.
    virtual void listen() = 0;
    [[nodiscard]] virtual bool can_cancel() const { return false; }
    [[nodiscard]] virtual bool has_numbers() const { return true; }
    /// Whether a further request on the same connection is answered on its own.
    [[nodiscard]] virtual bool hears_both() const { return true; }

    /// `about_it`: the answer to a question may be about another sale, or about none.
    void hear(says what, bool about_it, bool safe_to_retry, const std::string& words);
    /// The bridge could not say now.
    void refused();

    [[nodiscard]] bool has_wish() const { return has_wish_; }
    [[nodiscard]] std::int64_t amount() const { return sales_[next_ - 1].amount; }
    /// The same for one customer, however often it is rung.
    [[nodiscard]] std::string number() const { return name_ + "-" + std::to_string(amount()); }
    [[nodiscard]] asked last_asked() const { return asked_; }
    till_place around_;

private:
    class ear;

    void rest();
    void ring();
    void ask();
    void come_back();
    void plan_mischief();
    void hang_up(milliseconds back_after);
    void watch_wire();
    [[nodiscard]] bool connected();
    /// Unless the till has gone on to something else.
    void later(milliseconds delay, std::function<void()> then);

    std::string name_;
    std::vector<sale> sales_;
    std::size_t next_ = 0;  // the one after the present
    bool has_wish_ = false;
    bool misbehaved_ = false;
    bool off_ = false;
    asked asked_ = asked::sale;
    bool unknown_ = false;  // was the last word
    milliseconds since_{};
    std::uint64_t turn_ = 0;
    ear* wire_ = nullptr;  // as long as it is plugged in
    std::vector<served> served_;
};

[[nodiscard]] std::unique_ptr<cashier> make_line_cashier(till_place around, std::string name,
                                                         std::vector<sale> sales, bool framed,
                                                         std::string terminal);
[[nodiscard]] std::unique_ptr<cashier> make_hypercom_cashier(till_place around, std::string name,
                                                             std::vector<sale> sales);
enum class qfpay_link { tcp, http, serial };
[[nodiscard]] std::unique_ptr<cashier> make_qfpay_cashier(till_place around, std::string name,
                                                          std::vector<sale> sales, qfpay_link link);

}  // namespace ecr::process
