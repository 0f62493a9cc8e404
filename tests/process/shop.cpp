#include "shop.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <sys/stat.h>

namespace ecr::process {
namespace {

/// The lines of one table; a key that comes again replaces the one before.
std::string table(const std::string& header, const std::string& lines)
{
    std::map<std::string, std::string> values;
    std::istringstream in{lines};
    for (std::string line; std::getline(in, line);)
        if (const auto equals = line.find(" = "); equals != std::string::npos)
            values[line.substr(0, equals)] = line.substr(equals + 3);
    auto text = header + "\n";
    for (const auto& [key, value] : values)
        text += key + " = " + value + "\n";
    return text;
}

std::string quoted(const std::string& text)
{
    return "\"" + text + "\"\n";
}

constexpr auto quick_pace =
    "first_ms = 60\nwhile_waiting_ms = 60\nafter_processing_ms = 60\nwindow_slack_ms = 200\n"
    "refund_window_ms = 1000\n"
    "conclusion_ms = 200\npatience_ms = 200\nconfirmation_ms = 60\ndoubt_ms = 150\n"
    "doubt_until_ms = 60000\noutage_first_ms = 60\noutage_max_waiting_ms = 150\n"
    "outage_max_ms = 300\n";

}  // namespace

ProcessTest::ProcessTest(simulator::settings cloud) : cloud_{std::move(cloud)}
{
    write("ca.pem", cloud_.ca_pem());
    write("client.key", std::string{simulator::test_client_key} + "\n");
}

ProcessTest::~ProcessTest()
{
    if (HasFailure() && bridge_)
        std::cout << "---- the bridge wrote\n" << bridge_->output() << "----\n";
    bridge_.reset();
}

simulator::settings ProcessTest::quick_cloud()
{
    simulator::settings behaviour;
    behaviour.terminals = {{"T1", true}, {"T2", true}};
    behaviour.shopper_delay = std::chrono::milliseconds{50};
    behaviour.push_delay = std::chrono::milliseconds{5};
    behaviour.requests_per_minute = 100'000;
    behaviour.requests_per_second = 10'000;
    return behaviour;
}

std::string ProcessTest::text_of(const shop_config& how) const
{
    const auto in_folder = [&](const std::string& name) { return (folder_ / name).string(); };
    const auto url =
        how.url.empty() ? "https://localhost:" + std::to_string(cloud_.port()) : how.url;
    const auto journal = how.journal.empty() ? in_folder("journal.db") : how.journal;
    const auto key = how.key.empty() ? in_folder("client.key") : how.key;
    const auto ca = how.ca.empty() ? in_folder("ca.pem") : how.ca;
    const std::string rates = "requests_per_minute = 100000\nrequests_per_second = 10000\n";
    return table("[bridge]", "journal = " + quoted(journal) + how.bridge) +
           table("[cloud]", "app_code = " + quoted(std::string{simulator::test_app_code}) +
                                "client_key_file = " + quoted(key) + "ca_file = " + quoted(ca) +
                                "url = " + quoted(url) + rates + how.cloud) +
           "[[terminal]]\nid = \"T1\"\nname = \"front\"\n[[terminal]]\nid = \"T2\"\n" +
           table("[[link]]",
                 "name = \"shop\"\ntype = \"tcp\"\nlisten = \"127.0.0.1:0\"\nchannel = \"wx\"\n"
                 "terminal = \"T1\"\npayment_timeout_s = 2\n" +
                     how.link) +
           how.links + table("[orders]", "push_patience_s = 0.8\n" + how.orders) +
           table("[enquiry]", quick_pace + how.enquiry) + table("[log]", how.log);
}

std::string ProcessTest::write(const std::string& name, const std::string& text, int mode) const
{
    const auto path = (folder_ / name).string();
    std::ofstream{path} << text;
    ::chmod(path.c_str(), static_cast<mode_t>(mode));
    return path;
}

std::string ProcessTest::read(const std::string& name) const
{
    std::ifstream in{folder_ / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::unique_ptr<bridge_process> ProcessTest::run(const std::string& config_text,
                                                 bridge_options options) const
{
    options.arguments.insert(options.arguments.begin(),
                             {"--config", write("bridge.toml", config_text)});
    return std::make_unique<bridge_process>(std::move(options));
}

bridge_process& ProcessTest::start(const shop_config& how, bridge_options options)
{
    bridge_ = run(text_of(how), std::move(options));
    bridge_->line_with("bridge.ready");
    return *bridge_;
}

till ProcessTest::new_till(int receive_buffer)
{
    return till{bridge_->port("shop"), receive_buffer};
}

}  // namespace ecr::process
