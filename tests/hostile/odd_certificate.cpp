#include "odd_certificate.hpp"

#include "daemon/certificate.hpp"

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <utility>

namespace ecr::hostile {
namespace {

using daemon::add_extension;
using daemon::key_ptr;
using daemon::make_blank;
using daemon::make_key;
using daemon::pem_of;
using daemon::require_done;
using daemon::validity;
using daemon::x509_ptr;

constexpr long day_s = 24L * 3600;

/// A certificate with the key that belongs to it.
struct identity {
    x509_ptr certificate;
    key_ptr key;
};

identity blank(const std::string& name, validity valid, int rsa_bits)
{
    auto key = make_key(rsa_bits);
    auto certificate = make_blank(*key, name, valid);
    return {.certificate = std::move(certificate), .key = std::move(key)};
}

void sign(identity& it, identity& by, const std::string& digest)
{
    require_done(X509_set_issuer_name(it.certificate.get(),
                                      X509_get_subject_name(by.certificate.get())) == 1);
    add_extension(*it.certificate, *by.certificate, NID_authority_key_identifier, "keyid");
    require_done(
        X509_sign(it.certificate.get(), by.key.get(), EVP_get_digestbyname(digest.c_str())) > 0);
}

identity make_authority()
{
    auto made = blank("an authority of these tests", {.from_s = -day_s, .to_s = day_s}, 0);
    add_extension(*made.certificate, *made.certificate, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(*made.certificate, *made.certificate, NID_key_usage,
                  "critical,keyCertSign,cRLSign");
    add_extension(*made.certificate, *made.certificate, NID_subject_key_identifier, "hash");
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
    auto made = blank(plan.common_name, {.from_s = plan.from_s, .to_s = plan.to_s}, plan.rsa_bits);
    auto& it = *made.certificate;
    add_extension(it, it, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(it, it, NID_key_usage, "critical,digitalSignature,keyEncipherment");
    add_extension(it, it, NID_ext_key_usage, plan.use);
    add_extension(it, it, NID_subject_key_identifier, "hash");
    if (!plan.names.empty()) add_extension(it, it, NID_subject_alt_name, plan.names);
    sign(made, signer == nullptr ? made : *signer, plan.digest);
    return made;
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
    auto chain = pem_of(*made.certificate);
    if (by != nullptr) chain += pem_of(*by->certificate);
    return {.chain = chain, .key = pem_of(*made.key)};
}

const std::string& trusted_authority()
{
    static const auto pem = pem_of(*ours().certificate);
    return pem;
}

}  // namespace ecr::hostile
