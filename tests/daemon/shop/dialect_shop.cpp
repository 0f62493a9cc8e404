#include "tests/daemon/shop/dialect_shop.hpp"

#include "daemon/logging.hpp"
#include "tests/simulator/certificate.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ecr::test {
namespace {

using protocol::till::dialect_kind;
namespace qfpay_local = protocol::till::qfpay_local;

bool is_http(wire_kind kind)
{
    return kind == wire_kind::http || kind == wire_kind::https;
}

}  // namespace

const char* name_of(wire_kind kind)
{
    static constexpr const char* names[] = {"tcp", "tls", "pty", "http", "https"};
    return names[static_cast<std::size_t>(kind)];
}

void PrintTo(wire_kind kind, std::ostream* out)
{
    *out << name_of(kind);
}

certificate_folder::certificate_folder()
{
    const auto made = simulator::make_certificate();
    ca = made.ca;
    std::ofstream{path / "chain.pem"} << made.chain;
    std::ofstream{path / "key.pem"} << made.key;
}

log_catcher::log_catcher()
{
    daemon::set_up_logging({.file = file_});
}

log_catcher::~log_catcher()
{
    daemon::set_up_logging({});
}

std::string log_catcher::text() const
{
    std::ostringstream all;
    all << std::ifstream{file_}.rdbuf();
    return all.str();
}

int log_catcher::count(const std::string& part) const
{
    std::istringstream lines{text()};
    int found = 0;
    for (std::string line; std::getline(lines, line);)
        if (line.find(part) != std::string::npos) ++found;
    return found;
}

dialect_shop::dialect_shop(wire_kind kind, const link_change& of_dialect, const link_change& more,
                           shop_plan plan)
    : kind_{kind},
      world{{.bridge =
                 [&](daemon::config& c) {
                     for (auto& link : c.links) {
                         link.till = "old";
                         if (link.kind == daemon::link_kind::tcp) {
                             link.tls = daemon::tls_use::both;
                             link.certificate_file = certificate_.path / "chain.pem";
                             link.certificate_key_file = certificate_.path / "key.pem";
                         }
                         of_dialect(link);
                         more(link);
                     }
                     plan.bridge(c);
                 },
             .cloud = plan.cloud,
             .start = plan.start}}
{}

std::unique_ptr<till_wire> dialect_shop::wire()
{
    if (kind_ == wire_kind::pty) return world.wire_to_port();
    const auto port = world.bridge().port("lan");
    const bool encrypted = kind_ == wire_kind::tls || kind_ == wire_kind::https;
    return encrypted ? tls_wire(world.io(), port, certificate_.ca) : tcp_wire(world.io(), port);
}

bool dialect_shop::pushed(int times)
{
    return world.until([&] { return pushes() >= times; }, 1min);
}

hypercom_shop::hypercom_shop(wire_kind kind, const link_change& more, shop_plan plan)
    : dialect_shop{kind,
                   [](daemon::link_config& link) {
                       link.dialect = dialect_kind::hypercom;
                       link.hypercom.terminal_id = "T0000001";
                   },
                   more, std::move(plan)}
{}

hypercom_till hypercom_shop::till(bool acknowledges)
{
    return hypercom_till{wire(), acknowledges};
}

hypercom_response hypercom_shop::answer(hypercom_till& till, milliseconds limit)
{
    const auto* told = next(till, till.responses(), limit);
    EXPECT_NE(told, nullptr) << "no response";
    return told == nullptr ? hypercom_response{} : *told;
}

hypercom_response hypercom_shop::ask(hypercom_till& till, const std::string& code,
                                     const hypercom_till::fields& with)
{
    till.ask(code, with);
    return answer(till);
}

hypercom_response hypercom_shop::sell(hypercom_till& till, int amount)
{
    till.sell(amount);
    return answer(till);
}

qfpay_shop::qfpay_shop(wire_kind kind, const link_change& more, shop_plan plan)
    : dialect_shop{kind,
                   [kind](daemon::link_config& link) {
                       link.dialect = dialect_kind::qfpay_local;
                       link.qfpay_local.wraps = link.kind == daemon::link_kind::pty
                                                    ? qfpay_local::wrapping::serial
                                                : is_http(kind) ? qfpay_local::wrapping::http
                                                                : qfpay_local::wrapping::tcp;
                   },
                   more, std::move(plan)}
{}

qfpay_habits qfpay_shop::habits() const
{
    qfpay_habits usual;
    usual.wraps = kind() == wire_kind::pty ? qfpay_wrapping::serial
                  : is_http(kind())        ? qfpay_wrapping::http
                                           : qfpay_wrapping::tcp;
    return usual;
}

qfpay_local_till qfpay_shop::till(const std::string& key, bool encrypts)
{
    auto how = habits();
    if (!key.empty()) how.key = key;
    how.encrypts = encrypts;
    return qfpay_local_till{wire(), std::move(how)};
}

qfpay_answer qfpay_shop::answer(qfpay_local_till& till, milliseconds limit)
{
    const auto* told = next(till, till.answers(), limit);
    EXPECT_NE(told, nullptr) << "no answer";
    return told == nullptr ? qfpay_answer{} : *told;
}

qfpay_answer qfpay_shop::ask(qfpay_local_till& till, const qfpay_local_till::content& what)
{
    till.ask(what);
    return answer(till);
}

qfpay_answer qfpay_shop::pay(qfpay_local_till& till, const std::string& amount,
                             const std::string& number)
{
    till.pay(amount, number);
    return answer(till);
}

qfpay_answer qfpay_shop::enquire(qfpay_local_till& till, const std::string& number)
{
    return ask(till, {{"func_type", "4001"}, {"orderId", '"' + number + '"'}});
}

}  // namespace ecr::test
