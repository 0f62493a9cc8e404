#include "daemon/cloud/system_trust.hpp"

#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <windows.h>

#include <wincrypt.h>

#undef X509_NAME  // wincrypt.h has a number of that name

#include <memory>

namespace ecr::daemon {
namespace {

struct store_closed {
    void operator()(void* store) const noexcept { ::CertCloseStore(store, 0); }
};
struct certificate_freed {
    void operator()(X509* certificate) const noexcept { ::X509_free(certificate); }
};

}  // namespace

error_code trust_what_the_system_trusts(SSL_CTX& context) noexcept
{
    const std::unique_ptr<void, store_closed> roots{::CertOpenSystemStoreW(0, L"ROOT")};
    if (!roots) return {static_cast<int>(::GetLastError()), boost::system::system_category()};
    auto* const trusted = ::SSL_CTX_get_cert_store(&context);
    const CERT_CONTEXT* each = nullptr;
    while ((each = ::CertEnumCertificatesInStore(roots.get(), each)) != nullptr) {
        const auto* bytes = each->pbCertEncoded;
        const std::unique_ptr<X509, certificate_freed> authority{
            ::d2i_X509(nullptr, &bytes, static_cast<long>(each->cbCertEncoded))};
        // One that OpenSSL cannot read vouches for nobody here; one that is there twice is there.
        if (authority) (void)::X509_STORE_add_cert(trusted, authority.get());
    }
    ::ERR_clear_error();
    return {};
}

}  // namespace ecr::daemon
