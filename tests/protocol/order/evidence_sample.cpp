#include "tests/protocol/order/evidence_sample.hpp"

#include "protocol/json.hpp"
#include "tests/protocol/cloud/data_file.hpp"

namespace ecr::protocol {
namespace {

const json& card_sample()
{
    static const json sample = json::parse(cloud::data_file("own_ecr_samples/query_card.json"));
    return sample;
}

}  // namespace

std::string enveloped_row(std::string_view respcd, const changes& of_row)
{
    auto body = card_sample();
    body.at("respcd") = std::string{respcd};
    auto& row = body.at("respmsg");
    for (const auto& [field, value] : of_row) {
        if (value.empty())
            row.erase(field);
        else
            row[field] = json::parse(value);
    }
    return to_text(body);
}

std::string row_body(const changes& of_row)
{
    return enveloped_row("0000", of_row);
}

std::string bare_body(std::string_view respcd, std::string_view resperr)
{
    json body = json::parse(cloud::data_file("seed_ecr_samples/payment_success.json"));
    body.at("respcd") = std::string{respcd};
    body.at("resperr") = std::string{resperr};
    return to_text(body);
}

cloud_reply answered(std::string body, unsigned http_status)
{
    return {.how = transport::answered, .http_status = http_status, .body = std::move(body)};
}

cloud_reply badly_signed(cloud_reply reply)
{
    reply.bad_signature = true;
    return reply;
}

order sample_payment()
{
    order o;
    o.out_trade_no = sample_number;
    o.terminal = "T1";
    o.state = order_state::on_terminal;
    o.amount_minor_units = sample_amount;
    return o;
}

order sample_refund(std::int64_t amount_minor_units)
{
    order o;
    o.out_trade_no = "R1";
    o.kind = order_kind::refund;
    o.terminal = "T1";
    o.state = order_state::on_terminal;
    o.amount_minor_units = amount_minor_units;
    o.of = sample_number;
    o.of_syssn = sample_syssn;
    o.refundable_before = sample_amount;
    return o;
}

enquiry_context sample_context()
{
    return {.age = std::chrono::seconds{230},
            .now = parse_cloud_time(sample_server_time).value(),
            .syssn_owner = {}};
}

std::string_view text_of(finding what) noexcept
{
    switch (what) {
        case finding::nothing: return "nothing";
        case finding::not_found: return "not_found";
        case finding::pending: return "pending";
        case finding::processing: return "processing";
        case finding::paid: return "paid";
        case finding::declined: return "declined";
        case finding::closed: return "closed";
        case finding::expired: return "expired";
        case finding::mismatch: return "mismatch";
        case finding::returned: return "returned";
    }
    return "?";
}

}  // namespace ecr::protocol
