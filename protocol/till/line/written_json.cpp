// {"verb":"pay","amount":110,…}
#include "protocol/ascii.hpp"
#include "protocol/json.hpp"
#include "protocol/till/line/line_dialect.hpp"
#include "protocol/till/line/text.hpp"
#include "protocol/till/line/written_line.hpp"

namespace ecr::protocol::till::line {
namespace {

written_pair pair_of(const std::string& key, const json& value)
{
    written_pair pair{.key = ascii_lower(key), .value = {}};
    switch (value.type()) {
        case json::value_t::string: pair.value = value.get<std::string>(); break;
        case json::value_t::number_integer:
        case json::value_t::number_unsigned:
            pair.value = to_text(value);
            pair.kind = value_kind::whole;
            break;
        case json::value_t::number_float:
            pair.value = to_text(value);
            pair.kind = value_kind::decimal;
            break;
        case json::value_t::boolean:
            pair.value = to_text(value);
            pair.kind = value_kind::flag;
            break;
        default: pair.value = to_text(value); pair.kind = value_kind::compound;
    }
    return pair;
}

/// The pairs in the order of writing, doubled keys and all: a json object would keep one silently.
///
/// Returns: false when the text is not one JSON object, or nests too deeply to be one of ours.
bool read_pairs(std::string_view text, std::vector<written_pair>& into)
{
    // parse_json judges first: with its depth bounded, what follows is bounded, too.
    const auto object = parse_json(text);
    if (!object || !object->is_object()) return false;

    std::string key;
    using event_t = json::parse_event_t;
    const auto keep = [&](int depth, event_t event, json& value) {
        if (depth != 1) return true;
        if (event == event_t::key) key = value.get<std::string>();
        if (event == event_t::value || event == event_t::object_end || event == event_t::array_end)
            into.push_back(pair_of(key, value));
        return true;
    };
    return !json::parse(text.begin(), text.end(), keep, false).is_discarded();
}

}  // namespace

written_line read_json_line(std::string_view line)
{
    written_line read;
    std::vector<written_pair> pairs;
    if (!read_pairs(line, pairs)) {
        read.fault = "The line is not a JSON object";
        return read;
    }
    if (pairs.size() > parameters_max + 1) {
        read.fault = "The line has more than " + std::to_string(parameters_max) + " keys";
        pairs.resize(parameters_max + 1);
    }
    for (auto& pair : pairs) {
        const bool verb = pair.key == "verb" || pair.key == "cmd";
        if (!verb) {
            read.pairs.push_back(std::move(pair));
            continue;
        }
        if (!read.fault.empty()) continue;
        if (!read.verb.empty())
            read.fault = "The verb is given twice, the second time as " + shown_word(pair.value);
        else if (pair.kind != value_kind::text || pair.value.empty())
            read.fault = "The verb must be text such as \"pay\", and is " + shown_word(pair.value);
        else
            read.verb = ascii_lower(pair.value);
    }
    return read;
}

}  // namespace ecr::protocol::till::line
