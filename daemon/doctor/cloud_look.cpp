// The way to QFPay, and what QFPay says at its end.
#include "daemon/doctor/cloud_way.hpp"
#include "daemon/doctor/looks.hpp"
#include "daemon/setup/setup_trial.hpp"
#include "protocol/cloud/response_code.hpp"

#include <boost/system/system_error.hpp>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <cstdlib>

namespace ecr::daemon::doctor {
namespace {

using enum symptom;
using stage = way_to_cloud::stage;

// Source: contract 3, documented errors.
constexpr std::string_view unbound = "1106";

finding tls_finding(const way_to_cloud& way, const clock& time, const surroundings& around)
{
    const auto& host = way.host;
    if (way.distrust == 0 && way.stopped_at == stage::tls) return {tls_refused, {host, way.why}};
    switch (way.distrust) {
        case X509_V_OK: break;
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH: return {tls_wrong_name, {host}};
        case X509_V_ERR_CERT_NOT_YET_VALID:
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return {tls_not_now, {host, way.distrust_text, day_of(way.ends)}};
        default: return {tls_untrusted, {host, way.issuer, way.distrust_text}};
    }
    const bool soon = way.ends < time.wall() + around.certificate_ends_soon;
    return {soon ? tls_ends_soon : tls_fine, {host, day_of(way.ends)}};
}

/// One account: the way to it, and what it answers.
class account_look {
public:
    account_look(const config& settings, const cloud_config& account, merchant_secrets secrets,
                 clock& time, const surroundings& around, findings& to)
        : settings_{settings},
          account_{account},
          secrets_{std::move(secrets)},
          time_{time},
          around_{around},
          to_{to},
          who_{account.name.empty() ? "[cloud]" : account.name}
    {}

    void run()
    {
        way_to_cloud way;
        try {
            way = walk_to(account_, time_);
        } catch (const boost::system::system_error& failed) {
            to_.push_back({way_closed, {account_.url, failed.what()}});
            return untried();
        }
        tell(way);
        if (way.stopped_at != stage::open || secrets_.client_key.empty()) return untried();
        ask();
    }

private:
    void tell(const way_to_cloud& way)
    {
        const auto& proxy = account_.proxy;
        if (way.stopped_at == stage::name)
            return to_.push_back({name_unknown, {way.authority, way.why}});
        to_.push_back({name_fine, {way.authority, way.addresses}});
        if (way.stopped_at == stage::connection)
            return to_.push_back({way_closed, {way.authority, way.why}});
        to_.push_back({way_open, {way.authority}});
        if (!proxy.empty()) return;
        to_.push_back(tls_finding(way, time_, around_));
        if (way.ahead) to_.push_back(judge_clock_offset(*way.ahead));
    }

    void ask()
    {
        const auto heard = ask_terminals(settings_, account_, secrets_);
        findings accounts;
        findings terminals;
        for (const auto& [terminal, reply] : heard.answers) {
            // What lies behind a proxy is seen only now.
            if (reply.how == protocol::transport::not_sent && !account_.proxy.empty()) {
                to_.push_back({way_refused, {account_.proxy, reply.detail}});
                return untried();
            }
            auto found = judge_answer(who_, terminal, reply);
            // Each terminal proves the same of the account.
            if (accounts.empty() || accounts.back() != found.at(0)) accounts.push_back(found[0]);
            terminals.push_back(std::move(found.at(1)));
        }
        std::ranges::move(accounts, std::back_inserter(to_));
        std::ranges::move(terminals, std::back_inserter(to_));
        if (account_.proxy.empty()) return;
        if (heard.ahead)
            to_.push_back(judge_clock_offset(*heard.ahead));
        else
            to_.push_back({clock_unknown, {}});
    }

    void untried()
    {
        to_.push_back({account_untried, {who_}});
        for (const auto& terminal : settings_.terminals)
            if (terminal.merchant == account_.name)
                to_.push_back({terminal_untried, {terminal.id}});
    }

    const config& settings_;
    const cloud_config& account_;
    merchant_secrets secrets_;
    clock& time_;
    const surroundings& around_;
    findings& to_;
    std::string who_;
};

}  // namespace

findings judge_answer(const std::string& who, const std::string& terminal,
                      const protocol::cloud_reply& reply)
{
    const finding unproven{terminal_untried, {terminal}};
    if (reply.how != protocol::transport::answered)
        return {{account_silent, {who, reply.detail}}, unproven};
    const auto answer = protocol::cloud::read_enquiry(reply.body);
    if (!answer) return {{account_foreign, {who, std::to_string(reply.http_status)}}, unproven};
    const auto& known = protocol::cloud::response_code_of(answer->respcd);
    const auto sentence = std::string{answer->respcd} + ", " + std::string{known.meaning} +
                          (answer->resperr.empty() ? "" : ", \"" + answer->resperr + "\"");
    using protocol::cloud::response_class;
    if (answer->respcd == unbound)
        return {{account_fine, {who, answer->respcd}}, {terminal_unbound, {terminal, sentence}}};
    if (known.cls == response_class::config_error)
        return {{account_refused, {who, sentence}}, unproven};
    if (known.cls == response_class::transient) return {{account_busy, {who, sentence}}, unproven};
    if (reply.bad_signature) return {{account_badly_signed, {who}}, {terminal_fine, {terminal}}};
    return {{account_fine, {who, answer->respcd}}, {terminal_fine, {terminal}}};
}

finding judge_clock_offset(milliseconds ahead)
{
    // As much as passes unnoticed elsewhere, and what the Date header cannot tell.
    constexpr std::chrono::seconds tolerated{5};
    const auto seconds = std::chrono::round<std::chrono::seconds>(ahead);
    const auto text = std::to_string(std::abs(seconds.count()));
    if (seconds > tolerated) return {clock_behind, {text}};
    if (seconds < -tolerated) return {clock_ahead, {text}};
    return {clock_fine, {text}};
}

void look_at_cloud(const config& settings, const std::vector<merchant_secrets>& secrets,
                   clock& time, const surroundings& around, findings& to)
{
    account_look{settings, settings.cloud, secrets.at(0), time, around, to}.run();
    for (std::size_t i = 0; i < settings.merchants.size(); ++i)
        account_look{settings, settings.merchants[i], secrets.at(i + 1), time, around, to}.run();
    const auto is_about_clock = [](const finding& f) {
        return topic_of(f.what) == topic::clock && f.what != clock_unsynchronised;
    };
    if (std::ranges::none_of(to, is_about_clock)) to.push_back({clock_unknown, {}});
}

}  // namespace ecr::daemon::doctor
