#pragma once

#include <memory>
#include <string>
#include <vector>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY
struct x509_st;      // and X509

namespace ecr::daemon {

struct openssl_free {
    void operator()(evp_pkey_st* key) const;
    void operator()(x509_st* certificate) const;
};
using key_ptr = std::unique_ptr<evp_pkey_st, openssl_free>;
using x509_ptr = std::unique_ptr<x509_st, openssl_free>;

/// Seconds from now, by the real clock: that is what TLS clients check.
struct validity {
    long from_s = 0;
    long to_s = 0;
};

// The pieces of a certificate. All throw std::runtime_error when OpenSSL cannot.

void require_done(bool done);
/// On P-256, or RSA of so many bits.
[[nodiscard]] key_ptr make_key(int rsa_bits = 0);
/// Without an issuer and a signature; its number is random.
[[nodiscard]] x509_ptr make_blank(evp_pkey_st& key, const std::string& common_name, validity valid);
void add_extension(x509_st& to, x509_st& issuer, int nid, const std::string& value);
[[nodiscard]] std::string pem_of(x509_st& certificate);
[[nodiscard]] std::string pem_of(evp_pkey_st& key);

/// Of IPv4 or IPv6; anything else in a certificate is a host's name.
[[nodiscard]] bool is_address(const std::string& name);

/// Texts in PEM.
struct server_certificate {
    std::string ca;     // whom clients have to trust
    std::string chain;  // of the server, its own first
    std::string key;
};

/// A server's certificate, signed by an authority of its own whose key is forgotten. `names`: host
/// names and addresses, at least one; the first is the common name.
///
/// Throws std::runtime_error.
[[nodiscard]] server_certificate make_server_certificate(const std::string& authority,
                                                         const std::vector<std::string>& names,
                                                         validity valid);

}  // namespace ecr::daemon
