// What an installer writes: the configuration, and addresses in it.
#include "daemon/cloud/proxy_address.hpp"
#include "daemon/config.hpp"
#include "daemon/config_reader.hpp"
#include "daemon/http/address_list.hpp"
#include "daemon/limits.hpp"
#include "tests/fuzz/script.hpp"

namespace ecr::fuzz {
namespace {

using namespace daemon;

std::string fault_of(const config_report& report, std::string_view toml)
{
    const auto lines = std::ranges::count(toml, '\n') + 1;
    int last = 0;
    for (const auto& [line, text] : report.problems) {
        if (text.empty()) return "a problem without a sentence";
        if (line < last || line > lines) return "a problem in a line that is not there";
        last = line;
    }
    const auto told = std::ranges::count(report.to_text("f"), '\n');
    if (static_cast<std::size_t>(told) < report.problems.size()) return "a problem is left out";
    return {};
}

std::string fault_of(const daemon::config& settings)
{
    if (settings.journal.empty()) return "good without a journal";
    if (settings.cloud.app_code.empty()) return "good without an account";
    if (settings.links.empty() || settings.terminals.empty()) return "good without a till";
    for (const auto& link : settings.links) {
        if (!is_name(link.name)) return "a link without a name";
        boost::system::error_code failed;
        (void)asio::ip::make_address(link.address, failed);
        if (link.kind == link_kind::tcp && failed) return "a link at a name: it may mean several";
        if (link.kind == link_kind::serial && link.device.empty()) return "a port without a device";
        if (link.baud <= 0 || link.data_bits < 5 || link.data_bits > 8) return "no serial port";
        if (link.payment_timeout.count() <= 0) return "no time to pay";
        for (const auto& text : link.allow)
            if (!address_list{}.add(text)) return "an address that is none";
    }
    for (const auto& terminal : settings.terminals)
        if (terminal.id.empty()) return "a terminal without an id";
    if (!settings.cloud.proxy.empty() && !parse_proxy(settings.cloud.proxy))
        return "a proxy that is none";
    if (settings.orders.day_starts.count() < 0 || settings.orders.day_starts.count() > 23)
        return "a day that starts on another day";
    if (settings.orders.queue_wait < milliseconds{} || settings.drain < milliseconds{})
        return "a wait that is over before it begins";
    return {};
}

}  // namespace

std::string config(bytes input)
{
    script in{input};
    const auto toml = in.rest();
    config_report report;
    const auto read = parse_config(toml, report);
    if (read.has_value() == !report.problems.empty()) return "good, and problems; or neither";
    if (auto fault = fault_of(report, toml); !fault.empty()) return fault;
    if (read) return fault_of(*read);
    config_report again;
    (void)parse_config(toml, again);
    return again.to_text("f") == report.to_text("f") ? "" : "other problems at the second look";
}

std::string addresses(bytes input)
{
    namespace ip = asio::ip;
    script in{input};
    const std::string text{in.rest()};
    if (const auto proxy = parse_proxy(text)) {
        if (proxy->host.empty() || proxy->port.empty()) return "a proxy without a place";
        const auto again = parse_proxy("http://" + proxy->authority());
        if (!again || again->host != proxy->host || again->port != proxy->port)
            return "another proxy when it is read again: " + proxy->authority();
        if (proxy->authority().find_first_of("\r\n") != std::string::npos)
            return "a header of two lines";
    }
    address_list list;
    if (list.add(text) == list.empty()) return "added and empty, or neither";
    if (list.empty()) return {};
    boost::system::error_code failed;
    const auto address = ip::make_address(text.substr(0, text.find('/')), failed);
    if (failed) return "a network without an address";
    // A network of all addresses of IPv6 holds none of IPv4, however that is written.
    const bool wide =
        address.is_v6() && plain_address(address).is_v4() && text.find('/') != text.npos;
    if (!wide && !list.contains(address)) return "an address outside of its own network";
    address_list again;
    if (!again.add(plain_address(address).to_string())) return "an address that is none";
    return again.contains(address) ? "" : "an address is not itself";
}

}  // namespace ecr::fuzz
