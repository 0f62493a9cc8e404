#include "strange_cloud.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace ecr::hostile {
namespace {

using kind = strangeness::kind;

struct context_free {
    void operator()(SSL_CTX* it) const { SSL_CTX_free(it); }
};
struct ssl_free {
    void operator()(SSL* it) const { SSL_free(it); }
};
using context_ptr = std::unique_ptr<SSL_CTX, context_free>;
using ssl_ptr = std::unique_ptr<SSL, ssl_free>;

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return place;
}

void say(int socket, std::string_view bytes)
{
    (void)::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);  // it may have gone
}

/// The head of a CONNECT, to its last byte and no further. False: the client has gone.
bool takes_tunnel(int socket)
{
    std::string head;
    for (char c = 0; !head.ends_with("\r\n\r\n"); head += c)
        if (::recv(socket, &c, 1, 0) != 1) return false;
    say(socket, "HTTP/1.1 200 OK\r\n\r\n");
    return true;
}

context_ptr make_context(const strangeness& how)
{
    context_ptr made{SSL_CTX_new(TLS_server_method())};
    auto* it = made.get();
    // Whatever is asked of it: it is the other side that has to refuse.
    SSL_CTX_set_security_level(it, 0);
    SSL_CTX_set_min_proto_version(it, TLS1_VERSION);
    if (how.version_max != 0) SSL_CTX_set_max_proto_version(it, how.version_max);
    const auto ciphers = (how.ciphers.empty() ? "ALL" : how.ciphers) + ":@SECLEVEL=0";
    SSL_CTX_set_cipher_list(it, ciphers.c_str());
    if (how.with.chain.empty()) return made;
    BIO* chain = BIO_new_mem_buf(how.with.chain.data(), static_cast<int>(how.with.chain.size()));
    X509* own = PEM_read_bio_X509(chain, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(it, own);
    X509_free(own);
    while (X509* more = PEM_read_bio_X509(chain, nullptr, nullptr, nullptr))
        SSL_CTX_add_extra_chain_cert(it, more);  // which takes it over
    BIO_free(chain);
    BIO* text = BIO_new_mem_buf(how.with.key.data(), static_cast<int>(how.with.key.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(text, nullptr, nullptr, nullptr);
    SSL_CTX_use_PrivateKey(it, key);
    EVP_PKEY_free(key);
    BIO_free(text);
    return made;
}

void carry(int one, int other)
{
    std::array<char, 16 * 1024> piece{};
    for (;;) {
        std::array<pollfd, 2> ends{pollfd{one, POLLIN, 0}, pollfd{other, POLLIN, 0}};
        if (::poll(ends.data(), ends.size(), -1) < 0) return;
        for (std::size_t i = 0; i < 2; ++i) {
            if (ends[i].revents == 0) continue;
            const auto size = ::recv(ends[i].fd, piece.data(), piece.size(), 0);
            if (size <= 0) return;
            say(ends[1 - i].fd, {piece.data(), static_cast<std::size_t>(size)});
        }
    }
}

}  // namespace

struct strange_cloud::guest {
    explicit guest(int of) : socket{of} {}
    ~guest() { ::close(socket); }
    guest(const guest&) = delete;
    guest& operator=(const guest&) = delete;

    int socket;
};

strange_cloud::strange_cloud() : listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    auto place = loopback(0);
    socklen_t size = sizeof place;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&place), size) != 0 ||
        ::listen(listener_, SOMAXCONN) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size) != 0)
        throw std::runtime_error("the strange cloud cannot listen");
    port_ = ntohs(place.sin_port);
    acceptor_ = std::jthread{[this] { accept_all(); }};
}

strange_cloud::~strange_cloud()
{
    {
        const std::lock_guard lock{mutex_};
        over_ = true;
    }
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    cut();
    threads_.clear();  // waits for each
    ::close(listener_);
}

void strange_cloud::become(strangeness next)
{
    const std::lock_guard lock{mutex_};
    how_ = std::move(next);
}

void strange_cloud::cut()
{
    const std::lock_guard lock{mutex_};
    for (const auto& each : guests_)
        ::shutdown(each->socket, SHUT_RDWR);
    guests_.clear();
}

void strange_cloud::accept_all()
{
    for (;;) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard lock{mutex_};
        if (over_ || socket < 0) {
            if (socket >= 0) ::close(socket);
            return;
        }
        ++connections_;
        const auto who = std::make_shared<guest>(socket);
        guests_.push_back(who);
        threads_.emplace_back([this, who, how = how_] {
            receive(*who, how);
            ::shutdown(who->socket, SHUT_RDWR);
        });
    }
}

void strange_cloud::receive(guest& who, const strangeness& how)
{
    if (!takes_tunnel(who.socket)) return;
    std::array<char, 4096> hello{};
    const auto hear = [&] { return ::recv(who.socket, hello.data(), hello.size(), 0) > 0; };
    switch (how.what) {
        case kind::serves: return serve(who, how);
        case kind::hangs_up: (void)hear(); return;
        case kind::tears:
            // The record says that 122 bytes of a ServerHello follow.
            if (hear())
                say(who.socket, std::string_view{"\x16\x03\x03\x00\x7a\x02\x00\x00\x76", 9});
            return;
        case kind::babbles:
            if (hear()) say(who.socket, "\x05\x04\x03\x02\x01 what? \xff\xfe\xfd");
            return;
        case kind::speaks_http:
            if (hear())
                say(who.socket, "HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n");
            return;
        case kind::stays_silent:
            while (hear()) {
            }
            return;
        case kind::relays: {
            guest cloud{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
            const auto place = loopback(how.to);
            if (::connect(cloud.socket, reinterpret_cast<const sockaddr*>(&place), sizeof place) ==
                0)
                carry(who.socket, cloud.socket);
        }
    }
}

void strange_cloud::serve(const guest& who, const strangeness& how)
{
    const auto context = make_context(how);
    const ssl_ptr tls{SSL_new(context.get())};
    SSL_set_fd(tls.get(), who.socket);
    if (SSL_accept(tls.get()) != 1) return;
    std::array<char, 4096> piece{};
    for (int size = 0; (size = SSL_read(tls.get(), piece.data(), piece.size())) > 0;)
        bytes_heard_ += static_cast<std::size_t>(size);
}

}  // namespace ecr::hostile
