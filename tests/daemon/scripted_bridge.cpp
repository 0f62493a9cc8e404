#include "scripted_bridge.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace ecr::daemon {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// Empty: the client has gone.
std::string read_line(asio::ip::tcp::socket& from)
{
    std::string line;
    error_code failed;
    char c = 0;
    while (from.read_some(asio::buffer(&c, 1), failed) == 1) {
        line += c;
        if (c == '\n') return line;
    }
    return {};
}

}  // namespace

scripted_bridge::scripted_bridge(std::vector<scripted_connection> script)
    : script_{std::move(script)}
{
    if (script_.empty()) listener_.close();
    play(0);
    thread_ = std::thread{[this] { io_.run(); }};
}

scripted_bridge::~scripted_bridge()
{
    stop();
}

std::string scripted_bridge::address() const
{
    return "127.0.0.1:" + std::to_string(port_);
}

std::vector<std::string> scripted_bridge::heard()
{
    stop();
    return heard_;
}

void scripted_bridge::stop()
{
    if (!thread_.joinable()) return;
    asio::post(io_, [this] {
        error_code ignored;  // the script may be over
        listener_.close(ignored);
    });
    thread_.join();
}

void scripted_bridge::play(std::size_t next)
{
    if (next == script_.size()) return;
    listener_.async_accept([this, next](error_code failed, tcp::socket client) {
        if (failed) return;
        // Before the last client is left: it comes back at once.
        if (next + 1 == script_.size()) listener_.close();
        serve(std::move(client), script_[next]);
        play(next + 1);
    });
}

void scripted_bridge::serve(tcp::socket client, const scripted_connection& connection)
{
    for (const auto& exchange : connection) {
        auto line = read_line(client);
        if (line.empty()) return;
        line.pop_back();
        heard_.push_back(std::move(line));
        for (const auto& reply : exchange.replies) {
            error_code failed;
            asio::write(client, asio::buffer(reply + "\r\n"), failed);
            if (failed) return;
        }
    }
}

}  // namespace ecr::daemon
