// What the bridge's own parts take, by themselves.
#include "daemon/cloud/https_client.hpp"
#include "daemon/store_thread.hpp"
#include "daemon/task_group.hpp"
#include "tests/bench/compared/alone.hpp"
#include "tests/bench/compared/contestant.hpp"

#include <boost/asio/io_context.hpp>

#include <ctime>
#include <stdexcept>

namespace ecr::bench {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

double thread_cpu_us()
{
    timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) * 1e6 + static_cast<double>(spent.tv_nsec) / 1e3;
}

[[noreturn]] void met(const std::exception_ptr& bug)
{
    std::rethrow_exception(bug);
}

protocol::order sample(int writer)
{
    protocol::order one;
    one.kind = protocol::order_kind::payment;
    one.out_trade_no = "G" + std::to_string(writer);
    one.till = "T" + std::to_string(writer);
    one.till_order = one.out_trade_no;
    one.content = "pay 110 wx";
    one.terminal = terminal_name(writer);
    one.via = protocol::channel::wx;
    one.scan = protocol::scan_type::scan_pay;
    one.amount_minor_units = 110;
    one.currency = "344";
    one.payment_timeout = 120s;
    one.state = protocol::order_state::accepted;
    return one;
}

/// One writer: an order, and steps of it that change nothing but its history.
asio::awaitable<void> write(daemon::store_thread& to, int writer, int steps)
{
    auto order = sample(writer);
    const auto learn =
        protocol::decide(protocol::order_state::accepted, protocol::order_event::learn);
    auto failed = co_await to.run([&](store::journal& j) { return j.add(order, "asked for"); });
    for (int i = 1; i < steps && !failed; ++i)
        failed = co_await to.run([&](store::journal& j) {
            return j.advance(order.out_trade_no, *learn, "learnt", timestamp{});
        });
    if (failed) throw boost::system::system_error{failed};
}

asio::awaitable<void> call(daemon::https_client& client, int times)
{
    for (int i = 0; i < times; ++i) {
        daemon::https_request request{.path = "/ecr/v1/query",
                                      .body = "out_trade_no=OPEN00000001&termid=BENCH10000",
                                      .headers = {},
                                      .once_only = false,
                                      .priority = 1};
        request.headers.emplace_back("X-QF-APPCODE", std::string(32, 'A'));
        request.headers.emplace_back("X-QF-SIGN", std::string(32, 'B'));
        const auto answer = co_await client.send(std::move(request));
        if (answer.status != 200) throw std::runtime_error("the fixed cloud: " + answer.detail);
    }
}

}  // namespace

double group_commits_per_second(const std::filesystem::path& folder, int writers, int steps)
{
    asio::io_context io{1};
    daemon::store_thread to{io.get_executor(),
                            std::make_unique<store::journal>(folder / "group.db"),
                            [](error_code why) { throw boost::system::system_error{why}; }};
    daemon::task_group tasks{io.get_executor(), met};
    const auto begun = steady_clock::now();
    for (int i = 0; i < writers; ++i)
        tasks.spawn(write(to, i, steps));
    io.run();
    const std::chrono::duration<double> took = steady_clock::now() - begun;
    return writers * steps / took.count();
}

double https_call_us(int calls)
{
    constexpr int callers = 8;
    const folder where;
    const fixed_cloud cloud{where, 0};
    asio::io_context io{1};
    daemon::real_clock time;
    daemon::https_settings settings;
    settings.url = "https://localhost:" + std::to_string(cloud.port());
    settings.ca_file = cloud.ca_file();
    daemon::https_client client{io.get_executor(), time, settings};
    daemon::task_group tasks{io.get_executor(), met};
    const auto round = [&](int times) {
        for (int i = 0; i < callers; ++i)
            tasks.spawn(call(client, times));
        io.restart();
        io.run();
    };
    round(1);  // connections are made
    const auto before = thread_cpu_us();
    round(calls / callers);
    const int made = calls / callers * callers;
    return (thread_cpu_us() - before) / made;
}

}  // namespace ecr::bench
