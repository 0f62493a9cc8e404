#pragma once

#include "daemon/clock.hpp"
#include "daemon/config.hpp"

#include <optional>
#include <string>

namespace ecr::daemon::doctor {

/// How far one gets on the way to a host, and what is seen on it.
struct way_to_cloud {
    enum class stage : std::uint8_t { name, connection, tls, open };
    stage stopped_at = stage::name;  // open: nowhere
    std::string why;                 // of a stop, in the system's words
    std::string host;                // of the cloud
    std::string authority;           // "host:port" of the cloud, or of the proxy before it
    std::string addresses;           // what the name leads to
    int distrust = 0;                // X509_V_ERR_…; 0: the certificate is trusted
    std::string distrust_text;
    std::string issuer;                 // the name of who signed the certificate
    timestamp ends{};                   // when the certificate does
    std::optional<milliseconds> ahead;  // the cloud's clock before ours
};

/// Goes it step by step, without a word of the API; an untrusted certificate does not stop it, for
/// what is seen behind may be the reason: a clock that is wrong. Up to a proxy only, if there is
/// one. Throws boost::system::system_error: the URL is none.
[[nodiscard]] way_to_cloud walk_to(const cloud_config& cloud, clock& time);

}  // namespace ecr::daemon::doctor
