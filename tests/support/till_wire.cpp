#include "tests/support/till_wire.hpp"

#include "tests/support/port_stream.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <deque>
#include <stdexcept>

namespace ecr::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

template <class Stream>
void close_now(Stream& stream)
{
    error_code ignored;  // it may have been closed before
    if constexpr (requires { stream.next_layer(); })
        stream.next_layer().close(ignored);
    else
        stream.close(ignored);
}

template <class Stream>
class stream_wire final : public till_wire {
public:
    /// What outlives the wire for as long as an operation is under way.
    struct end {
        template <class... Arguments>
        explicit end(Arguments&&... arguments) : stream{std::forward<Arguments>(arguments)...}
        {}
        Stream stream;
        stream_wire* owner = nullptr;
        bool ready = false;
        bool over = false;
        bool in_order = false;
        std::deque<std::string> to_send;
        std::array<char, 4096> buffer{};
    };

    explicit stream_wire(std::shared_ptr<end> e) : end_{std::move(e)} { end_->owner = this; }
    ~stream_wire() override
    {
        end_->owner = nullptr;
        close_now(end_->stream);
    }

    static void begin(const std::shared_ptr<end>& e)
    {
        e->ready = true;
        listen(e);
        if (!e->to_send.empty()) write(e);
    }

    void send(std::string bytes) override
    {
        end_->to_send.push_back(std::move(bytes));
        if (end_->ready && end_->to_send.size() == 1) write(end_);
    }
    void hang_up() override
    {
        end_->over = true;
        close_now(end_->stream);
    }
    [[nodiscard]] bool over() const override { return end_->over; }
    [[nodiscard]] bool over_in_order() const override { return end_->in_order; }

private:
    static void listen(std::shared_ptr<end> e)
    {
        e->stream.async_read_some(asio::buffer(e->buffer), [e](error_code failed, std::size_t n) {
            if (failed) e->over = true;
            if (failed == asio::error::eof) e->in_order = true;
            if (failed || e->owner == nullptr) return;
            e->owner->heard({e->buffer.data(), n});
            listen(e);
        });
    }

    static void write(std::shared_ptr<end> e)
    {
        asio::async_write(e->stream, asio::buffer(e->to_send.front()),
                          [e](error_code failed, std::size_t) {
                              e->to_send.pop_front();
                              if (failed) e->over = true;
                              if (!failed && !e->to_send.empty()) write(e);
                          });
    }

    std::shared_ptr<end> end_;
};

tcp::socket connected(asio::io_context& io, std::uint16_t port,
                      const std::string& from = "127.0.0.1")
{
    tcp::socket socket{io, tcp::endpoint{asio::ip::make_address(from), 0}};
    socket.connect({asio::ip::make_address("127.0.0.1"), port});
    // The kernel's delays are real time, which does not pass here.
    socket.set_option(tcp::no_delay{true});
    return socket;
}

}  // namespace

std::unique_ptr<till_wire> tcp_wire(asio::io_context& io, std::uint16_t port,
                                    const std::string& from)
{
    using wire = stream_wire<tcp::socket>;
    const auto e = std::make_shared<wire::end>(connected(io, port, from));
    auto made = std::make_unique<wire>(e);
    wire::begin(e);
    return made;
}

std::unique_ptr<till_wire> tls_wire(asio::io_context& io, std::uint16_t port,
                                    const std::string& ca_pem)
{
    using wire = stream_wire<asio::ssl::stream<tcp::socket>>;
    asio::ssl::context trust{asio::ssl::context::tls_client};
    trust.add_certificate_authority(asio::buffer(ca_pem));
    trust.set_verify_mode(asio::ssl::verify_peer);
    const auto e = std::make_shared<wire::end>(connected(io, port), trust);
    e->stream.set_verify_callback(asio::ssl::host_name_verification{"localhost"});
    auto made = std::make_unique<wire>(e);
    e->stream.async_handshake(asio::ssl::stream_base::client, [e](error_code failed) {
        if (failed)
            e->over = true;
        else
            wire::begin(e);
    });
    return made;
}

std::unique_ptr<till_wire> port_wire(asio::io_context& io, const std::filesystem::path& device)
{
    using wire = stream_wire<port_stream>;
    const auto e = std::make_shared<wire::end>(open_port_stream(io, device));
    auto made = std::make_unique<wire>(e);
    wire::begin(e);
    return made;
}

}  // namespace ecr::test
