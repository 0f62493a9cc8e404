#include "protocol/till/registry.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol::till {
namespace {

struct entry {
    dialect_kind kind;
    std::string_view name;
    std::unique_ptr<dialect> (*make)(const dialect_settings&);
};

constexpr auto entries = std::to_array<entry>({
    {dialect_kind::line, "line", [](const auto& how) { return line::make_line_dialect(how.line); }},
    {dialect_kind::hypercom, "hypercom",
     [](const auto& how) { return hypercom::make_hypercom_dialect(how.hypercom); }},
    {dialect_kind::qfpay_local, "qfpay-local",
     [](const auto& how) { return qfpay_local::make_qfpay_local_dialect(how.qfpay_local); }},
});

// Looked up by position, so the table must follow the enum.
static_assert([] {
    for (std::size_t i = 0; i < entries.size(); ++i)
        if (static_cast<std::size_t>(entries[i].kind) != i) return false;
    return true;
}());

}  // namespace

std::string_view name_of(dialect_kind kind) noexcept
{
    const auto index = static_cast<std::size_t>(kind);
    return index < entries.size() ? entries[index].name : "?";
}

std::optional<dialect_kind> dialect_kind_of(std::string_view name) noexcept
{
    const auto* found = std::ranges::find(entries, name, &entry::name);
    if (found == entries.end()) return std::nullopt;
    return found->kind;
}

std::string dialect_names()
{
    std::string names;
    for (const auto& each : entries) {
        if (!names.empty()) names += ", ";
        names += each.name;
    }
    return names;
}

std::unique_ptr<dialect> make_dialect(dialect_kind kind, const dialect_settings& how)
{
    return entries.at(static_cast<std::size_t>(kind)).make(how);
}

}  // namespace ecr::protocol::till
