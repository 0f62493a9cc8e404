#include "daemon/certificate.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace ecr::daemon {
namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;
using number_ptr = std::unique_ptr<BIGNUM, freed_by<BN_free>>;

template <class Write>
std::string pem(Write write)
{
    const bio_ptr memory{BIO_new(BIO_s_mem())};
    require_done(memory != nullptr && write(memory.get()) == 1);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

/// By the authority `by`, whose key this is.
void sign(X509& it, X509& by, EVP_PKEY& key)
{
    require_done(X509_set_issuer_name(&it, X509_get_subject_name(&by)) == 1);
    require_done(X509_sign(&it, &key, EVP_sha256()) > 0);
}

}  // namespace

void openssl_free::operator()(EVP_PKEY* key) const
{
    EVP_PKEY_free(key);
}

void openssl_free::operator()(X509* certificate) const
{
    X509_free(certificate);
}

bool is_address(const std::string& name)
{
    return boost::urls::parse_ipv4_address(name).has_value() ||
           boost::urls::parse_ipv6_address(name).has_value();
}

void require_done(bool done)
{
    if (!done) throw std::runtime_error{"OpenSSL could not make a certificate"};
}

key_ptr make_key(int rsa_bits)
{
    key_ptr key{rsa_bits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen(static_cast<unsigned>(rsa_bits))};
    require_done(key != nullptr);
    return key;
}

x509_ptr make_blank(EVP_PKEY& key, const std::string& common_name, validity valid)
{
    x509_ptr made{X509_new()};
    require_done(made != nullptr && X509_set_version(made.get(), X509_VERSION_3) == 1);
    unsigned char serial[16] = {};
    require_done(RAND_bytes(serial, sizeof serial) == 1);
    serial[0] &= 0x7f;
    const number_ptr number{BN_bin2bn(serial, sizeof serial, nullptr)};
    require_done(number != nullptr &&
                 BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(made.get())) != nullptr);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), valid.from_s);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), valid.to_s);
    require_done(X509_set_pubkey(made.get(), &key) == 1);
    const auto* bytes = reinterpret_cast<const unsigned char*>(common_name.c_str());
    require_done(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                                            bytes, -1, -1, 0) == 1);
    return made;
}

void add_extension(X509& to, X509& issuer, int nid, const std::string& value)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, &issuer, &to, nullptr, nullptr, 0);
    const extension_ptr made{X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())};
    require_done(made != nullptr && X509_add_ext(&to, made.get(), -1) == 1);
}

std::string pem_of(X509& certificate)
{
    return pem([&](BIO* into) { return PEM_write_bio_X509(into, &certificate); });
}

std::string pem_of(EVP_PKEY& key)
{
    return pem([&](BIO* into) {
        return PEM_write_bio_PrivateKey(into, &key, nullptr, nullptr, 0, nullptr, nullptr);
    });
}

server_certificate make_server_certificate(const std::string& authority,
                                           const std::vector<std::string>& names, validity valid)
{
    std::string alternatives;
    for (const auto& name : names)
        alternatives.append(alternatives.empty() ? "" : ",")
            .append(is_address(name) ? "IP:" : "DNS:")
            .append(name);

    const auto ca_key = make_key();
    const auto ca = make_blank(*ca_key, authority, valid);
    add_extension(*ca, *ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(*ca, *ca, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(*ca, *ca, NID_subject_key_identifier, "hash");
    sign(*ca, *ca, *ca_key);

    const auto key = make_key();
    const auto leaf = make_blank(*key, names.front().substr(0, 64), valid);
    add_extension(*leaf, *ca, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(*leaf, *ca, NID_key_usage, "critical,digitalSignature");
    add_extension(*leaf, *ca, NID_ext_key_usage, "serverAuth");
    add_extension(*leaf, *ca, NID_subject_key_identifier, "hash");
    add_extension(*leaf, *ca, NID_authority_key_identifier, "keyid");
    add_extension(*leaf, *ca, NID_subject_alt_name, alternatives);
    sign(*leaf, *ca, *ca_key);

    return {.ca = pem_of(*ca), .chain = pem_of(*leaf) + pem_of(*ca), .key = pem_of(*key)};
}

}  // namespace ecr::daemon
