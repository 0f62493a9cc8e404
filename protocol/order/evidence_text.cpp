#include "protocol/order/evidence_text.hpp"

#include "protocol/cloud/response_code.hpp"
#include "protocol/redact.hpp"

namespace ecr::protocol {

std::string described(std::string_view code, std::string_view text)
{
    std::string out{code};
    out += ' ';
    const auto& entry = cloud::response_code_of(code);
    // The cloud's own words: they go to the journal, to tills and into logs.
    out += text.empty() ? std::string{entry.meaning} : without_card_numbers(text);
    return out;
}

std::string transport_reason(const cloud_reply& reply)
{
    switch (reply.how) {
        case transport::not_sent: return "cloud not reachable: " + reply.detail;
        case transport::no_answer: return "no answer from the cloud: " + reply.detail;
        case transport::answered: break;
    }
    return "HTTP " + std::to_string(reply.http_status) + " from the cloud";
}

std::optional<push_verdict> judge_silence(const cloud_reply& reply)
{
    if (reply.how == transport::not_sent)
        return push_verdict{.event = order_event::not_sent, .reason = transport_reason(reply)};
    if (reply.how == transport::no_answer)
        return push_verdict{.event = order_event::doubt, .reason = transport_reason(reply)};
    // Contract 5: not executed. Whoever signed it badly may not say so.
    if (reply.http_status == http_too_many_requests && !reply.bad_signature)
        return push_verdict{.event = order_event::refuse,
                            .respcd = "429",
                            .reason = "the cloud has no room for more requests this minute"};
    if (reply.http_status != http_ok)
        return push_verdict{.event = order_event::doubt, .reason = transport_reason(reply)};
    return std::nullopt;
}

push_verdict judge_code(const cloud_reply& reply, const std::string& respcd,
                        std::string_view resperr)
{
    push_verdict verdict{
        .event = order_event::doubt, .respcd = respcd, .reason = described(respcd, resperr)};
    if (!reply.bad_signature) return verdict;
    verdict.reason += " (its signature does not verify)";
    verdict.respcd.clear();
    return verdict;
}

bool number_was_used(const order& of) noexcept
{
    return of.facts.respcd == "1102" || of.facts.respcd == "2011" || of.facts.respcd == "1251";
}

finding ended_unpaid(std::string_view code) noexcept
{
    if (code == "1181") return finding::expired;
    if (code == "1142" || code == "2007") return finding::closed;
    return finding::declined;
}

}  // namespace ecr::protocol
