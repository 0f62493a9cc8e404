#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::simulator {

/// Reads the members of one JSON object and remembers what was wrong with them.
class object_reader {
public:
    object_reader(const nlohmann::json& object, std::string where,
                  std::vector<std::string>& errors);

    [[nodiscard]] bool has(const char* name) const;
    std::string text(const char* name, std::string otherwise);
    bool flag(const char* name, bool otherwise);
    std::int64_t number(const char* name, std::int64_t otherwise, std::int64_t least,
                        std::int64_t most);
    void only(std::initializer_list<std::string_view> known);
    void complain(const std::string& what) { errors_.push_back(where_ + ": " + what); }

private:
    const nlohmann::json& object_;
    std::string where_;
    std::vector<std::string>& errors_;
};

/// The elements of an array member; none and a complaint when it is something else.
[[nodiscard]] std::vector<nlohmann::json> elements_of(const nlohmann::json& object,
                                                      const char* name,
                                                      std::vector<std::string>& errors);

}  // namespace ecr::simulator
