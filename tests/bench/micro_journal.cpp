// What the journal's verbs cost by themselves: within one group, so that no flush hides it, and
// each on its own with its flush.
#include "store/journal.hpp"
#include "tests/bench/shop.hpp"

#include <benchmark/benchmark.h>
#include <chrono>

namespace ecr::bench {
namespace {

using protocol::order_event;
using protocol::order_state;
using namespace std::chrono_literals;

protocol::order sample(int number)
{
    protocol::order one;
    one.kind = protocol::order_kind::payment;
    one.out_trade_no = "M" + std::to_string(number);
    one.till = "T1";
    one.till_order = one.out_trade_no;
    one.content = "pay 110 wx";
    one.terminal = "235C0503";
    one.via = protocol::channel::wx;
    one.scan = protocol::scan_type::scan_pay;
    one.amount_minor_units = 110;
    one.currency = "344";
    one.payment_timeout = 120s;
    one.state = order_state::accepted;
    return one;
}

/// A journal, and the state that Google Benchmark tells of a failure.
class bench_journal {
public:
    explicit bench_journal(benchmark::State& state) : state_{state} {}

    void check(error_code failed)
    {
        if (failed) state_.SkipWithError(failed.message().c_str());
    }
    void add() { check(to.add(sample(++count), "asked for by the till")); }
    void add_in_a_group(std::int64_t orders)
    {
        check(to.begin_group());
        for (std::int64_t i = 0; i < orders; ++i)
            add();
        check(to.commit_group());
    }

private:
    folder where_;
    benchmark::State& state_;

public:
    store::journal to{where_ / "journal.db"};
    int count = 0;
};

void add_an_order(benchmark::State& state)
{
    bench_journal j{state};
    j.check(j.to.begin_group());
    for (auto _ : state)
        j.add();
    j.check(j.to.commit_group());
}
BENCHMARK(add_an_order);

void advance_an_order(benchmark::State& state)
{
    bench_journal j{state};
    j.add();
    const auto learn = *protocol::decide(order_state::accepted, order_event::learn);
    j.check(j.to.begin_group());
    for (auto _ : state)
        j.check(j.to.advance("M1", learn, "learnt", timestamp{}));
    j.check(j.to.commit_group());
}
BENCHMARK(advance_an_order);

void find_an_order(benchmark::State& state)
{
    bench_journal j{state};
    j.add_in_a_group(10'000);
    for (auto _ : state)
        benchmark::DoNotOptimize(j.to.find("M5000"));
}
BENCHMARK(find_an_order);

void last_order_of_a_till(benchmark::State& state)
{
    bench_journal j{state};
    j.add_in_a_group(10'000);
    for (auto _ : state)
        benchmark::DoNotOptimize(j.to.last_of_till("T1"));
}
BENCHMARK(last_order_of_a_till);

/// With its flush: what a lone till waits for.
void add_durably(benchmark::State& state)
{
    bench_journal j{state};
    for (auto _ : state)
        j.add();
}
BENCHMARK(add_durably)->UseRealTime();

/// So many orders to one flush.
void add_in_a_group(benchmark::State& state)
{
    bench_journal j{state};
    for (auto _ : state)
        j.add_in_a_group(state.range(0));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(add_in_a_group)->Arg(8)->Arg(64)->UseRealTime();

}  // namespace
}  // namespace ecr::bench
