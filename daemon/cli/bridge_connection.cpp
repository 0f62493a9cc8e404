#include "daemon/cli/bridge_connection.hpp"

#include "protocol/errc.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace ecr::cli {

result<bridge_address> parse_bridge_address(const std::string& text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
        return make_error_code(errc::bad_parameter);
    auto host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string::npos)
        return make_error_code(errc::bad_parameter);
    return bridge_address{.host = std::move(host), .port = text.substr(colon + 1)};
}

error_code bridge_connection::finish(const error_code& outcome, milliseconds patience)
{
    io_.restart();
    io_.run_for(patience);
    if (io_.stopped()) return outcome;
    error_code ignored;  // whatever became of it, we have stopped waiting
    socket_.close(ignored);
    io_.run();
    return make_error_code(errc::timed_out);
}

error_code bridge_connection::open(const bridge_address& where, milliseconds patience)
{
    error_code failed;
    asio::ip::tcp::resolver resolver{io_};
    const auto found = resolver.resolve(where.host, where.port, failed);
    if (failed) return failed;

    received_.clear();
    asio::async_connect(socket_, found,
                        [&failed](error_code e, const asio::ip::tcp::endpoint&) { failed = e; });
    failed = finish(failed, patience);
    if (failed) return failed;
    error_code ignored;  // a bridge that loses its power is noticed by patience, too
    socket_.set_option(asio::socket_base::keep_alive{true}, ignored);
    return {};
}

error_code bridge_connection::send(std::string line, milliseconds patience)
{
    line += '\n';
    error_code failed;
    asio::async_write(socket_, asio::buffer(line),
                      [&failed](error_code e, std::size_t) { failed = e; });
    return finish(failed, patience);
}

result<std::string> bridge_connection::read_line(milliseconds patience)
{
    error_code failed;
    std::size_t size = 0;
    asio::async_read_until(socket_, asio::dynamic_buffer(received_, line_size_max), '\n',
                           [&](error_code e, std::size_t n) {
                               failed = e;
                               size = n;
                           });
    if (const auto why = finish(failed, patience))
        return why == asio::error::not_found ? make_error_code(errc::bad_json) : why;
    auto line = received_.substr(0, size - 1);
    received_.erase(0, size);
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

}  // namespace ecr::cli
