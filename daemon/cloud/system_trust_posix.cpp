#include "daemon/cloud/system_trust.hpp"

#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace ecr::daemon {

error_code trust_what_the_system_trusts(SSL_CTX& context) noexcept
{
    ::ERR_clear_error();
    if (::SSL_CTX_set_default_verify_paths(&context) == 1) return {};
    return {static_cast<int>(::ERR_get_error()), boost::asio::error::get_ssl_category()};
}

}  // namespace ecr::daemon
