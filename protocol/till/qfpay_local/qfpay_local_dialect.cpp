#include "protocol/till/qfpay_local/qfpay_local_dialect.hpp"

#include "protocol/till/qfpay_local/http_dialect.hpp"
#include "protocol/till/qfpay_local/serial_dialect.hpp"
#include "protocol/till/qfpay_local/tcp_dialect.hpp"

#include <algorithm>

namespace ecr::protocol::till::qfpay_local {

bool is_published(std::string_view key) noexcept
{
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::equal(key, published_pos_key, {}, lower, lower);
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
