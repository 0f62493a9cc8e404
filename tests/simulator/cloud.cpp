#include "tests/simulator/cloud.hpp"

#include "tests/simulator/certificate.hpp"
#include "tests/simulator/control.hpp"
#include "tests/simulator/core.hpp"
#include "tests/simulator/front.hpp"

#include <utility>

namespace ecr::simulator {

struct cloud::parts {
    parts(const asio::any_io_executor& executor, daemon::clock& source, settings initial)
        : inside{std::make_shared<core>(executor, source, std::move(initial))},
          // Apart from the terminals' events: a reset must not touch connections.
          timers{std::make_shared<agenda>(executor, source)},
          certificate{make_certificate()},
          https{make_https_front(executor, inside, timers, certificate.chain, certificate.key)}
    {
        const auto handler = [behind = inside](const std::string& method, const std::string& target,
                                               const std::string& content_type,
                                               const std::string& body) {
            return answer_control(*behind, {method, target, content_type, body});
        };
        control = make_control_front(executor, timers, handler);
        timers->start();
    }

    std::shared_ptr<core> inside;
    std::shared_ptr<agenda> timers;
    daemon::server_certificate certificate;
    std::shared_ptr<front> https;
    std::shared_ptr<front> control;
    asio::ip::address address;
    bool listening = false;
};

cloud::cloud(asio::any_io_executor executor, daemon::clock& source, settings initial)
    : parts_{std::make_unique<parts>(executor, source, std::move(initial))}
{}

cloud::~cloud()
{
    stop();
}

void cloud::start(std::uint16_t port, std::uint16_t control_port, const asio::ip::address& address)
{
    parts_->address = address;
    parts_->https->open(address, port);
    parts_->listening = true;
    parts_->control->open(asio::ip::make_address("127.0.0.1"), control_port);
}

void cloud::stop()
{
    parts_->https->close();
    parts_->control->close();
    parts_->listening = false;
    parts_->inside->stop();
    parts_->timers->stop();
}

void cloud::set_listening(bool listening)
{
    if (listening == parts_->listening) return;
    if (listening)
        parts_->https->open(parts_->address, parts_->https->port());
    else
        parts_->https->close();
    parts_->listening = listening;
}

std::uint16_t cloud::port() const
{
    return parts_->https->port();
}
std::uint16_t cloud::control_port() const
{
    return parts_->control->port();
}
const std::string& cloud::ca_pem() const
{
    return parts_->certificate.ca;
}
settings& cloud::behaviour()
{
    return parts_->inside->behaviour;
}
const ledger& cloud::truth() const
{
    return parts_->inside->facts;
}

simulator::terminal& cloud::terminal(const std::string& termid)
{
    if (const auto known = parts_->inside->find_terminal(termid)) return *known;
    return parts_->inside->add_terminal({termid, true});
}

void cloud::plan(shopper next)
{
    parts_->inside->plan(std::move(next));
}
void cloud::plan(const std::string& termid, shopper next)
{
    parts_->inside->plan(termid, std::move(next));
}
void cloud::plan_order(const std::string& out_trade_no, shopper next)
{
    parts_->inside->plan_order(out_trade_no, std::move(next));
}
void cloud::plan(fault next)
{
    parts_->inside->plan(std::move(next));
}
void cloud::plan_undo(const std::string& out_trade_no, undo_plan next)
{
    parts_->inside->plan_undo(out_trade_no, std::move(next));
}
void cloud::plan(notice_plan next)
{
    parts_->inside->plan(next);
}
void cloud::add_merchant(const std::string& app_code, const std::string& client_key)
{
    parts_->inside->add_merchant({app_code, client_key});
}
void cloud::clear_faults()
{
    parts_->inside->faults().clear();
}
std::optional<std::string> cloud::plant(const planted_row& row)
{
    return simulator::plant(*parts_->inside, row);
}
bool cloud::unplant(const std::string& syssn)
{
    return simulator::unplant(*parts_->inside, syssn);
}
bool cloud::alter_amount(const std::string& syssn, std::int64_t amount_minor_units)
{
    return simulator::alter_amount(*parts_->inside, syssn, amount_minor_units);
}
std::optional<std::string> cloud::plant_again(const std::string& syssn)
{
    return simulator::plant_again(*parts_->inside, syssn);
}
void cloud::reset()
{
    parts_->inside->reset();
}

}  // namespace ecr::simulator
