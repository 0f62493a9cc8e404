#include "protocol/cloud/tolerant_json.hpp"
#include "protocol/cloud/trade_api.hpp"
#include "protocol/json.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace ecr::protocol::cloud {
namespace {

// Keeps the order of the fields: what they mean is not documented, their order may tell.
using ordered_json = nlohmann::ordered_json;

constexpr auto envelope_names =
    std::to_array<std::string_view>({"respcd", "resperr", "respmsg", "data"});

std::string value_text(const ordered_json& value)
{
    if (value.is_null()) return {};
    if (value.is_string()) return value.get_ref<const std::string&>();
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

bool names(std::span<const std::string_view> list, std::string_view name)
{
    return std::ranges::find(list, name) != list.end();
}

/// An object's fields without those of `left_out`. One that is itself an object gives its fields
/// as "outer.inner"; what is nested deeper stays JSON text.
settlement_answer::row row_of(const ordered_json& object,
                              std::span<const std::string_view> left_out = {})
{
    settlement_answer::row row;
    for (const auto& [name, value] : object.items()) {
        if (names(left_out, name)) continue;
        if (!value.is_object()) {
            row.emplace_back(name, value_text(value));
            continue;
        }
        for (const auto& [inner, inner_value] : value.items())
            row.emplace_back(name + '.' + inner, value_text(inner_value));
    }
    return row;
}

void add_rows(const ordered_json& data, std::vector<settlement_answer::row>& rows)
{
    if (data.is_object()) {
        rows.push_back(row_of(data));
        return;
    }
    if (!data.is_array()) {
        if (const auto text = value_text(data); !text.empty()) rows.push_back({{"data", text}});
        return;
    }
    for (const auto& entry : data) {
        if (entry.is_object())
            rows.push_back(row_of(entry));
        else
            rows.push_back({{"", value_text(entry)}});
    }
}

}  // namespace

result<settlement_answer> read_settlement(std::string_view body)
{
    // Its depth is limited; the ordered kind would read on.
    const auto checked = parse_tolerantly(body);
    if (!checked || !checked->is_object()) return errc::bad_json;
    settlement_answer answer;
    answer.respcd = code_in(*checked);
    if (answer.respcd.empty()) return errc::bad_json;
    answer.resperr = any_text_in(*checked, "resperr");
    answer.respmsg = any_text_in(*checked, "respmsg");

    const auto object = ordered_json::parse(with_numbers_as_text(body), nullptr, false);
    auto beside = row_of(object, envelope_names);
    if (const auto data = object.find("data"); data != object.end()) {
        answer.beside = std::move(beside);
        add_rows(*data, answer.rows);
    } else if (!beside.empty()) {
        answer.rows.push_back(std::move(beside));
    }
    return answer;
}

}  // namespace ecr::protocol::cloud
