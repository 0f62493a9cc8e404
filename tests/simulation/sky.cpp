#include "tests/simulation/sky.hpp"

#include "tests/simulator/fault_effect.hpp"
#include "tests/simulator/http_text.hpp"

#include <list>
#include <utility>

namespace ecr::simulation {

using namespace std::chrono_literals;
using daemon::https_answer;
using daemon::https_request;
using protocol::transport;
using simulator::fault;
using simulator::fault_kind;

namespace {

/// The out_trade_no of a form; empty: it has none.
std::string number_in(const std::string& form)
{
    constexpr std::string_view name = "out_trade_no=";
    auto at = form.find(name);
    while (at != std::string::npos && at > 0 && form[at - 1] != '&')
        at = form.find(name, at + 1);
    if (at == std::string::npos) return {};
    at += name.size();
    return form.substr(at, form.find('&', at) - at);
}

}  // namespace

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
        auto how = way_.draw_(request.path);
        if (how.refused) {
            (void)co_await daemon::sleep_for(time_, how.out);
            co_return answer;
        }
        const auto waits = std::make_shared<exchange>(executor_, time_);
        waiting_.remove_if([](const auto& known) { return known.expired(); });
        waiting_.push_back(waits);
        way_.carry(on_the_wire(request), std::move(how), waits);
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

std::unique_ptr<daemon::cloud_transport> sky::connect(asio::any_io_executor executor,
                                                      daemon::clock& time,
                                                      const daemon::https_settings& settings)
{
    return std::make_unique<transport>(std::move(executor), time, settings.answer_timeout, *this);
}

void sky::carry(simulator::wire_request request, passage how, std::weak_ptr<exchange> asker)
{
    const bool late = how.what && how.what->kind == fault_kind::late_delivery;
    const auto out = late ? how.what->delay : how.out;
    if (how.again) {
        repeat(request, how, asker);
        if (how.second_is_answered) asker.reset();
    }
    wires_.after(out, [this, request = std::move(request), how = std::move(how), asker] {
        arrive(request, how, asker);
    });
}

/// A cloud that takes a used number again would take the payment twice, and no bridge could see it.
void sky::repeat(const simulator::wire_request& request, const passage& how,
                 const std::weak_ptr<exchange>& asker)
{
    const auto number = number_in(request.body);
    const bool enquiry = request.target.find("query") != std::string::npos;
    if (!enquiry && cloud_.behaviour.repeated_number == simulator::repeated_number::accept_again)
        return;
    passage second{.out = how.out + *how.again, .back = how.back};
    const auto hears = how.second_is_answered ? asker : std::weak_ptr<exchange>{};
    wires_.after(second.out, [this, request, second, hears, number, enquiry] {
        ++repeated_;
        if (!enquiry) cloud_.facts.note_replay(number);
        arrive(request, second, hears);
    });
}

void sky::arrive(const simulator::wire_request& request, passage how,
                 const std::weak_ptr<exchange>& asker)
{
    auto& what = how.what;
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
    wires_.after(hold + how.back, [this, reply, what, asker]() mutable {
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
