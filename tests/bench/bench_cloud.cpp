// A cloud that says yes to every push, and costs little. See README.md, "The fixed cloud".

#include "daemon/certificate.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace ecr::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// How many requests were answered, where whoever measures can read it at any time.
class shared_count {
public:
    explicit shared_count(const std::string& file)
    {
        const int opened = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
        void* mapped = MAP_FAILED;
        if (opened >= 0 && ::ftruncate(opened, sizeof *value_) == 0)
            mapped = ::mmap(nullptr, sizeof *value_, PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
        ::close(opened);
        if (mapped == MAP_FAILED) throw std::runtime_error("cannot write " + file);
        value_ = static_cast<std::uint64_t*>(mapped);
    }

    void operator++() { ++*value_; }

private:
    std::uint64_t* value_ = nullptr;  // unmapped with the process
};

struct behaviour {
    std::chrono::milliseconds delay{0};  // before an answer
    shared_count* answered = nullptr;    // none: nobody counts
};

std::string date_now()
{
    std::array<char, 40> text{};
    const auto now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    return {text.data(),
            std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

std::string answer_to(std::string_view target)
{
    std::string_view body = R"({"respcd":"1404","resperr":"no such path","respmsg":""})";
    if (target == "/ecr/v1/payment/async")
        body = R"({"respcd":"0000","resperr":"Order push success","respmsg":""})";
    if (target == "/ecr/v1/query")  // nobody has paid yet
        body = R"({"respcd":"1143","resperr":"transaction in progress","respmsg":""})";
    std::string text = "HTTP/1.1 200 OK\r\nServer: bench\r\nDate: " + date_now() +
                       "\r\nContent-Type: application/json\r\nContent-Length: ";
    return text.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

/// One connection: a request, its answer, the next request.
class session : public std::enable_shared_from_this<session> {
public:
    session(tcp::socket socket, asio::ssl::context& context, behaviour how)
        : stream_{std::move(socket), context}, timer_{stream_.get_executor()}, how_{how}
    {}

    void start()
    {
        error_code ignored;  // it costs time, not truth
        stream_.next_layer().set_option(tcp::no_delay{true}, ignored);
        stream_.async_handshake(asio::ssl::stream_base::server,
                                [self = shared_from_this()](error_code failed) {
                                    if (!failed) self->read();
                                });
    }

private:
    void read()
    {
        stream_.async_read_some(asio::buffer(bytes_),
                                [self = shared_from_this()](error_code failed, std::size_t size) {
                                    if (failed) return;
                                    self->heard_.append(self->bytes_.data(), size);
                                    self->take_request();
                                });
    }

    void take_request()
    {
        const auto head = heard_.find("\r\n\r\n");
        if (head == std::string::npos) return read();
        const auto size = head + 4 + body_size(std::string_view{heard_}.substr(0, head));
        if (heard_.size() < size) return read();
        const auto from = heard_.find(' ') + 1;
        said_ = answer_to(std::string_view{heard_}.substr(from, heard_.find(' ', from) - from));
        heard_.erase(0, size);
        if (how_.answered != nullptr) ++*how_.answered;
        if (how_.delay.count() == 0) return write();
        timer_.expires_after(how_.delay);
        timer_.async_wait([self = shared_from_this()](error_code failed) {
            if (!failed) self->write();
        });
    }

    static std::size_t body_size(std::string_view head)
    {
        for (const std::string_view name : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
            const auto at = head.find(name);
            if (at == std::string_view::npos) continue;
            std::size_t size = 0;
            const auto digits = head.substr(at + name.size());
            std::from_chars(digits.data(), digits.data() + digits.size(), size);
            return size;
        }
        return 0;
    }

    void write()
    {
        asio::async_write(stream_, asio::buffer(said_),
                          [self = shared_from_this()](error_code failed, std::size_t) {
                              if (!failed) self->read();
                          });
    }

    asio::ssl::stream<tcp::socket> stream_;
    asio::steady_timer timer_;
    behaviour how_;
    std::array<char, 4096> bytes_{};
    std::string heard_;
    std::string said_;
};

class cloud {
public:
    cloud(asio::io_context& io, const daemon::server_certificate& certificate, behaviour how)
        : acceptor_{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}}, how_{how}
    {
        SSL_CTX_set_min_proto_version(context_.native_handle(), TLS1_3_VERSION);
        context_.use_certificate_chain(asio::buffer(certificate.chain));
        context_.use_private_key(asio::buffer(certificate.key), asio::ssl::context::pem);
        acceptor_.listen(1024);
        accept();
    }

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    void accept()
    {
        acceptor_.async_accept([this](error_code failed, tcp::socket socket) {
            if (!failed) std::make_shared<session>(std::move(socket), context_, how_)->start();
            accept();
        });
    }

    asio::ssl::context context_{asio::ssl::context::tls_server};
    tcp::acceptor acceptor_;
    behaviour how_;
};

int run(const std::string& ca_file, behaviour how)
{
    constexpr long day_s = 24L * 3600;
    const auto certificate = daemon::make_server_certificate(
        "bench_cloud throw-away authority", {"localhost", "127.0.0.1"}, {-day_s, 365 * day_s});
    if (!(std::ofstream{ca_file} << certificate.ca))
        throw std::runtime_error("cannot write " + ca_file);
    asio::io_context io{1};
    const cloud one{io, certificate, how};
    asio::signal_set signals{io, SIGTERM, SIGINT};
    signals.async_wait([&](error_code, int) { io.stop(); });
    std::cout << "https://localhost:" << one.port() << '\n' << std::flush;
    io.run();
    return 0;
}

}  // namespace
}  // namespace ecr::bench

int main(int argc, char** argv)
{
    std::string ca_file = "bench-ca.pem";
    std::string count_file;
    int delay_ms = 0;
    CLI::App app{"A cloud that says yes to every push", "bench_cloud"};
    app.add_option("--ca-file", ca_file, "Where to write whom to trust")->capture_default_str();
    app.add_option("--count-file", count_file, "Where to count requests");
    app.add_option("--delay-ms", delay_ms, "Before each answer")->check(CLI::Range(0, 10'000));
    CLI11_PARSE(app, argc, argv);
    try {
        std::optional<ecr::bench::shared_count> count;
        if (!count_file.empty()) count.emplace(count_file);
        return ecr::bench::run(ca_file, {.delay = std::chrono::milliseconds{delay_ms},
                                         .answered = count ? &*count : nullptr});
    } catch (const std::exception& failed) {
        std::cerr << "bench_cloud: " << failed.what() << "\n";
        return 2;
    }
}
