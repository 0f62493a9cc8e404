#include "tests/bench/shop.hpp"

#include "tests/bench/crowd.hpp"
#include "tests/simulator/settings.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>

namespace ecr::bench {
namespace {

std::uint16_t port_in(const std::string& line, const std::string& before)
{
    const auto at = line.find(before);
    const auto port = at == std::string::npos ? 0 : std::stoi(line.substr(at + before.size()));
    if (port <= 0 || port > 65'535) throw std::runtime_error("no port in: " + line);
    return static_cast<std::uint16_t>(port);
}

std::string program(const char* name)
{
    return std::string{ECR_BIN_DIR} + "/" + name;
}

std::vector<std::string> cloud_command(const std::filesystem::path& ca_file, int terminals)
{
    std::vector<std::string> command{
        program("qfpay-sim"), "--port", "0", "--control-port", "0", "--ca-file", ca_file.string(),
        "--no-magic-amounts"};
    for (const auto* setting : {"shopper_delay=0", "push_delay=0", "requests_per_second=1000000",
                                "requests_per_minute=1000000"})
        command.insert(command.end(), {"--setting", setting});
    for (int i = 0; i < terminals; ++i)
        command.insert(command.end(), {"--terminal", terminal_name(i)});
    return command;
}

void write_private(const std::filesystem::path& file, const std::string& text)
{
    const auto mask = ::umask(077);
    std::ofstream out{file};
    out << text;
    out.close();
    ::umask(mask);
    if (!out) throw std::runtime_error("cannot write " + file.string());
}

/// The configuration as a shop has it. The simulated shopper pays at once, so that enquiries are
/// fast, or the figures would be those of our own pauses.
std::string configuration(const folder& where, const shop& setup)
{
    std::string text =
        "[bridge]\njournal = \"" + (where / setup.journal).string() +
        "\"\n[cloud]\nurl = \"https://localhost:" + std::to_string(setup.cloud_port) +
        "\"\napp_code = \"" + std::string{simulator::test_app_code} + "\"\nclient_key_file = \"" +
        (where / "client.key").string() + "\"\nca_file = \"" + setup.ca_file.string() +
        "\"\nrequests_per_minute = 100000\nrequests_per_second = 10000\n";
    for (int i = 0; i < setup.terminals; ++i)
        text += "[[terminal]]\nid = \"" + terminal_name(i) + "\"\n";
    text +=
        "[[link]]\nname = \"shop\"\ntype = \"tcp\"\nlisten = \"127.0.0.1:0\"\nchannel = \"wx\"\n"
        "connections_max = " +
        std::to_string(setup.connections_max) + "\n[orders]\nqueue_max = 1000\n[enquiry]\n";
    const auto pace = std::to_string(setup.first_enquiry_ms);
    text += "first_ms = " + pace + "\nwhile_waiting_ms = " + pace + "\n";
    return text;
}

std::vector<std::string> bridge_command(const folder& where, const shop& setup)
{
    write_private(where / "client.key", std::string{simulator::test_client_key} + "\n");
    write_private(where / "ecrbridged.toml", configuration(where, setup));
    return {program("ecrbridged"), "--config", (where / "ecrbridged.toml").string()};
}

}  // namespace

folder::folder()
{
    auto name = (std::filesystem::temp_directory_path() / "ecrbridge-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::system_error{errno, std::generic_category(), name};
    path_ = name;
}

folder::~folder()
{
    std::error_code ignored;  // what stays in a temporary folder harms nobody
    std::filesystem::remove_all(path_, ignored);
}

std::string terminal_name(int number)
{
    return "BENCH" + std::to_string(10'000 + number);
}

simulated_cloud::simulated_cloud(const folder& where, int terminals)
    : ca_file_{where / "ca.pem"},
      program_{cloud_command(ca_file_, terminals), child::listen_to::out},
      port_{port_in(program_.wait_for("https://localhost:"), "https://localhost:")}
{}

bridge::bridge(const folder& where, const shop& setup)
    : program_{bridge_command(where, setup), child::listen_to::err},
      port_{port_in(program_.wait_for("link.open"), "127.0.0.1:")}
{
    const crowd accepted{port_, 1};
    const std::chrono::duration<double, std::milli> took = steady_clock::now() - program_.started();
    started_in_ms_ = took.count();
}

}  // namespace ecr::bench
