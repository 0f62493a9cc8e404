#include "tests/bench/compared/physical.hpp"

#include "tests/bench/compared/statistics.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace ecr::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::steady_clock;
using milliseconds = std::chrono::duration<double, std::milli>;

/// Milliseconds of each of `times` runs.
template <class F>
std::vector<double> timed(int times, F what)
{
    std::vector<double> all;
    for (int i = 0; i < times; ++i) {
        const auto begun = steady_clock::now();
        what();
        all.push_back(milliseconds{steady_clock::now() - begun}.count());
    }
    return all;
}

/// A file that grows by a page at a time, as a write-ahead log does.
class growing_file {
public:
    explicit growing_file(const std::filesystem::path& folder)
        : path_{folder / "growing"},
          file_{::open(path_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600)}
    {
        if (file_ < 0) fail();
    }
    ~growing_file()
    {
        ::close(file_);
        std::error_code ignored;  // its folder goes, too
        std::filesystem::remove(path_, ignored);
    }
    growing_file(const growing_file&) = delete;
    growing_file& operator=(const growing_file&) = delete;

    void append()
    {
        static constexpr std::array<char, 4096> page{};
        if (::write(file_, page.data(), page.size()) != ssize_t{page.size()}) fail();
        if (::fdatasync(file_) != 0) fail();
    }

private:
    [[noreturn]] void fail() const
    {
        throw std::system_error{errno, std::generic_category(), path_.string()};
    }

    std::filesystem::path path_;
    int file_;
};

double tls_round_trip(std::uint16_t port, const std::filesystem::path& ca_file, int times)
{
    asio::io_context io;
    asio::ssl::context context{asio::ssl::context::tls_client};
    context.load_verify_file(ca_file.string());
    asio::ssl::stream<tcp::socket> stream{io, context};
    stream.set_verify_mode(asio::ssl::verify_peer);
    stream.set_verify_callback(asio::ssl::host_name_verification{"localhost"});
    stream.next_layer().connect({asio::ip::address_v4::loopback(), port});
    stream.next_layer().set_option(tcp::no_delay{true});
    stream.handshake(asio::ssl::stream_base::client);
    const std::string body(150, 'x');
    const auto request =
        "POST /ecr/v1/payment/async HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body;
    std::array<char, 4096> answer{};
    const auto once = [&] {
        asio::write(stream, asio::buffer(request));
        (void)stream.read_some(asio::buffer(answer));  // it is one record
    };
    once();
    return median(timed(times, once));
}

double tcp_connect(std::uint16_t port, int times)
{
    asio::io_context io;
    return median(timed(times, [&] {
        tcp::socket socket{io};
        socket.connect({asio::ip::address_v4::loopback(), port});
    }));
}

}  // namespace

physical measure_physical(const std::filesystem::path& folder, std::uint16_t cloud_port,
                          const std::filesystem::path& ca_file, int times)
{
    growing_file file{folder};
    return {.fdatasync_ms = median(timed(times, [&] { file.append(); })),
            .tls_ms = tls_round_trip(cloud_port, ca_file, times),
            .tcp_connect_ms = tcp_connect(cloud_port, times)};
}

double appends_per_second(const std::filesystem::path& folder, int times)
{
    growing_file file{folder};
    const auto begun = steady_clock::now();
    for (int i = 0; i < times; ++i)
        file.append();
    return times / std::chrono::duration<double>{steady_clock::now() - begun}.count();
}

}  // namespace ecr::bench
