#include "tests/simulation/sky.hpp"

#include "tests/simulator/fault_effect.hpp"
#include "tests/simulator/http_text.hpp"

#include <array>
#include <list>
#include <utility>

namespace ecr::simulation {

using namespace std::chrono_literals;
using daemon::https_answer;
using daemon::https_request;
using protocol::transport;
using simulator::fault;
using simulator::fault_kind;

struct sky::exchange {
    exchange(asio::any_io_executor executor, daemon::clock& time)
        : deadline{std::move(executor), time}, since{time.now()}, source{time}
    {}
    void come(https_answer what)
    {
        if (answer) return;
        what.took = source.now() - since;
        answer = std::move(what);
        deadline.cancel();
    }

    daemon::alarm deadline;
    milliseconds since;
    daemon::clock& source;
    std::optional<https_answer> answer;
};

class sky::transport final : public daemon::cloud_transport {
public:
    transport(asio::any_io_executor executor, daemon::clock& time, milliseconds patience, sky& way)
        : executor_{std::move(executor)}, time_{time}, patience_{patience}, way_{way}
    {}

    asio::awaitable<https_answer> send(https_request request) override
    {
        https_answer answer{.how = protocol::transport::not_sent, .detail = "no connection"};
        if (stopped_) co_return answer;
        if (way_.luck_.per_mille(way_.now.refused)) {
            const auto delay = way_.luck_.between(5ms, 10s);
            (void)co_await daemon::sleep_for(time_, delay);
            co_return answer;
        }
        const auto waits = std::make_shared<exchange>(executor_, time_);
        waiting_.remove_if([](const auto& known) { return known.expired(); });
        waiting_.push_back(waits);
        way_.carry(on_the_wire(request), waits);
        waits->deadline.set(patience_);
        while (!waits->answer && !stopped_) {
            const bool over = co_await waits->deadline.wait();
            if (over) break;
        }
        answer.how = protocol::transport::no_answer;
        if (waits->answer) answer = std::move(*waits->answer);
        co_return answer;
    }

    void stop() override
    {
        stopped_ = true;
        for (const auto& known : waiting_)
            if (const auto waits = known.lock()) waits->deadline.cancel();
    }

private:
    static simulator::wire_request on_the_wire(const https_request& request)
    {
        simulator::wire_request wire{.method = request.get ? "GET" : "POST",
                                     .target = request.path,
                                     .content_type = "application/x-www-form-urlencoded",
                                     .body = request.body};
        for (const auto& [name, value] : request.headers) {
            if (name == "X-QF-APPCODE") wire.app_code = value;
            if (name == "X-QF-SIGN") wire.sign = value;
            if (name == "X-QF-SIGNTYPE") wire.sign_type = value;
        }
        return wire;
    }

