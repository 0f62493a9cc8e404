#include "daemon/limits.hpp"
#include "daemon/link/channels.hpp"
#include "daemon/link/links.hpp"
#include "daemon/link/till_session.hpp"
#include "daemon/logging.hpp"
#include "protocol/till/registry.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <list>

namespace ecr::daemon {
namespace {

using asio::ip::tcp;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

class tcp_link final : public till_link {
public:
    tcp_link(const link_config& config, till_desk& desk)
        : config_{config}, desk_{desk}, acceptor_{desk.executor()}, port_{config.port}
    {}

    void start() override
    {
        const tcp::endpoint endpoint{asio::ip::make_address(config_.address), config_.port};
        acceptor_.open(endpoint.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address{true});
        acceptor_.bind(endpoint);
        acceptor_.listen();
        port_ = acceptor_.local_endpoint().port();
        desk_.tasks().spawn(accept());
    }

    void stop(bool now) override
    {
        error_code ignored;  // nothing more is wanted of it
        acceptor_.close(ignored);
        for (const auto& known : sessions_)
            if (const auto session = known.lock()) session->stop(now);
    }

    std::string where() const override
    {
        const bool v6 = config_.address.find(':') != std::string::npos;
        return "tcp " + (v6 ? '[' + config_.address + ']' : config_.address) + ':' +
               std::to_string(port_);
    }

    std::uint16_t port() const override { return port_; }

private:
    asio::awaitable<void> accept()
    {
        while (acceptor_.is_open()) {
            auto [failed, socket] = co_await acceptor_.async_accept(as_result);
            if (failed == asio::error::operation_aborted || !acceptor_.is_open()) co_return;
            if (failed) {  // out of descriptors, most likely: it passes
                log(log_level::warning, "link.accept",
                    {{"link", config_.name}, {"why", failed.message()}});
                (void)co_await sleep_for(desk_.time(), limits::accept_retry);
                continue;
            }
            sessions_.remove_if([](const auto& known) { return known.expired(); });
            if (sessions_.size() >= static_cast<std::size_t>(config_.connections_max)) {
                log(log_level::warning, "link.full", {{"link", config_.name}});
                continue;  // the socket closes
            }
            greet(std::move(socket));
        }
    }

    void greet(tcp::socket socket)
    {
        error_code gone;
        const auto peer = socket.remote_endpoint(gone);
        if (gone) return;
        const auto address = peer.address();
        const auto session = std::make_shared<till_session>(
            make_tcp_channel(std::move(socket)),
            protocol::till::make_dialect(
                protocol::till::dialect_kind::line,
                {.line = {.frames = config_.framing, .progress = config_.progress}}),
            desk_, config_, address.is_loopback());
        session->till_named = !config_.till.empty();
        session->till =
            session->till_named ? config_.till : till_name_of(config_.name, address.to_string());
        sessions_.push_back(session);
        desk_.tasks().spawn(serve(session));
    }

    static asio::awaitable<void> serve(std::shared_ptr<till_session> session)
    {
        co_await session->run();
    }

    const link_config& config_;
    till_desk& desk_;
    tcp::acceptor acceptor_;
    std::uint16_t port_;  // as configured, then as bound
    std::list<std::weak_ptr<till_session>> sessions_;
};

}  // namespace

std::unique_ptr<till_link> make_tcp_link(const link_config& config, till_desk& desk)
{
    return std::make_unique<tcp_link>(config, desk);
}

std::unique_ptr<till_link> make_link(const link_config& config, till_desk& desk)
{
    return config.kind == link_kind::tcp ? make_tcp_link(config, desk)
                                         : make_port_link(config, desk);
}

std::string till_name_of(std::string_view link, std::string_view address)
{
    std::string name{link};
    name += '-';
    for (const char c : address)
        name += (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ? c : '_';
    return name;
}

}  // namespace ecr::daemon
