#include "protocol/till/qfpay_local/dollars.hpp"

#include "protocol/till/qfpay_local/limits.hpp"

#include <string>

namespace ecr::protocol::till::qfpay_local {

result<money> parse_dollars(std::string_view text)
{
    const auto point = text.find('.');
    std::string digits{text.substr(0, point)};
    if (digits.empty()) return errc::bad_amount;
    if (digits.size() > amount_digits_max) return errc::amount_too_large;

    std::string decimals;
    if (point != text.npos) {
        decimals = text.substr(point + 1);
        if (decimals.empty() || decimals.size() > 2) return errc::bad_amount;
    }
    decimals.resize(2, '0');
    return parse_amount(digits + decimals);  // refuses whatever is no digit
}

}  // namespace ecr::protocol::till::qfpay_local
