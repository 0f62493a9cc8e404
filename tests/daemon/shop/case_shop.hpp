#pragma once

#include "tests/daemon/shop/shop.hpp"

#include <string>
#include <vector>

namespace ecr::test {

/// By which way a payment is made. The last two are direct: no terminal takes part.
enum class way {
    terminal,  // pay
    scanned,   // scan: the till reads the customer's code
    shown,     // qr: the till shows a code
};
inline constexpr way every_way[]{way::terminal, way::scanned, way::shown};

[[nodiscard]] const char* name_of(way w);
/// The call of the cloud's API that starts such a payment.
[[nodiscard]] const char* push_path(way w);
[[nodiscard]] const char* query_path(way w);
/// What a till says for it: 5.00 by a wallet.
[[nodiscard]] std::string command(way w, const std::string& order, const std::string& more = {});

/// The first witness: what a till was told when its command ended.
struct told {
    std::string state;
    std::string code;
    std::string safe;
};
inline const told told_paid{"paid", "00", "no"};
inline const told told_expired{"expired", "12", "yes"};
inline const told told_cancelled{"cancelled", "11", "yes"};
inline const told told_in_doubt{"in_doubt", "20", "no"};
inline const told told_mismatch{"in_doubt", "22", "no"};
void expect_told(const std::string& line, const told& expected);

/// The second and the third: how the order stands in the journal, and what really happened.
struct in_the_end {
    std::string state;
    int charges = 0;
    int pushes = 1;
    int needs = 0;     // why it is on the operator's list; bits of protocol::attention
    int refunded = 0;  // minor units
};
void expect_end(shop& s, const std::string& order, const in_the_end& expected);

/// A shop with a till at hand.
class case_shop : public shop {
public:
    explicit case_shop(shop_plan plan = {}) : shop{std::move(plan)}, till_{tcp_till()} {}

    sample_till& till() { return *till_; }
    /// After a restart the old connection is gone.
    void reconnect() { till_ = tcp_till(); }
    void say(const std::string& line) { till_->say(line); }
    /// Says a payment and waits for its end.
    std::string pay(way w, const std::string& order, const std::string& more = {});
    std::string end_of(const std::string& order) { return result_of(*till_, order, 90min); }
    std::string refund(const std::string& number, const std::string& of, int amount,
                       const std::string& more = {});
    std::string state(const std::string& order);
    bool until_state(const std::string& order, const std::string& wanted,
                     milliseconds limit = 10min);
    bool until_on_terminal();
    /// What happened to an order, step by step: "send push pay".
    std::string steps(const std::string& order);
    int requests(const char* path) { return truth().requests(path); }
    [[nodiscard]] simulator::movements charged(const std::string& order)
    {
        return truth().charged(order);
    }

private:
    std::unique_ptr<sample_till> till_;
};

}  // namespace ecr::test
