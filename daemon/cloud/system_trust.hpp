#pragma once

#include "protocol/result.hpp"

struct ssl_ctx_st;  // OpenSSL calls it SSL_CTX

namespace ecr::daemon {

/// Has TLS trust the authorities that this machine trusts.
///
/// Errors: of the system's store; of OpenSSL
[[nodiscard]] error_code trust_what_the_system_trusts(ssl_ctx_st& context) noexcept;

}  // namespace ecr::daemon
