#include "tests/simulation/post_box.hpp"

#include "daemon/notify/notification_desk.hpp"

#include <boost/asio/co_spawn.hpp>

#include <memory>
#include <utility>

namespace ecr::simulation {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds on_the_way{40};
constexpr milliseconds patience{10'000};

/// One attempt: whatever comes first counts, the answer or the end of patience.
struct attempt {
    simulator::post_listener then;

    void ends(int http_status, const std::string& body)
    {
        if (const auto tell = std::exchange(then, {})) tell(http_status, body);
    }
};

asio::awaitable<void> ring_at(daemon::notification_desk& desk, daemon::http_request request,
                              std::shared_ptr<attempt> mine)
{
    const auto reply = co_await desk.serve(std::move(request));
    mine->ends(static_cast<int>(reply.status), reply.body);
}

}  // namespace

void post_box::open(asio::any_io_executor executor, daemon::notification_desk& desk)
{
    executor_ = std::move(executor);
    desk_ = &desk;
}

void post_box::post(const std::string& body, const std::string& sign, simulator::post_listener then)
{
    daemon::http_request request;
    request.method = "POST";
    request.target = "/qfpay/notify";
    if (!sign.empty()) request.headers.emplace_back("x-qf-sign", sign);
    request.body = body;
    request.peer = asio::ip::make_address("127.0.0.1");
    const auto mine = std::make_shared<attempt>(attempt{std::move(then)});
    wires_.after(on_the_way, [this, request = std::move(request), mine] {
        if (desk_ == nullptr) return mine->ends(0, {});
        asio::co_spawn(executor_, ring_at(*desk_, request, mine), [](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
        });
    });
    wires_.after(patience, [mine] { mine->ends(0, {}); });
}

}  // namespace ecr::simulation
