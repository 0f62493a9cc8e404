#include "tests/simulator/fault_effect.hpp"

#include "tests/simulator/http_text.hpp"

namespace ecr::simulator {

distortion distortion_of(const fault& what)
{
    switch (what.kind) {
        case fault_kind::wrong_amount: return {.amount_off = 1};
        case fault_kind::wrong_currency: return {.currency = "156"};
        case fault_kind::wrong_order: return {.other_order = true};
        case fault_kind::stale: return {.stale = true};
        case fault_kind::respcd: return {.respcd = what.respcd};
        case fault_kind::row_respcd: return {.row_respcd = what.respcd};
        default: return {};
    }
}

std::optional<answer> replacement_of(const fault& what)
{
    switch (what.kind) {
        case fault_kind::status: return page_of_status(what.http_status);
        case fault_kind::redirect: return page_of_status(302);
        case fault_kind::garbage:
            return answer{.body = "\x16\x03{respcd=0000;;\xff\xfe", .signed_with = {}};
        case fault_kind::html:
            return answer{
                .content_type = "text/html", .body = html_page("Welcome"), .signed_with = {}};
        case fault_kind::empty: return answer{.body = "", .signed_with = {}};
        case fault_kind::respcd:
            return answer{.body = acknowledgement(what.respcd, "Simulated answer"),
                          .signed_with = {}};
        default: return std::nullopt;
    }
}

}  // namespace ecr::simulator
