#include "tests/simulator/listener.hpp"

namespace ecr::simulator {

void listener::open(const asio::ip::address& address, std::uint16_t port)
{
    const tcp::endpoint where{address, port};
    acceptor_.open(where.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address{true});
    acceptor_.bind(where);
    acceptor_.listen();
    ++times_opened_;
    port_ = acceptor_.local_endpoint().port();
    run_task(executor_, accept());
}

void listener::close()
{
    boost::system::error_code ignored;  // it may be closed already
    (void)acceptor_.close(ignored);
    const auto peers = peers_;  // closing one may end it
    for (const auto& peer : peers)
        peer->close();
}

asio::awaitable<void> listener::accept()
{
    const auto self = shared_from_this();
    const auto time = times_opened_;
    while (acceptor_.is_open()) {
        auto [failed, socket] = co_await acceptor_.async_accept(as_result);
        // Closed, perhaps opened again since: then another task accepts.
        if (time != times_opened_) co_return;
        if (failed) continue;
        if (peers_.size() >= connection_count_max) continue;
        boost::system::error_code ignored;  // a hint for speed only
        (void)socket.set_option(tcp::no_delay{true}, ignored);
        run_task(executor_, serve(make_(std::move(socket))));
    }
}

asio::awaitable<void> listener::serve(std::shared_ptr<connection> peer)
{
    const auto self = shared_from_this();
    const auto place = peers_.insert(peers_.end(), peer);
    co_await peer->run();
    peer->close();
    peers_.erase(place);
}

}  // namespace ecr::simulator
