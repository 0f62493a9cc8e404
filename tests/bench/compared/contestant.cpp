#include "tests/bench/compared/contestant.hpp"

#include "tests/bench/crowd.hpp"

#include <sqlite3.h>

#include <fstream>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace ecr::bench {
namespace {

const std::filesystem::path peers = std::filesystem::path{ECR_SOURCE_DIR} / "tests/bench/peers";
const std::filesystem::path node_peer = std::filesystem::path{ECR_BENCH_DIR} / "node";
const char* const haproxy = "/usr/sbin/haproxy";

constexpr int on_terminal = 3;  // protocol::order_state, pinned there

std::uint16_t port_after(const std::string& line, const std::string& before)
{
    return static_cast<std::uint16_t>(std::stoi(line.substr(line.find(before) + before.size())));
}

/// The relay cannot tell which port it was given, so it is told one that is free now.
std::uint16_t free_port()
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* where = reinterpret_cast<sockaddr*>(&address);
    const bool got = ::bind(socket, where, size) == 0 && ::getsockname(socket, where, &size) == 0;
    ::close(socket);
    if (!got) throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

std::string relay_configuration(std::uint16_t port, const fixed_cloud& cloud)
{
    return "global\n  maxconn 2000\n  nbthread 1\n"
           "defaults\n  mode http\n  timeout connect 5s\n  timeout client 60s\n"
           "  timeout server 60s\n  http-reuse always\n"
           "listen relay\n  bind 127.0.0.1:" +
           std::to_string(port) + "\n  server cloud 127.0.0.1:" + std::to_string(cloud.port()) +
           " ssl verify required verifyhost localhost sni str(localhost) ca-file " +
           cloud.ca_file().string() + " pool-max-conn 64\n";
}

std::vector<std::string> peer_command(competitor who, const folder& where, const fixed_cloud& cloud)
{
    const auto journal = (where / "journal.db").string();
    const auto port = std::to_string(cloud.port());
    if (who == competitor::node)
        return {"/usr/bin/env", "node", (node_peer / "bridge.js").string(),
                journal,        port,   cloud.ca_file().string()};
    return {"/usr/bin/python3", (peers / "bridge.py").string(), journal, port,
            cloud.ca_file().string()};
}

/// A connection that is accepted, however long it takes until somebody listens.
void wait_for_listener(std::uint16_t port)
{
    for (int tries = 0;; ++tries) {
        try {
            const crowd accepted{port, 1};
            return;
        } catch (const std::system_error&) {
            if (tries > 10'000) throw;
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    }
}

/// How many orders there are, and how many of them the cloud has taken.
struct journal_count {
    int all = 0;
    int taken = 0;
};

journal_count count_in(const std::filesystem::path& file, int state)
{
    sqlite3* db = nullptr;
    sqlite3_stmt* ask = nullptr;
    journal_count counted;
    const auto sql = "SELECT count(*), total(state = " + std::to_string(state) + ") FROM orders";
    const bool read =
        sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql.c_str(), -1, &ask, nullptr) == SQLITE_OK &&
        sqlite3_step(ask) == SQLITE_ROW;
    if (read) counted = {sqlite3_column_int(ask, 0), sqlite3_column_int(ask, 1)};
    sqlite3_finalize(ask);
    sqlite3_close(db);
    if (!read) throw std::runtime_error("cannot read the journal " + file.string());
    return counted;
}

}  // namespace

std::string name_of(competitor who)
{
    switch (who) {
        case competitor::bridge: return "ecrbridged";
        case competitor::node: return "Node";
        case competitor::python: return "Python";
        case competitor::relay: return "haproxy";
    }
    return {};
}

bool has_node()
{
    return std::filesystem::exists(node_peer / "node_modules/better-sqlite3/build/Release");
}

bool has_relay()
{
    return std::filesystem::exists(haproxy);
}

fixed_cloud::fixed_cloud(const folder& where, int delay_ms)
    : ca_file_{where / ("ca-" + std::to_string(delay_ms) + ".pem")},
      count_file_{where / ("requests-" + std::to_string(delay_ms))},
      program_{{std::string{ECR_BIN_DIR} + "/bench_cloud", "--ca-file", ca_file_.string(),
                "--delay-ms", std::to_string(delay_ms), "--count-file", count_file_.string()},
               child::listen_to::out},
      port_{port_after(program_.wait_for("https://localhost:"), "https://localhost:")}
{}

std::uint64_t fixed_cloud::requests() const
{
    std::uint64_t count = 0;
    std::ifstream in{count_file_, std::ios::binary};
    in.read(reinterpret_cast<char*>(&count), sizeof count);
    if (!in) throw std::runtime_error("the fixed cloud does not count");
    return count;
}

contestant::contestant(competitor who, const fixed_cloud& cloud, int terminals) : who_{who}
{
    if (who == competitor::bridge) {
        // No enquiry falls into the measured time: the peers ask nothing, either.
        bridge_ = std::make_unique<bridge>(where_, shop{.cloud_port = cloud.port(),
                                                        .ca_file = cloud.ca_file(),
                                                        .terminals = terminals,
                                                        .first_enquiry_ms = 60'000});
        port_ = bridge_->port();
        started_in_ms_ = bridge_->started_in_ms();
        return;
    }
    if (who == competitor::relay) {
        port_ = free_port();
        std::ofstream{where_ / "haproxy.cfg"} << relay_configuration(port_, cloud);
        peer_ = std::make_unique<child>(
            std::vector<std::string>{haproxy, "-f", (where_ / "haproxy.cfg").string()},
            child::listen_to::neither);
    } else {
        peer_ = std::make_unique<child>(peer_command(who, where_, cloud), child::listen_to::out);
        port_ = port_after(peer_->wait_for("listening on 127.0.0.1:"), "127.0.0.1:");
    }
    wait_for_listener(port_);
    const std::chrono::duration<double, std::milli> took = steady_clock::now() - peer_->started();
    started_in_ms_ = took.count();
}

contestant::~contestant() = default;

child& contestant::program()
{
    return bridge_ ? bridge_->program() : *peer_;
}

takings contestant::run(const till_load& load)
{
    auto own = load;
    own.port = port_;
    own.language = who_ == competitor::bridge  ? spoken::bridge
                   : who_ == competitor::relay ? spoken::http
                                               : spoken::peer;
    own.first_terminal = acknowledged_;
    const auto got = run_load(own);
    acknowledged_ += load.commands;
    return got;
}

void contestant::check_journal()
{
    program().kill();
    if (who_ == competitor::relay) return;  // it has none
    const int taken = who_ == competitor::bridge ? on_terminal : 1;
    const auto found = count_in(where_ / "journal.db", taken);
    if (found.all != acknowledged_ || found.taken != acknowledged_)
        throw std::runtime_error(name_of(who_) + " has acknowledged " +
                                 std::to_string(acknowledged_) + " commands, and of them " +
                                 std::to_string(found.taken) + " are in its journal, of " +
                                 std::to_string(found.all) + " in all");
}

}  // namespace ecr::bench
