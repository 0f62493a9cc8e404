#include "protocol/json.hpp"

template class nlohmann::basic_json<>;

namespace ecr {

std::optional<json> parse_json(std::string_view text)
{
    // The library takes a NUL for the end and is silent about what follows.
    if (text.find('\0') != text.npos) return std::nullopt;
    bool too_deep = false;
    const auto keep = [&](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > json_depth_max;
        return !too_deep;
    };
    auto value = json::parse(text.begin(), text.end(), keep, false);
    if (too_deep || value.is_discarded()) return std::nullopt;
    return value;
}

std::string to_text(const json& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace ecr
