#include "daemon/rehearsal/rehearsal.hpp"

#include "daemon/link/pseudo_terminal.hpp"
#include "daemon/page/page_desk.hpp"
#include "daemon/private_folder.hpp"
#include "tests/simulator/cloud.hpp"

#include <boost/system/system_error.hpp>

#include <array>
#include <cstdlib>
#include <fstream>

namespace ecr::daemon {
namespace {

constexpr auto terminals = std::to_array<const char*>({"SIM0000001", "SIM0000002"});

simulator::settings cloud_settings(bool fast)
{
    simulator::settings s;
    s.magic_amounts = true;
    for (const auto* id : terminals)
        s.terminals.push_back({id, true});
    if (fast) {
        s.shopper_delay = milliseconds{400};
        s.push_delay = milliseconds{50};
    }
    return s;
}

std::filesystem::path make_folder()
{
    const auto made = make_private_folder("ecrbridge-rehearsal-");
    if (!made) throw boost::system::system_error{made.error(), "a folder for the rehearsal"};
    return *made;
}

}  // namespace

struct rehearsal::parts {
    parts(asio::any_io_executor executor, clock& time, options chosen)
        : how{std::move(chosen)},
          folder{make_folder()},
          cloud{executor, time, cloud_settings(how.fast)}
    {
        cloud.start();
        std::ofstream{folder / "ca.pem"} << cloud.ca_pem();
    }

    options how;
    std::filesystem::path folder;
    simulator::cloud cloud;
};

rehearsal::rehearsal(asio::any_io_executor executor, clock& time, options how)
    : parts_{std::make_unique<parts>(std::move(executor), time, std::move(how))}
{}

rehearsal::~rehearsal()
{
    std::error_code left_behind;  // a throw-away folder that stays harms nobody
    std::filesystem::remove_all(parts_->folder, left_behind);
}

config rehearsal::settings() const
{
    const auto& p = *parts_;
    config c;
    c.journal = p.folder / "journal.db";
    c.drain = milliseconds{2'000};
    c.cloud.url = "https://localhost:" + std::to_string(p.cloud.port());
    c.cloud.ca_file = p.folder / "ca.pem";
    c.cloud.app_code = std::string{simulator::test_app_code};
    c.terminals = {{.id = terminals[0], .name = "front"}, {.id = terminals[1], .name = "back"}};

    link_config lan{.name = "lan", .kind = link_kind::tcp, .port = p.how.port};
    lan.terminal = terminals[0];
    link_config serial{.name = "serial", .kind = link_kind::pty};
    serial.symlink = p.how.pty.empty() ? p.folder / "till" : p.how.pty;
    serial.terminal = terminals[1];
    for (auto* link : {&lan, &serial})
        link->via = protocol::channel::wx;
    c.links = {lan};
    if (pseudo_terminal::are_there()) c.links.push_back(serial);
    for (auto link : p.how.links) {
        link.terminal = terminals[0];  // the shop's are not here, nor are its accounts
        link.merchant.clear();
        if (link.name == lan.name || link.name == serial.name) link.name += "-of-shop";
        c.links.push_back(std::move(link));
    }
    c.page.on = true;
    c.page.port = p.how.page_port;
    c.orders.rehearsal = true;
    if (p.how.fast) {
        c.orders.pace.first = milliseconds{300};
        c.orders.pace.while_waiting = milliseconds{200};
    }
    return c;
}

std::string rehearsal::client_key() const
{
    return std::string{simulator::test_client_key};
}

std::string rehearsal::how_to_reach(const app& bridge) const
{
    std::string text = "Rehearsal: a simulated cloud, no money moves, nothing is kept.\n";
    for (const auto& link : bridge.links())
        text += "  " + link + "\n";
    if (bridge.page() != nullptr) text += "  " + bridge.page()->where() + "  (status page)\n";
    text +=
        "Send a line:  pay order=A1 amount=110 channel=wx\n"
        "Amounts that end in 01 to 24 go wrong in one way each; see tests/simulator/README.md\n";
    return text;
}

void rehearsal::stop()
{
    parts_->cloud.stop();
}

}  // namespace ecr::daemon
