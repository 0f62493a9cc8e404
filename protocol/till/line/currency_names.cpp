#include "protocol/till/line/currency_names.hpp"

#include "protocol/cloud/currency.hpp"

namespace ecr::protocol::till::line {

std::string alphabetic_currency(std::string_view numeric)
{
    const auto* known = cloud::find_currency(numeric);
    return std::string{known != nullptr ? known->alphabetic : numeric};
}

std::string_view known_currency(std::string_view name)
{
    const auto* known = cloud::find_currency(name);
    const bool by_letters = known != nullptr && name.find_first_of("0123456789") == name.npos;
    return by_letters ? known->alphabetic : std::string_view{};
}

}  // namespace ecr::protocol::till::line
