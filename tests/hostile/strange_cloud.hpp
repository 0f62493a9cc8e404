#pragma once

#include "odd_certificate.hpp"

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace ecr::hostile {

/// What somebody on the way to the cloud does with a connection.
struct strangeness {
    enum class kind {
        serves,        // TLS with the certificate below, then listens and says nothing
        hangs_up,      // after the client's first words
        tears,         // ends in the middle of its own first words
        babbles,       // something that is no TLS
        speaks_http,   // plainly, as the login page of a hotel does
        stays_silent,  // for ever
        relays,        // an honest wire to the port below
    };

    kind what = kind::serves;
    certificate_files with;
    int version_max = 0;  // of TLS, as OpenSSL numbers it; 0: the newest
    std::string ciphers;  // of TLS 1.2; empty: the usual
    std::uint16_t to = 0;
};

/// Between the bridge and the cloud: an HTTP proxy in whose tunnels a stranger sits. Every
/// connection has a thread of its own.
class strange_cloud {
public:
    /// Throws std::runtime_error when it cannot listen.
    strange_cloud();
    ~strange_cloud();
    strange_cloud(const strange_cloud&) = delete;
    strange_cloud& operator=(const strange_cloud&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// From the next connection on.
    void become(strangeness next);
    /// Ends all connections.
    void cut();

    /// Connections that came, and bytes that were said to it under TLS.
    [[nodiscard]] int connections() const { return connections_; }
    [[nodiscard]] std::size_t bytes_heard() const { return bytes_heard_; }

private:
    struct guest;

    void accept_all();
    void receive(guest& who, const strangeness& how);
    void serve(const guest& who, const strangeness& how);

    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    strangeness how_;
    std::list<std::shared_ptr<guest>> guests_;
    bool over_ = false;
    std::atomic<int> connections_ = 0;
    std::atomic<std::size_t> bytes_heard_ = 0;
    std::list<std::jthread> threads_;
    std::jthread acceptor_;
};

}  // namespace ecr::hostile
