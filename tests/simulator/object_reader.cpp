#include "tests/simulator/object_reader.hpp"

#include "protocol/json.hpp"

#include <algorithm>
#include <utility>

namespace ecr::simulator {

object_reader::object_reader(const json& object, std::string where,
                             std::vector<std::string>& errors)
    : object_{object}, where_{std::move(where)}, errors_{errors}
{
    if (!object_.is_object()) complain("is not an object");
}

bool object_reader::has(const char* name) const
{
    return object_.is_object() && object_.contains(name);
}

std::string object_reader::text(const char* name, std::string otherwise)
{
    if (!has(name)) return otherwise;
    if (object_[name].is_string()) return object_[name].get<std::string>();
    complain(std::string{name} + " is not a string");
    return otherwise;
}

bool object_reader::flag(const char* name, bool otherwise)
{
    if (!has(name)) return otherwise;
    if (object_[name].is_boolean()) return object_[name].get<bool>();
    complain(std::string{name} + " is neither true nor false");
    return otherwise;
}

std::int64_t object_reader::number(const char* name, std::int64_t otherwise, std::int64_t least,
                                   std::int64_t most)
{
    if (!has(name)) return otherwise;
    const auto& value = object_[name];
    const bool huge = value.is_number_unsigned() && value.get<std::uint64_t>() > 1ULL << 62;
    const bool whole = value.is_number_integer() && !huge;
    if (whole && value.get<std::int64_t>() >= least && value.get<std::int64_t>() <= most)
        return value.get<std::int64_t>();
    complain(std::string{name} + " is not a whole number from " + std::to_string(least) + " to " +
             std::to_string(most));
    return otherwise;
}

void object_reader::only(std::initializer_list<std::string_view> known)
{
    if (!object_.is_object()) return;
    for (const auto& [name, value] : object_.items())
        if (std::ranges::find(known, name) == known.end()) complain("knows no " + name);
}

std::vector<json> elements_of(const json& object, const char* name,
                              std::vector<std::string>& errors)
{
    if (!object.contains(name)) return {};
    if (object[name].is_array()) return {object[name].begin(), object[name].end()};
    errors.push_back(std::string{name} + ": is not an array");
    return {};
}

}  // namespace ecr::simulator
