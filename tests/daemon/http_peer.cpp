#include "tests/daemon/http_peer.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace ecr::test {

namespace asio = boost::asio;
using asio::ip::tcp;

struct http_peer::wire : std::enable_shared_from_this<wire> {
    explicit wire(asio::io_context& io) : socket{io} {}

    void listen()
    {
        socket.async_read_some(
            asio::buffer(buffer),
            [self = shared_from_this()](boost::system::error_code failed, std::size_t size) {
                self->heard.append(self->buffer.data(), size);
                self->closed = self->closed || failed;
                if (!failed) self->listen();
            });
    }

    void write_next()
    {
        if (writing || unsaid.empty()) return;
        writing = true;
        saying = std::exchange(unsaid, {});
        asio::async_write(
            socket, asio::buffer(saying),
            [self = shared_from_this()](boost::system::error_code failed, std::size_t) {
                self->writing = false;
                if (!failed) self->write_next();
            });
    }

    tcp::socket socket;
    std::array<char, 4096> buffer{};
    std::string heard;
    std::string unsaid;
    std::string saying;
    bool writing = false;
    bool closed = false;
};

http_peer::http_peer(asio::io_context& io, std::uint16_t port) : wire_{std::make_shared<wire>(io)}
{
    wire_->socket.connect({asio::ip::address_v4::loopback(), port});
    wire_->listen();
}

http_peer::~http_peer()
{
    hang_up();
}

void http_peer::say(std::string bytes)
{
    wire_->unsaid += bytes;
    wire_->write_next();
}

void http_peer::hang_up()
{
    boost::system::error_code ignored;  // the server may have been first
    wire_->socket.close(ignored);
}

const std::string& http_peer::heard() const
{
    return wire_->heard;
}

bool http_peer::closed() const
{
    return wire_->closed;
}

std::size_t http_peer::answers(const std::string& status) const
{
    const auto head = "HTTP/1.1 " + status;
    std::size_t found = 0;
    for (auto at = heard().find(head); at != std::string::npos; at = heard().find(head, at + 1))
        ++found;
    return found;
}

}  // namespace ecr::test
