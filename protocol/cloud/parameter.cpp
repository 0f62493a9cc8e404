#include "protocol/cloud/parameter.hpp"

#include <algorithm>

namespace ecr::protocol::cloud {

bool is_id(std::string_view text, std::size_t size_max) noexcept
{
    const auto fits = [](char c) { return c > ' ' && c < '\x7f' && c != ','; };
    return !text.empty() && text.size() <= size_max && std::ranges::all_of(text, fits);
}

bool is_syssn(std::string_view text) noexcept
{
    return is_id(text, syssn_size_max);
}

std::string amount_text(money amount)
{
    return std::to_string(amount.minor_units());
}

}  // namespace ecr::protocol::cloud
