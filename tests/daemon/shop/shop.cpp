#include "tests/daemon/shop/shop.hpp"

#include "daemon/link/pseudo_terminal.hpp"
#include "daemon/secret.hpp"
#include "tests/support/port_stream.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <sqlite3.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace ecr::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

template <class Stream>
class stream_till final : public sample_till {
public:
    explicit stream_till(Stream stream) : wire_{std::make_shared<wire>(std::move(stream), this)}
    {
        listen(wire_);
    }
    ~stream_till() override
    {
        wire_->till = nullptr;
        hang_up();
    }

    void send(std::string bytes) override { asio::write(wire_->stream, asio::buffer(bytes)); }
    void hang_up() override
    {
        boost::system::error_code ignored;  // it may have been hung up before
        wire_->stream.close(ignored);
    }

private:
    /// Outlives the till for as long as a read is under way.
    struct wire {
        wire(Stream s, stream_till* t) : stream{std::move(s)}, till{t} {}
        Stream stream;
        stream_till* till;
        std::array<char, 4096> buffer{};
    };

    static void listen(std::shared_ptr<wire> w)
    {
        w->stream.async_read_some(asio::buffer(w->buffer),
                                  [w](boost::system::error_code failed, std::size_t size) {
                                      if (failed || w->till == nullptr) return;
                                      w->till->received({w->buffer.data(), size});
                                      listen(w);
                                  });
    }

    std::shared_ptr<wire> wire_;
};

daemon::link_kind port_kind()
{
    return daemon::pseudo_terminal::are_there() ? daemon::link_kind::pty : daemon::link_kind::tcp;
}

bool ends(const std::string& line)
{
    return line.starts_with("result") || line.starts_with("error") || line.starts_with("ok");
}

}  // namespace

void sample_till::received(std::string_view bytes)
{
    for (const char c : bytes) {
        if (c == '\r') continue;
        if (c != '\n') {
            partial_ += c;
            continue;
        }
        heard_.push_back(std::move(partial_));
        partial_.clear();
    }
}

std::string sample_till::last(const std::string& word, const std::string& part) const
{
    for (auto line = heard_.rbegin(); line != heard_.rend(); ++line)
        if (line->starts_with(word) && line->find(part) != std::string::npos) return *line;
    return {};
}

std::size_t sample_till::count(const std::string& word, const std::string& part) const
{
    std::size_t found = 0;
    for (const auto& line : heard_)
        if (line.starts_with(word) && line.find(part) != std::string::npos) ++found;
    return found;
}

std::string value_of(const std::string& line, const std::string& key)
{
    const auto at = line.find(' ' + key + '=');
    if (at == std::string::npos) return {};
    auto value = line.substr(at + key.size() + 2);
    if (value.starts_with('"')) return value.substr(1, value.find('"', 1) - 1);
    return value.substr(0, value.find(' '));
}

shop::shop(shop_plan plan) : clock_{plan.start}
{
    simulator::settings behaviour;
    behaviour.terminals = {{"T1", true}, {"T2", true}};
    behaviour.requests_per_minute = 100'000;  // tests of the budget set their own
    plan.cloud(behaviour);
    cloud_ = std::make_unique<simulator::cloud>(io_.get_executor(), clock_, behaviour);
    cloud_->start();
    std::ofstream{folder_ / "ca.pem"} << cloud_->ca_pem();

    config_.journal = folder_ / "journal.db";
    config_.cloud.url = "https://127.0.0.1:" + std::to_string(cloud_->port());
    config_.cloud.ca_file = folder_ / "ca.pem";
    config_.cloud.app_code = behaviour.app_code;
    config_.terminals = {{.id = "T1", .name = "front"}, {.id = "T2", .name = "back"}};
    daemon::link_config lan{.name = "lan", .kind = daemon::link_kind::tcp};
    daemon::link_config port{.name = "port", .kind = port_kind()};
    if (port.kind == daemon::link_kind::pty) port.symlink = folder_ / "till";
    for (auto* link : {&lan, &port}) {
        link->terminal = "T1";
        link->via = protocol::channel::wx;
        link->idle_timeout = milliseconds{0};  // tills here wait for days
    }
    config_.links = {lan, port};
    plan.bridge(config_);
    learns_time_ = plan.learns_time;
    open();
}

shop::~shop()
{
    close();
    cloud_->stop();
    pass(1s);
}

void shop::open()
{
    daemon::app::options how;
    how.secrets.push_back({.client_key = cloud_->behaviour().client_key});
    if (!config_.cloud.notification_key_file.empty())
        how.secrets.front().notification_key =
            daemon::read_secret_file(config_.cloud.notification_key_file).secret;
    for (const auto& further : config_.merchants)
        how.secrets.push_back(
            {.client_key = std::string{key_of(cloud_->behaviour(), further.app_code)}});
    bridge_ = std::make_unique<daemon::app>(io_.get_executor(), clock_, config_, std::move(how));
    bool started = false;
    asio::co_spawn(io_, bridge_->start(), [&](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
        started = true;
    });
    if (!until([&] { return started; }, 10s)) throw std::runtime_error{"the bridge did not start"};
    if (!learns_time_) return;
    bridge_->learn_time();
    pass(1s);
}

