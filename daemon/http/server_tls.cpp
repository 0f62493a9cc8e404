#include "daemon/http/server_tls.hpp"

#include "daemon/as_result.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/system/system_error.hpp>

namespace ecr::daemon {
namespace {

using asio::ip::tcp;
using boost::system::system_error;

constexpr char tls_record = 0x16;  // Source: RFC 8446, 5.1; no HTTP method begins with it

}  // namespace

std::shared_ptr<asio::ssl::context> make_server_tls(const std::filesystem::path& certificate_file,
                                                    const std::filesystem::path& key_file)
{
    auto made = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    made->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                      asio::ssl::context::no_tlsv1_1);
    boost::system::error_code failed;
    made->use_certificate_chain_file(certificate_file.string(), failed);
    if (failed)
        throw system_error{failed,
                           "the certificate " + certificate_file.string() + " cannot be used"};
    made->use_private_key_file(key_file.string(), asio::ssl::context::pem, failed);
    if (failed)
        throw system_error{failed,
                           "the certificate's key " + key_file.string() + " cannot be used"};
    return made;
}

asio::awaitable<std::optional<bool>> speaks_tls(tcp::socket& socket)
{
    char first = 0;
    const auto [failed, size] = co_await socket.async_receive(asio::buffer(&first, 1),
                                                              tcp::socket::message_peek, as_result);
    if (failed) co_return std::nullopt;
    co_return first == tls_record;
}

}  // namespace ecr::daemon
