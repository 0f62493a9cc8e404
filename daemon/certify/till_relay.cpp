#include "daemon/certify/till_relay.hpp"

#include "daemon/as_result.hpp"
#include "daemon/http/address_list.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <exception>
#include <list>

namespace ecr::daemon {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

const auto rethrow = [](std::exception_ptr failed) {
    if (failed) std::rethrow_exception(failed);
};

/// A till and the bridge, with what is between them.
struct pair_of_sockets {
    explicit pair_of_sockets(tcp::socket from) : till{std::move(from)}, bridge{till.get_executor()}
    {}

    void close()
    {
        error_code ignored;  // it is going away
        till.close(ignored);
        bridge.close(ignored);
    }

    tcp::socket till;
    tcp::socket bridge;
    bool swallows = false;
};
using pair_ptr = std::shared_ptr<pair_of_sockets>;

asio::awaitable<void> pump(pair_ptr both, bool up)
{
    auto& from = up ? both->till : both->bridge;
    auto& to = up ? both->bridge : both->till;
    std::array<char, 4096> piece{};
    while (true) {
        auto [ended, size] = co_await from.async_read_some(asio::buffer(piece), as_result);
        if (ended) break;
        if (!up && both->swallows) continue;
        const auto whole = asio::buffer(piece.data(), size);
        auto [failed, written] = co_await asio::async_write(to, whole, as_result);
        if (failed) break;
    }
    // Silence stays silence until the till gives up.
    if (!up && both->swallows) co_return;
    both->close();
}

}  // namespace

struct till_relay::parts : std::enable_shared_from_this<parts> {
    parts(asio::any_io_executor executor, const std::string& address, std::uint16_t at,
          const std::vector<std::string>& allow)
        : wanted{asio::ip::make_address(address), at}, acceptor{executor}
    {
        for (const auto& entry : allow)
            (void)allowed.add(entry);  // the configuration has been checked
        listen();
        wanted = acceptor.local_endpoint();
    }

    void listen()
    {
        acceptor.open(wanted.protocol());
        acceptor.set_option(tcp::acceptor::reuse_address{true});
        acceptor.bind(wanted);
        acceptor.listen();
    }

    static asio::awaitable<void> accept(std::shared_ptr<parts> self)
    {
        while (self->acceptor.is_open()) {
            auto [failed, socket] = co_await self->acceptor.async_accept(as_result);
            if (failed) co_return;
            // Still listening: a till that knocks at a free port again and again would end up
            // connected to itself.
            if (self->leads_to == 0 || !self->lets_in(socket)) continue;
            auto both = std::make_shared<pair_of_sockets>(std::move(socket));
            const tcp::endpoint bridge{asio::ip::address_v4::loopback(), self->leads_to};
            auto [refused] = co_await both->bridge.async_connect(bridge, as_result);
            if (refused) continue;
            self->standing.remove_if([](const auto& known) { return known.expired(); });
            self->standing.push_back(both);
            auto executor = self->acceptor.get_executor();
            asio::co_spawn(executor, pump(both, true), rethrow);
            asio::co_spawn(executor, pump(both, false), rethrow);
        }
    }

    /// The link behind it sees this machine as the peer of all.
    [[nodiscard]] bool lets_in(const tcp::socket& till) const
    {
        error_code gone;
        const auto peer = till.remote_endpoint(gone).address();
        return !gone && (allowed.empty() || allowed.contains(peer));
    }

    template <class F>
    void each(F does)
    {
        for (const auto& known : standing)
            if (const auto both = known.lock()) does(*both);
    }

    tcp::endpoint wanted;
    tcp::acceptor acceptor;
    address_list allowed;
    std::uint16_t leads_to = 0;
    std::list<std::weak_ptr<pair_of_sockets>> standing;
};

till_relay::till_relay(asio::any_io_executor executor, const std::string& address,
                       std::uint16_t port, const std::vector<std::string>& allow)
    : parts_{std::make_shared<parts>(std::move(executor), address, port, allow)}
{
    asio::co_spawn(parts_->acceptor.get_executor(), parts::accept(parts_), rethrow);
}

till_relay::~till_relay()
{
    error_code ignored;  // nothing more is wanted of it
    parts_->acceptor.close(ignored);
    cut();
}

std::uint16_t till_relay::port() const
{
    return parts_->wanted.port();
}

void till_relay::lead_to(std::uint16_t port)
{
    parts_->leads_to = port;
}

bool till_relay::swallow()
{
    bool any = false;
    parts_->each([&](pair_of_sockets& both) { any = both.swallows = true; });
    return any;
}

void till_relay::cut()
{
    parts_->each([](pair_of_sockets& both) { both.close(); });
}

}  // namespace ecr::daemon
