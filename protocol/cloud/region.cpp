#include "protocol/cloud/region.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace ecr::protocol::cloud {
namespace {

constexpr bool live = true;
constexpr bool test = false;

// Dubai is "db" in the host's name and everywhere else "ae". Malaysia, Canada and the Philippines
// are at Singapore's host, Japan has no test host, and the sandbox simulates cards only. The host
// of the years 2016 to 2018 is gone.
// clang-format off
constexpr auto all = std::to_array<region>({
    {"ae",       "https://openapi-db.qfapi.com",       live},
    {"ae-test",  "https://test-openapi-db.qfapi.com",  test},
    {"ca",       "https://openapi-sg.qfapi.com",       live},
    {"ca-test",  "https://test-openapi-sg.qfapi.com",  test},
    {"cn",       "https://openapi.qfpay.com",          live},
    {"cn-test",  "https://openapi-test.qfpay.com",     test},
    {"db",       "https://openapi-db.qfapi.com",       live},
    {"db-test",  "https://test-openapi-db.qfapi.com",  test},
    {"eur",      "https://openapi-eur.qfapi.com",      live},
    {"eur-test", "https://test-openapi-eur.qfapi.com", test},
    {"hk",       "https://openapi-hk.qfapi.com",       live},
    {"hk-test",  "https://test-openapi-hk.qfapi.com",  test},
    {"id",       "https://openapi-id.qfapi.com",       live},
    {"id-test",  "https://test-openapi-id.qfapi.com",  test},
    {"jp",       "https://openapi-jp.qfapi.com",       live},
    {"my",       "https://openapi-sg.qfapi.com",       live},
    {"my-test",  "https://test-openapi-sg.qfapi.com",  test},
    {"ph",       "https://openapi-sg.qfapi.com",       live},
    {"ph-test",  "https://test-openapi-sg.qfapi.com",  test},
    {"sandbox",  "https://openapi-int.qfapi.com",      test},
    {"sg",       "https://openapi-sg.qfapi.com",       live},
    {"sg-test",  "https://test-openapi-sg.qfapi.com",  test},
    {"th",       "https://openapi-th.qfapi.com",       live},
    {"th-test",  "https://test-openapi-th.qfapi.com",  test},
});
// clang-format on

static_assert(std::ranges::adjacent_find(all, std::ranges::greater_equal{}, &region::name) ==
                  all.end(),
              "sorted, and no name twice");

}  // namespace

std::span<const region> regions() noexcept
{
    return all;
}

std::optional<std::string_view> base_url_of(std::string_view name) noexcept
{
    const auto found = std::ranges::lower_bound(all, name, {}, &region::name);
    if (found == all.end() || found->name != name) return std::nullopt;
    return found->base_url;
}

std::string region_names()
{
    std::string names;
    for (const auto& each : all)
        names.append(names.empty() ? "" : ", ").append(each.name);
    return names;
}

}  // namespace ecr::protocol::cloud