void shop::close(bool hurried)
{
    bool stopped = false;
    if (hurried) bridge_->hurry();
    asio::co_spawn(io_, bridge_->stop(), [&](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
        stopped = true;
    });
    if (!until([&] { return stopped; }, 10min)) throw std::runtime_error{"the bridge did not stop"};
    settle();  // with a virtual port goes what nobody has read from it yet
    bridge_.reset();
}

void shop::restart()
{
    close();
    open();
}

void shop::restart_gently()
{
    close(false);
    open();
}

void shop::away(milliseconds duration)
{
    close();
    pass(duration);
    open();
}

void shop::lose_journal()
{
    close();
    for (const auto* end : {"", "-wal", "-shm"})
        std::filesystem::remove(journal_file().string() + end);
    open();
}

bool shop::until(const std::function<bool()>& condition, milliseconds limit)
{
    return run_until(io_, clock_, condition, limit, [this](auto since) { return is_busy(since); });
}

bool shop::is_busy(port_probe::moment since)
{
    return (bridge_ && bridge_->journal_waiting() > 0) || (probe_ && !probe_->has_carried(since));
}

void shop::settle()
{
    run_dry(io_, [this](auto since) { return is_busy(since); });
}

void shop::pass(milliseconds duration)
{
    until([] { return false; }, duration);
}

std::unique_ptr<sample_till> shop::tcp_till()
{
    return till_of("lan");
}

std::unique_ptr<sample_till> shop::till_of(const std::string& link)
{
    tcp::socket socket{io_};
    socket.connect({asio::ip::make_address("127.0.0.1"), bridge_->port(link)});
    return std::make_unique<stream_till<tcp::socket>>(std::move(socket));
}

std::unique_ptr<sample_till> shop::port_till()
{
    if (port_kind() == daemon::link_kind::tcp) return till_of("port");
    return std::make_unique<stream_till<port_stream>>(open_port_stream(io_, port_device()));
}

std::unique_ptr<till_wire> shop::wire_to_port()
{
    if (port_kind() == daemon::link_kind::tcp) return tcp_wire(io_, bridge_->port("port"));
    return port_wire(io_, port_device());
}

std::filesystem::path shop::port_device()
{
    if (!probe_) probe_ = std::make_unique<port_probe>();
    return folder_ / "till";
}

std::string shop::result_of(sample_till& till, const std::string& order, milliseconds limit)
{
    const auto part = " order=" + order + ' ';
    until([&] { return !till.last("result", part).empty() || !till.last("error", part).empty(); },
          limit);
    const auto result = till.last("result", part);
    return result.empty() ? till.last("error", part) : result;
}

std::string shop::ask(sample_till& till, const std::string& line, milliseconds limit)
{
    const auto before = till.heard().size();
    till.say(line);
    std::string end;
    until(
        [&] {
            for (auto i = before; i < till.heard().size(); ++i)
                if (ends(till.heard()[i])) end = till.heard()[i];
            return !end.empty();
        },
        limit);
    return end;
}

std::optional<shop::row> shop::journal(const std::string& out_trade_no)
{
    sqlite3* db = nullptr;
    sqlite3_open_v2((folder_ / "journal.db").string().c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_stmt* query = nullptr;
    sqlite3_prepare_v2(db, "SELECT state, needs, syssn FROM orders WHERE out_trade_no = ?1", -1,
                       &query, nullptr);
    std::optional<row> found;
    if (query != nullptr) {
        sqlite3_bind_text(query, 1, out_trade_no.c_str(), -1, SQLITE_STATIC);
        if (sqlite3_step(query) == SQLITE_ROW) {
            const auto* syssn = reinterpret_cast<const char*>(sqlite3_column_text(query, 2));
            found = row{std::string{name_of(
                            static_cast<protocol::order_state>(sqlite3_column_int(query, 0)))},
                        sqlite3_column_int(query, 1), syssn == nullptr ? "" : syssn};
        }
    }
    sqlite3_finalize(query);
    sqlite3_close(db);
    return found;
}

std::size_t shop::orders_in_journal()
{
    sqlite3* db = nullptr;
    sqlite3_open_v2((folder_ / "journal.db").string().c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_stmt* query = nullptr;
    sqlite3_prepare_v2(db, "SELECT count(*) FROM orders", -1, &query, nullptr);
    std::size_t count = 0;
    if (query == nullptr || sqlite3_step(query) != SQLITE_ROW)
        throw std::runtime_error{"the journal cannot be read"};
    count = static_cast<std::size_t>(sqlite3_column_int64(query, 0));
    sqlite3_finalize(query);
    sqlite3_close(db);
    return count;
}

}  // namespace ecr::test
