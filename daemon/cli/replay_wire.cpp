#include "daemon/cli/replay_wire.hpp"

#include "daemon/cli/stream_wire.hpp"

#include <boost/asio/connect.hpp>

namespace ecr::cli {
result<protocol::till::trace_unit> replay_wire::next(milliseconds patience)
{
    while (heard_.empty()) {
        const auto bytes = read(patience);
        if (!bytes) return bytes.error();
        std::vector<protocol::till::trace_unit> units;
        cutter_->take(protocol::till::heading::to_till, *bytes, units);
        heard_.insert(heard_.end(), units.begin(), units.end());
    }
    auto first = std::move(heard_.front());
    heard_.pop_front();
    return first;
}

std::unique_ptr<replay_wire> connect_wire(const bridge_address& where, milliseconds patience,
                                          cutter_ptr cutter, error_code& failed)
{
    using asio::ip::tcp;
    auto io = std::make_unique<asio::io_context>(1);
    tcp::socket socket{*io};
    tcp::resolver resolver{*io};
    const auto found = resolver.resolve(where.host, where.port, failed);
    if (failed) return nullptr;
    failed = make_error_code(errc::timed_out);
    asio::async_connect(socket, found,
                        [&failed](error_code e, const tcp::endpoint&) { failed = e; });
    io->run_for(patience);
    if (!io->stopped()) {
        error_code ignored;  // we have stopped waiting
        socket.close(ignored);
        io->run();
    }
    if (failed) return nullptr;
    return std::make_unique<stream_wire<tcp::socket>>(std::move(io), std::move(socket),
                                                      std::move(cutter));
}

}  // namespace ecr::cli
