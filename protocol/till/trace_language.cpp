#include "protocol/till/trace_language.hpp"

#include "protocol/till/hypercom/explain.hpp"
#include "protocol/till/line/explain.hpp"
#include "protocol/till/qfpay_local/explain.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol::till {

std::span<const trace_language> trace_languages() noexcept
{
    static constexpr auto all = std::to_array<trace_language>({
        line::plain_language,
        line::framed_language,
        hypercom::frames_language,
        qfpay_local::http_language,
        qfpay_local::tcp_language,
        qfpay_local::serial_language,
    });
    return all;
}

const trace_language* trace_language_of(std::string_view name) noexcept
{
    const auto all = trace_languages();
    const auto found = std::ranges::find(all, name, &trace_language::name);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace ecr::protocol::till
