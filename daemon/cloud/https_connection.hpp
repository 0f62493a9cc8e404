#pragma once

#include "daemon/cloud/https_client.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>

/// The inside of https_client, for its own files and the doctor's: it brings all of Asio's TLS.
namespace ecr::daemon {

/// Empty: the context trusts what it should.
[[nodiscard]] std::string load_trust(asio::ssl::context& context,
                                     const std::filesystem::path& ca_file);

/// The certificate must be for this host: by its subjectAltName alone, as browsers do, with "*" for
/// one whole label only. Source: RFC 9525, 6.3. False: OpenSSL does not take the name.
[[nodiscard]] bool expect_host(SSL& tls, const std::string& host);

struct https_client::tls {
    asio::ssl::context context{asio::ssl::context::tls_client};
};

struct https_client::connection {
    connection(asio::any_io_executor executor, clock& time, asio::ssl::context& context)
        : stream{executor, context}, deadline{executor, time}
    {}

    /// From now on the connection is closed when `limit` passes without disarm().
    void arm(milliseconds limit)
    {
        timed_out = false;
        deadline.set(limit);
        deadline.on_ring([this] {
            timed_out = true;
            close();
        });
    }
    void disarm() { deadline.cancel(); }

    void close()
    {
        boost::system::error_code ignored;  // it is going away, whatever the kernel thinks of it
        stream.lowest_layer().close(ignored);
    }

    [[nodiscard]] std::string why(const boost::system::error_code& ec,
                                  const std::string& doing) const
    {
        return doing + ": " + (timed_out ? "timed out" : ec.message());
    }

    [[nodiscard]] asio::ip::tcp::socket& socket() { return stream.next_layer(); }

    asio::ssl::stream<asio::ip::tcp::socket> stream;
    boost::beast::flat_buffer buffer;
    alarm deadline;
    bool timed_out = false;
    bool reused = false;
    milliseconds last_used{};
};

}  // namespace ecr::daemon