    asio::any_io_executor executor_;
    daemon::clock& time_;
    milliseconds patience_;
    sky& way_;
    std::list<std::weak_ptr<exchange>> waiting_;
    bool stopped_ = false;
};

weather weather::drawn(fate& luck)
{
    // Some runs are fair, some have one trouble only, some have all of them.
    weather drawn;
    const auto strength = luck.below(4);
    if (strength == 0) return drawn;
    for (int* each : {&drawn.refused, &drawn.lost, &drawn.unanswered, &drawn.late, &drawn.slow,
                      &drawn.error_page, &drawn.garbled, &drawn.lying})
        if (strength == 3 || luck.per_cent(30))
            *each = static_cast<int>(luck.below(strength == 1 ? 50 : 250));
    return drawn;
}

std::unique_ptr<daemon::cloud_transport> sky::connect(asio::any_io_executor executor,
                                                      daemon::clock& time,
                                                      const daemon::https_settings& settings)
{
    return std::make_unique<transport>(std::move(executor), time, settings.answer_timeout, *this);
}

std::optional<fault> sky::draw(const std::string& path)
{
    const bool enquiry = path.find("query") != std::string::npos;
    const bool half = luck_.per_cent(50);
    if (luck_.per_mille(now.lost)) return fault{.kind = fault_kind::no_answer, .done = false};
    if (luck_.per_mille(now.unanswered))
        return fault{.kind = half ? fault_kind::no_answer : fault_kind::close};
    if (luck_.per_mille(now.late))
        return fault{.kind = fault_kind::late_delivery, .delay = luck_.between(31s, 300s)};
    if (luck_.per_mille(now.slow))
        return fault{.kind = fault_kind::slow, .delay = luck_.between(1s, 29s)};
    if (luck_.per_mille(now.error_page)) {
        constexpr std::array statuses{301, 400, 403, 404, 429, 500, 502, 503, 504};
        return fault{
            .kind = fault_kind::status, .done = half, .http_status = luck_.one_of(statuses)};
    }
    if (luck_.per_mille(now.garbled)) {
        constexpr std::array kinds{fault_kind::garbage,         fault_kind::html,
                                   fault_kind::empty,           fault_kind::truncated,
                                   fault_kind::wrong_signature, fault_kind::no_signature};
        return fault{.kind = luck_.one_of(kinds)};
    }
    if (enquiry && luck_.per_mille(now.lying)) {
        constexpr std::array kinds{fault_kind::wrong_amount, fault_kind::wrong_currency,
                                   fault_kind::wrong_order, fault_kind::stale};
        return fault{.kind = luck_.one_of(kinds)};
    }
    return std::nullopt;
}

void sky::carry(simulator::wire_request request, std::weak_ptr<exchange> asker)
{
    auto what = draw(request.target);
    auto delay = luck_.between(10ms, 200ms);
    if (what && what->kind == fault_kind::late_delivery) delay = what->delay;
    wires_.after(
        delay, [this, request = std::move(request), what, asker] { arrive(request, what, asker); });
}

void sky::arrive(const simulator::wire_request& request, std::optional<fault> what,
                 const std::weak_ptr<exchange>& asker)
{
    simulator::answer reply;
    if (what && what->kind == fault_kind::no_answer && !what->done) return;  // lost on the way
    cloud_.facts.note_request(request.target);
    cloud_.facts.note_signature(request.sign);
    if (cloud_.over_limit(request.app_code)) {
        reply = simulator::page_of_status(429);
        what.reset();
    } else if (!what || what->done) {
        reply =
            cloud_.serve(request, what ? simulator::distortion_of(*what) : simulator::distortion{});
    }
    const auto hold = reply.body_then ? reply.hold : 0ms;
    wires_.after(hold + luck_.between(10ms, 200ms), [this, reply, what, asker]() mutable {
        if (reply.body_then) reply.body = reply.body_then();
        answer(std::move(reply), what, asker);
    });
}

void sky::answer(simulator::answer reply, std::optional<fault> what,
                 const std::weak_ptr<exchange>& asker)
{
    const auto waits = asker.lock();
    if (!waits) return;
    const auto kind = what ? what->kind : fault_kind::slow;
    if (kind == fault_kind::no_answer) return;
    if (kind == fault_kind::close || kind == fault_kind::truncated)
        return waits->come({.how = protocol::transport::no_answer});
    if (what)
        if (auto instead = simulator::replacement_of(*what)) reply = std::move(*instead);
    https_answer made{.how = protocol::transport::answered,
                      .status = static_cast<unsigned>(reply.http_status),
                      .body = reply.body,
                      .date = simulator::http_date(cloud_.events->wall())};
    if (reply.signed_with && kind != fault_kind::no_signature)
        made.signature = protocol::cloud::body_signature(
            kind == fault_kind::wrong_signature ? reply.body + " " : reply.body, reply.key,
            *reply.signed_with);
    if (!what || kind != fault_kind::slow) return waits->come(std::move(made));
    wires_.after(what->delay, [asker, made = std::move(made)] {
        if (const auto still = asker.lock()) still->come(made);
    });
}

}  // namespace ecr::simulation
