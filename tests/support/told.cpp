#include "tests/support/told.hpp"

#include "protocol/order/state.hpp"
#include "protocol/till/line/written_line.hpp"

namespace ecr::test {

std::string told::value(const std::string& key) const
{
    const auto found = values.find(key);
    return found == values.end() ? std::string{} : found->second;
}

bool told::says_paid() const
{
    return word == "result" && (value("state") == "paid" || value("state") == "refunded");
}

bool told::is_final() const
{
    return says_paid() ||
           (word == "result" && protocol::is_final(protocol::order_state_of(value("state"))));
}

told read_told(std::string_view line)
{
    const auto written = protocol::till::line::read_text_line(line);
    told what{.word = written.verb, .line = std::string{line}};
    for (const auto& pair : written.pairs)
        what.values[pair.key] = pair.value;
    return what;
}

}  // namespace ecr::test
