#include "odd_certificate.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace ecr::hostile {
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

constexpr long day_s = 24L * 3600;

void require(bool done)
{
    if (!done) throw std::runtime_error("OpenSSL could not make a certificate");
}

/// A certificate with the key that belongs to it.
struct identity {
    x509_ptr certificate;
    key_ptr key;
};

key_ptr make_key(int rsa_bits)
{
    key_ptr key{rsa_bits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen(static_cast<unsigned>(rsa_bits))};
    require(key != nullptr);
    return key;
}

void add(X509& to, X509& issuer, int nid, const std::string& value)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, &issuer, &to, nullptr, nullptr, 0);
    const extension_ptr made{X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())};
    require(made != nullptr && X509_add_ext(&to, made.get(), -1) == 1);
}

identity blank(const std::string& name, long from_s, long to_s, int rsa_bits)
{
    static long serial = 1000;
    identity made{x509_ptr{X509_new()}, make_key(rsa_bits)};
    auto* it = made.certificate.get();
    require(it != nullptr && X509_set_version(it, X509_VERSION_3) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(it), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(it), from_s);
    X509_gmtime_adj(X509_getm_notAfter(it), to_s);
    require(X509_set_pubkey(it, made.key.get()) == 1);
    const auto bytes = reinterpret_cast<const unsigned char*>(name.c_str());
    require(X509_NAME_add_entry_by_txt(X509_get_subject_name(it), "CN", MBSTRING_UTF8, bytes, -1,
                                       -1, 0) == 1);
    return made;
}

void sign(identity& it, identity& by, const std::string& digest)
{
    require(X509_set_issuer_name(it.certificate.get(),
                                 X509_get_subject_name(by.certificate.get())) == 1);
    add(*it.certificate, *by.certificate, NID_authority_key_identifier, "keyid");
    require(X509_sign(it.certificate.get(), by.key.get(), EVP_get_digestbyname(digest.c_str())) >
            0);
}

identity make_authority()
{
    auto made = blank("an authority of these tests", -day_s, day_s, 0);
    add(*made.certificate, *made.certificate, NID_basic_constraints, "critical,CA:TRUE");
    add(*made.certificate, *made.certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    add(*made.certificate, *made.certificate, NID_subject_key_identifier, "hash");
    sign(made, made, "SHA256");
    return made;
}

identity& ours()
{
    static auto made = make_authority();
    return made;
}

identity make_server(const certificate_plan& plan, identity* signer)
{
    auto made = blank(plan.common_name, plan.from_s, plan.to_s, plan.rsa_bits);
    auto& it = *made.certificate;
    add(it, it, NID_basic_constraints, "critical,CA:FALSE");
    add(it, it, NID_key_usage, "critical,digitalSignature,keyEncipherment");
    add(it, it, NID_ext_key_usage, plan.use);
    add(it, it, NID_subject_key_identifier, "hash");
    if (!plan.names.empty()) add(it, it, NID_subject_alt_name, plan.names);
    sign(made, signer == nullptr ? made : *signer, plan.digest);
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

certificate_files make_odd_certificate(const certificate_plan& plan)
{
    static auto other = make_authority();
    static auto another = make_server({}, &ours());
    identity* by = nullptr;
    switch (plan.by) {
        case certificate_plan::signer::ours: by = &ours(); break;
        case certificate_plan::signer::other: by = &other; break;
        case certificate_plan::signer::itself: break;
        case certificate_plan::signer::another: by = &another; break;
    }
    const auto made = make_server(plan, by);
    auto chain = to_pem(*made.certificate);
    if (by != nullptr) chain += to_pem(*by->certificate);
    return {.chain = chain, .key = to_pem(*made.key)};
}

const std::string& trusted_authority()
{
    static const auto pem = to_pem(*ours().certificate);
    return pem;
}

}  // namespace ecr::hostile
