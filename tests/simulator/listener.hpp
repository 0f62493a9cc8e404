#pragma once

#include "daemon/as_result.hpp"
#include "tests/simulator/agenda.hpp"
#include "tests/simulator/front.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <list>
#include <memory>
#include <utility>

namespace ecr::simulator {

using tcp = asio::ip::tcp;

/// One accepted connection.
class connection {
public:
    virtual ~connection() = default;
    virtual asio::awaitable<void> run() = 0;
    virtual void close() = 0;
};

/// Accepts connections and keeps them until they end. At most `connection_count_max` at a time;
/// one more is closed at once.
class listener : public front, public std::enable_shared_from_this<listener> {
public:
    static constexpr std::size_t connection_count_max = 1024;
    using factory = std::function<std::shared_ptr<connection>(tcp::socket)>;

    listener(asio::any_io_executor executor, factory make)
        : executor_{executor}, acceptor_{executor}, make_{std::move(make)}
    {}

    void open(const asio::ip::address& address, std::uint16_t port) override;
    void close() override;
    [[nodiscard]] std::uint16_t port() const override { return port_; }

private:
    asio::awaitable<void> accept();
    asio::awaitable<void> serve(std::shared_ptr<connection> peer);

    asio::any_io_executor executor_;
    tcp::acceptor acceptor_;
    factory make_;
    std::list<std::shared_ptr<connection>> peers_;
    std::uint16_t port_ = 0;
    int times_opened_ = 0;
};

/// Closes a connection when its time is over, unless it goes out of scope before.
class deadline {
public:
    deadline(std::shared_ptr<agenda> timers, milliseconds after, std::function<void()> late)
        : timers_{std::move(timers)}
    {
        if (after > milliseconds::zero()) entry_ = timers_->after(after, std::move(late));
    }
    ~deadline() { timers_->drop(entry_); }
    deadline(const deadline&) = delete;
    deadline& operator=(const deadline&) = delete;

private:
    std::shared_ptr<agenda> timers_;
    agenda::entry entry_{};
};

}  // namespace ecr::simulator
