#include "daemon/process_manners.hpp"
#include "tests/simulator/cloud.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <CLI/CLI.hpp>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace simulator = ecr::simulator;

struct options {
    std::uint16_t port = 8443;
    std::uint16_t control_port = 8444;
    std::string address = "127.0.0.1";
    std::string ca_file = "qfpay-sim-ca.pem";
    std::string app_code{simulator::test_app_code};
    std::string client_key_file;
    std::vector<std::string> terminals;
    std::vector<std::string> changes;
    bool no_magic = false;
};

void describe(CLI::App& app, options& chosen)
{
    app.add_option("--port", chosen.port, "HTTPS port; 0 is any free one")->capture_default_str();
    app.add_option("--control-port", chosen.control_port, "Control port (HTTP, loopback only)")
        ->capture_default_str();
    app.add_option("--address", chosen.address, "Address to listen on for HTTPS")
        ->capture_default_str();
    app.add_option("--ca-file", chosen.ca_file,
                   "Where to write the certificate authority the till's side must trust")
        ->capture_default_str();
    app.add_option(
        "--terminal", chosen.terminals,
        "Id of a terminal; \"ID:unbound\" is one nobody is logged in to; may be repeated");
    app.add_option("--app-code", chosen.app_code, "App code to expect")->capture_default_str();
    app.add_option("--client-key-file", chosen.client_key_file,
                   "File with the client key to expect; without it the documented test key");
    app.add_option("--setting", chosen.changes, "name=value; may be repeated. See GET /settings");
    app.add_flag("--no-magic-amounts", chosen.no_magic,
                 "Every shopper pays, whatever the last two digits of the amount");
}

simulator::settings settings_of(const options& chosen)
{
    simulator::settings behaviour;
    behaviour.magic_amounts = !chosen.no_magic;
    behaviour.app_code = chosen.app_code;
    if (!chosen.client_key_file.empty()) {
        std::ifstream file{chosen.client_key_file};
        if (!(file >> behaviour.client_key))
            throw std::runtime_error("cannot read a key from " + chosen.client_key_file);
    }
    for (const auto& each : chosen.terminals) {
        const auto colon = each.find(':');
        if (colon != std::string::npos && each.substr(colon) != ":unbound")
            throw std::runtime_error("--terminal " + each + ": neither ID nor ID:unbound");
        behaviour.terminals.push_back({each.substr(0, colon), colon == std::string::npos});
    }
    if (behaviour.terminals.empty()) behaviour.terminals.push_back({"SIM0000001", true});
    for (const auto& change : chosen.changes) {
        const auto equals = change.find('=');
        const auto value = equals == std::string::npos ? "" : change.substr(equals + 1);
        const auto wrong = set_by_name(behaviour, change.substr(0, equals), value);
        if (!wrong.empty()) throw std::runtime_error("--setting: " + wrong);
    }
    return behaviour;
}

void print_how_to_reach(const options& chosen, simulator::cloud& running)
{
    const auto& behaviour = running.behaviour();
    std::cout << "qfpay-sim: no money moves here\n"
              << "  cloud     https://localhost:" << running.port() << "/ecr/v1/\n"
              << "  trust     " << chosen.ca_file << "\n"
              << "  control   http://127.0.0.1:" << running.control_port() << "/\n"
              << "  app code  " << behaviour.app_code << "\n"
              << "  key       "
              << (chosen.client_key_file.empty() ? behaviour.client_key : chosen.client_key_file)
              << "\n";
    for (const auto& each : behaviour.terminals)
        std::cout << "  terminal  " << each.termid << (each.bound ? "" : " (unbound)") << "\n";
    if (behaviour.magic_amounts)
        std::cout << "  amounts that end in 01 to 24 go wrong in one way each; see README.md\n";
    std::cout << std::flush;
}

void run(const options& chosen)
{
    ecr::daemon::real_clock clock;
    asio::io_context io{1};
    simulator::cloud running{io.get_executor(), clock, settings_of(chosen)};
    running.start(chosen.port, chosen.control_port, asio::ip::make_address(chosen.address));
    std::ofstream file{chosen.ca_file, std::ios::trunc};
    file << running.ca_pem();
    file.close();
    if (!file) throw std::runtime_error("cannot write " + chosen.ca_file);
    print_how_to_reach(chosen, running);

    asio::signal_set signals{io, SIGINT, SIGTERM};
    signals.async_wait([&](const boost::system::error_code& failed, int) {
        if (failed) return;
        running.stop();
        io.stop();
    });
    io.run();
    const auto charged = running.truth().charged_in_all();
    std::cout << "qfpay-sim: " << running.truth().requests_in_all() << " requests, "
              << charged.count << " charges\n";
}

}  // namespace

int main(int argc, char** argv)
{
    ecr::daemon::write_bytes_as_they_are();
    CLI::App app{"A simulated QFPay terminal cloud: terminals, shoppers, and every fault there is",
                 "qfpay-sim"};
    options chosen;
    describe(app, chosen);
    app.set_version_flag("--version", ECR_VERSION);
    CLI11_PARSE(app, argc, argv);
    try {
        run(chosen);
        return 0;
    } catch (const std::exception& failed) {
        std::cerr << "qfpay-sim: " << failed.what() << "\n";
        return 1;
    }
}
