#include "tests/fuzz/target.hpp"

#include <array>

namespace ecr::fuzz {

std::span<const target> targets() noexcept
{
    static constexpr auto all = std::to_array<target>({
        {"addresses", addresses},
        {"config", config},
        {"ecr_answer", ecr_answer},
        {"http_request", http_request},
        {"hypercom", hypercom},
        {"journal_file", journal_file},
        {"journal_row", journal_row},
        {"json_line", json_line},
        {"line_framed", line_framed},
        {"line_plain", line_plain},
        {"notification", notification},
        {"qfpay_content", qfpay_content},
        {"qfpay_http", qfpay_http},
        {"qfpay_serial", qfpay_serial},
        {"qfpay_tcp", qfpay_tcp},
        {"settlement", settlement},
        {"tolerant_json", tolerant_json},
        {"trade_answer", trade_answer},
        {"values", values},
    });
    return all;
}

}  // namespace ecr::fuzz
