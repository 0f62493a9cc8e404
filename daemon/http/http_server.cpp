#include "daemon/http/http_server.hpp"

#include "daemon/as_result.hpp"
#include "daemon/http/http_connection.hpp"
#include "daemon/http/server_tls.hpp"
#include "daemon/log_often.hpp"
#include "daemon/logging.hpp"

#include <boost/asio/ssl/context.hpp>

#include <algorithm>

namespace ecr::daemon {
namespace {

using asio::ip::tcp;

}  // namespace

http_server::http_server(asio::any_io_executor executor, clock& time, http_settings settings,
                         http_handler handler, std::function<void(std::exception_ptr)> on_bug)
    : time_{time},
      settings_{std::move(settings)},
      handler_{std::move(handler)},
      acceptor_{executor},
      full_line_{time},
      refused_line_{time},
      tasks_{executor, std::move(on_bug)}
{}

http_server::~http_server() = default;

void http_server::start()
{
    if (!settings_.certificate_file.empty())
        tls_ = make_server_tls(settings_.certificate_file, settings_.certificate_key_file);
    const tcp::endpoint endpoint{asio::ip::make_address(settings_.address), settings_.port};
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address{true});
    acceptor_.bind(endpoint);
    acceptor_.listen();
    settings_.port = acceptor_.local_endpoint().port();
    tasks_.spawn(accept());
}

void http_server::stop()
{
    boost::system::error_code ignored;  // nothing more is wanted of it
    acceptor_.close(ignored);
    for (const auto& known : connections_)
        if (const auto connection = known.lock()) connection->close();
}

std::string http_server::where() const
{
    const bool v6 = settings_.address.find(':') != std::string::npos;
    return (settings_.certificate_file.empty() ? "http " : "https ") +
           (v6 ? '[' + settings_.address + ']' : settings_.address) + ':' +
           std::to_string(settings_.port);
}

std::size_t http_server::connections() const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(connections_, [](const auto& known) { return !known.expired(); }));
}

asio::awaitable<void> http_server::accept()
{
    while (acceptor_.is_open()) {
        auto [failed, socket] = co_await acceptor_.async_accept(as_result);
        if (failed == asio::error::operation_aborted || !acceptor_.is_open()) co_return;
        if (failed) {  // out of descriptors, most likely: it passes
            log_often(log_level::warning, "http.accept",
                      {{"at", settings_.name}, {"why", failed.message()}});
            (void)co_await sleep_for(time_, limits::accept_retry);
            continue;
        }
        greet(std::move(socket));
    }
}

void http_server::greet(tcp::socket socket)
{
    connections_.remove_if([](const auto& known) { return known.expired(); });
    if (connections_.size() >= settings_.connections_max) {
        if (const auto times = full_line_.happened(); times > 0)
            log(log_level::warning, "http.full", {{"at", settings_.name}, {"times", times}});
        return;  // the socket closes
    }
    boost::system::error_code gone;
    const auto endpoint = socket.remote_endpoint(gone);
    if (gone) return;
    const auto peer = plain_address(endpoint.address());
    // An event follows its head at once: it must not wait for a delayed acknowledgement.
    socket.set_option(tcp::no_delay{true}, gone);
    const bool refused = !settings_.allow.empty() && !settings_.allow.contains(peer);
    if (refused) {
        ++refused_;
        if (const auto times = refused_line_.happened(); times > 0)
            log(log_level::warning, "http.refused",
                {{"at", settings_.name}, {"peer", peer.to_string()}, {"times", times}});
    }
    const auto connection = std::make_shared<http_connection>(std::move(socket), peer, time_,
                                                              settings_, handler_, tls_, refused);
    connections_.push_back(connection);
    tasks_.spawn([](std::shared_ptr<http_connection> it) -> asio::awaitable<void> {
        co_await it->run();
    }(connection));
}

}  // namespace ecr::daemon
