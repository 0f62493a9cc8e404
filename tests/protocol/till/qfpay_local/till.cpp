#include "tests/protocol/till/qfpay_local/till.hpp"

#include "protocol/json.hpp"

namespace ecr::protocol::till::qfpay_local {

json opened_answer(std::string_view text, std::optional<cipher> by)
{
    const auto plain = by ? decrypted(text, *by, key) : std::optional{std::string{text}};
    if (!plain) throw std::invalid_argument{"not encrypted: " + std::string{text}};
    return parse_json(*plain).value();
}

}  // namespace ecr::protocol::till::qfpay_local
