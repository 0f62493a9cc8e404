#pragma once

#include <string>

namespace ecr::hostile {

/// How a server's certificate is made. As it stands: a good one for that name.
struct certificate_plan {
    enum class signer {
        ours,     // the authority that the bridge trusts
        other,    // another authority of the same name
        itself,   // nobody else
        another,  // a server's certificate that our authority has signed
    };

    std::string names = "DNS:pay.shop.example";  // subjectAltName; empty: none
    std::string common_name = "pay.shop.example";
    signer by = signer::ours;
    long from_s = -86'400;  // from now
    long to_s = 86'400;
    std::string use = "serverAuth";
    int rsa_bits = 0;  // 0: an elliptic curve
    std::string digest = "SHA256";
};

/// PEM.
struct certificate_files {
    std::string chain;
    std::string key;
};

/// Throws std::runtime_error when OpenSSL cannot.
[[nodiscard]] certificate_files make_odd_certificate(const certificate_plan& plan);

/// The authority that signs as `ours`; one for each run.
[[nodiscard]] const std::string& trusted_authority();

}  // namespace ecr::hostile
