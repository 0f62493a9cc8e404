#include "protocol/till/qfpay_local/qfpay_local_dialect.hpp"

#include "protocol/ascii.hpp"
#include "protocol/till/qfpay_local/http_dialect.hpp"
#include "protocol/till/qfpay_local/serial_dialect.hpp"
#include "protocol/till/qfpay_local/tcp_dialect.hpp"

namespace ecr::protocol::till::qfpay_local {

bool is_published(std::string_view key) noexcept
{
    return same_but_for_case(key, published_pos_key);
}

std::unique_ptr<dialect> make_qfpay_local_dialect(const settings& how)
{
    switch (how.wraps) {
        case wrapping::http: return std::make_unique<http_dialect>(how);
        case wrapping::tcp: return std::make_unique<tcp_dialect>(how);
        case wrapping::serial: return std::make_unique<serial_dialect>(how);
    }
    return nullptr;
}

}  // namespace ecr::protocol::till::qfpay_local
