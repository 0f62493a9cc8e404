// Three months of a shop with differences planted at random: all of them are found, and no others.
#include "tests/protocol/order/record_sample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>
#include <set>

namespace ecr::protocol {
namespace {

using cloud::trade_row;

constexpr int order_count = 10'000;
constexpr auto own_time_max = std::chrono::seconds{2};

/// Both books of the shop, and what does not agree between them.
class shop_of_months {
public:
    explicit shop_of_months(unsigned seed) : random_{seed}
    {
        period.from = parse_cloud_time("2026-09-01 00:00:00").value();
        period.before = parse_cloud_time("2026-12-01 00:00:00").value();
        for (int i = 0; i < order_count; ++i)
            add_payment(i);
        std::ranges::shuffle(orders, random_);
        std::ranges::shuffle(rows, random_);
    }

    record_period period;
    std::vector<order> orders;
    std::vector<trade_row> rows;
    std::multiset<std::string> planted;  // as summary_of()

private:
    int dice(int sides) { return std::uniform_int_distribution{1, sides}(random_); }

    void add_payment(int i)
    {
        const auto at = period.from + std::chrono::seconds{dice(91 * 24 * 3600) - 1};
        const auto number = "N" + std::to_string(i);
        const auto syssn = "S" + std::to_string(i);
        const int amount = dice(50'000);
        auto o = sample_payment(number, syssn, "00:00:00", amount);
        auto row = sample_row(number, syssn, "00:00:00", amount);
        o.facts.sysdtm = row.sysdtm = to_cloud_time(at);
        o.created_at = at - std::chrono::seconds{dice(120)};
        o.sent_at = o.created_at;
        if (dice(20) == 1) row.out_trade_no.clear();
        if (dice(20) == 1) row.txcurrcd = dice(2) == 1 ? "" : "344";
        plant(std::move(o), std::move(row));
    }

    void plant(order o, trade_row row)
    {
        const auto number = o.out_trade_no;
        const auto amount = std::to_string(o.amount_minor_units);
        const auto key = number + "/" + row.syssn + " " + amount + "/";
        switch (dice(40)) {
            case 1:
                planted.insert("missing_here payment " + row.out_trade_no + "/" + row.syssn +
                               " -/" + amount);
                rows.push_back(std::move(row));
                return;
            case 2:
                planted.insert("missing_there payment " + key + "-");
                orders.push_back(std::move(o));
                return;
            case 3:
                row.txamt = *row.txamt + dice(100);
                planted.insert("amount_differs payment " + key + std::to_string(*row.txamt));
                break;
            case 4: {
                auto again = row;
                again.syssn += "-2";
                again.out_trade_no = row.out_trade_no = number;
                planted.insert("paid_twice payment " + number + "/" + again.syssn + " " + amount +
                               "/" + amount);
                rows.push_back(std::move(again));
                break;
            }
            case 5: refund_elsewhere(o, row); break;
            case 6: refund_by_us(o, row); break;
            case 7:  // declined at both
                o.state = order_state::declined;
                row.respcd = "1205";
                break;
            case 8:  // late
                o.state = order_state::expired;
                planted.insert("missing_here payment " + key + amount);
                break;
            case 9: o.state = order_state::in_doubt; break;
            default: break;
        }
        orders.push_back(std::move(o));
        rows.push_back(std::move(row));
    }

    trade_row refund_row(const trade_row& of, std::int64_t amount)
    {
        auto back = of;
        back.order_type = "refund";
        back.origssn = of.syssn;
        back.syssn += "-R";
        back.out_trade_no = dice(2) == 1 ? "" : of.syssn + "-refund";
        back.txamt = amount;
        return back;
    }

    void refund_elsewhere(const order& o, trade_row& row)
    {
        row.cancel = 3;
        auto back = refund_row(row, o.amount_minor_units);
        planted.insert("refunded_elsewhere refund " + o.out_trade_no + "/" + back.syssn + " -/" +
                       std::to_string(*back.txamt));
        rows.push_back(std::move(back));
    }

    void refund_by_us(const order& o, trade_row& row)
    {
        row.cancel = dice(2) == 1 ? 1 : 5;
        auto back = refund_row(row, dice(static_cast<int>(o.amount_minor_units)));
        auto refund = sample_refund(row.syssn + "-refund", o.out_trade_no, row.syssn, "00:00:00",
                                    *back.txamt);
        refund.sent_at = refund.created_at = time_of(o);
        orders.push_back(std::move(refund));
        rows.push_back(std::move(back));
    }

    std::mt19937 random_;
};

class MonthsTest : public testing::TestWithParam<unsigned> {};

TEST_P(MonthsTest, EveryPlantedDifferenceIsFoundAndNoOther)
{
    const auto seed = GetParam();
    std::cout << "seed " << seed << '\n';
    const shop_of_months shop{seed};
    const auto begin = std::chrono::steady_clock::now();
    const auto found = reconcile(shop.orders, shop.rows, shop.period);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    std::cout << shop.orders.size() << " orders, " << shop.rows.size() << " rows, "
              << found.differences.size() << " differences in " << took.count() << " ms\n";

    std::multiset<std::string> told;
    for (const auto& d : found.differences)
        told.insert(summary_of(d));
    EXPECT_EQ(told, shop.planted);
    EXPECT_GT(shop.planted.size(), 1'000U);
    EXPECT_LT(took, own_time_max);
    EXPECT_TRUE(std::ranges::is_sorted(found.differences, {}, [](const difference& d) {
        return d.theirs != nullptr ? d.theirs->sysdtm : to_cloud_time(time_of(*d.ours));
    }));
}

INSTANTIATE_TEST_SUITE_P(Seeds, MonthsTest, testing::Values(1U, 20261118U, 4711U));

}  // namespace
}  // namespace ecr::protocol
