#include "tests/simulator/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace ecr::simulator {
namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;

// By the real clock, whatever clock the simulator was given: that is what TLS clients check.
constexpr long valid_from_s = -24L * 3600;
constexpr long valid_to_s = 365L * 24 * 3600;

void require(bool done)
{
    if (!done) throw std::runtime_error("OpenSSL could not make a certificate");
}

key_ptr make_key()
{
    key_ptr key{EVP_EC_gen("P-256")};
    require(key != nullptr);
    return key;
}

void add_extension(X509& to, X509& issuer, int nid, const char* value)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, &issuer, &to, nullptr, nullptr, 0);
    const extension_ptr made{X509V3_EXT_conf_nid(nullptr, &context, nid, value)};
    require(made != nullptr && X509_add_ext(&to, made.get(), -1) == 1);
}

x509_ptr make_blank(EVP_PKEY& key, const char* name)
{
    x509_ptr made{X509_new()};
    require(made != nullptr && X509_set_version(made.get(), X509_VERSION_3) == 1);
    unsigned char serial[8] = {};
    require(RAND_bytes(serial, sizeof serial) == 1);
    serial[0] &= 0x7f;
    BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
    require(number != nullptr);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(made.get()));
    BN_free(number);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), valid_from_s);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), valid_to_s);
    require(X509_set_pubkey(made.get(), &key) == 1);
    const auto bytes = reinterpret_cast<const unsigned char*>(name);
    require(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                                       bytes, -1, -1, 0) == 1);
    return made;
}

std::string text_of(const bio_ptr& memory)
{
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(X509& certificate)
{
    const bio_ptr memory{BIO_new(BIO_s_mem())};
    require(memory != nullptr && PEM_write_bio_X509(memory.get(), &certificate) == 1);
    return text_of(memory);
}

std::string to_pem(EVP_PKEY& key)
{
    const bio_ptr memory{BIO_new(BIO_s_mem())};
    require(memory != nullptr && PEM_write_bio_PrivateKey(memory.get(), &key, nullptr, nullptr, 0,
                                                          nullptr, nullptr) == 1);
    return text_of(memory);
}

}  // namespace

throw_away_certificate make_certificate()
{
    const auto ca_key = make_key();
    const auto ca = make_blank(*ca_key, "qfpay-sim throw-away authority");
    require(X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get())) == 1);
    add_extension(*ca, *ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(*ca, *ca, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(*ca, *ca, NID_subject_key_identifier, "hash");
    require(X509_sign(ca.get(), ca_key.get(), EVP_sha256()) > 0);

    const auto key = make_key();
    const auto leaf = make_blank(*key, "localhost");
    require(X509_set_issuer_name(leaf.get(), X509_get_subject_name(ca.get())) == 1);
    add_extension(*leaf, *ca, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(*leaf, *ca, NID_key_usage, "critical,digitalSignature");
    add_extension(*leaf, *ca, NID_ext_key_usage, "serverAuth");
    add_extension(*leaf, *ca, NID_subject_key_identifier, "hash");
    add_extension(*leaf, *ca, NID_authority_key_identifier, "keyid");
    add_extension(*leaf, *ca, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
    require(X509_sign(leaf.get(), ca_key.get(), EVP_sha256()) > 0);

    return {to_pem(*ca), to_pem(*leaf) + to_pem(*ca), to_pem(*key)};
}

}  // namespace ecr::simulator
