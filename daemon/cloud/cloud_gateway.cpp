#include "daemon/cloud/cloud_gateway.hpp"

#include "protocol/cloud/form.hpp"
#include "protocol/cloud/trade_api.hpp"

#include <utility>

namespace ecr::daemon {
namespace {

using protocol::cloud_reply;
using protocol::transport;
using protocol::cloud::sign_algorithm;

constexpr unsigned http_too_many_requests = 429;

/// Either hash is accepted: the documents do not say which one answers a SHA256 request.
/// Source: contract 13.20.
bool verifies(const https_answer& answer, std::string_view key)
{
    using protocol::cloud::body_signature;
    using protocol::cloud::same_signature;
    return same_signature(answer.signature,
                          body_signature(answer.body, key, sign_algorithm::md5)) ||
           same_signature(answer.signature,
                          body_signature(answer.body, key, sign_algorithm::sha256));
}

}  // namespace

cloud_gateway::cloud_gateway(cloud_transport& transport, request_governor& governor, clock& time,
                             merchant who)
    : transport_{transport}, governor_{governor}, cloud_clock_{time}, merchant_{std::move(who)}
{}

cloud_gateway::signed_form cloud_gateway::sign(std::string_view path,
                                               protocol::cloud::form parameters) const
{
    const bool ecr = path.starts_with("/ecr/");
    if (!merchant_.mchid.empty() && (ecr ? merchant_.send_mchid_ecr : merchant_.send_mchid_trade))
        parameters.emplace_back("mchid", merchant_.mchid);
    signed_form made{.text = protocol::cloud::encode_form(parameters), .headers = {}};
    made.headers.emplace_back("X-QF-APPCODE", merchant_.app_code);
    made.headers.emplace_back(
        "X-QF-SIGN",
        protocol::cloud::request_signature(parameters, merchant_.client_key, merchant_.algorithm));
    if (merchant_.algorithm == sign_algorithm::sha256)
        made.headers.emplace_back("X-QF-SIGNTYPE", "SHA256");
    return made;
}

void cloud_gateway::count(const https_answer& answer)
{
    if (answer.how == transport::not_sent) ++calls_.not_sent;
    if (answer.how != transport::answered && answer.how != transport::not_sent) ++calls_.lost;
    if (answer.how != transport::answered) return;
    ++calls_.answered;
    if (answer.status == http_too_many_requests) ++calls_.limited;
    calls_.took.add(answer.took);
}

asio::awaitable<cloud_reply> cloud_gateway::carry(https_request request)
{
    auto answer = co_await transport_.send(std::move(request));
    reachable_ = answer.how == transport::answered;
    count(answer);
    if (answer.how == transport::answered) cloud_clock_.heard(answer.date, answer.took);
    if (answer.status == http_too_many_requests)
        governor_.refused();
    else if (answer.how == transport::answered)
        governor_.answered();
    // Looked at before the body moves away.
    const bool bad = !answer.signature.empty() && !verifies(answer, merchant_.client_key);
    co_return cloud_reply{.how = answer.how,
                          .http_status = answer.status,
                          .body = std::move(answer.body),
                          .bad_signature = bad,
                          .detail = std::move(answer.detail)};
}

asio::awaitable<cloud_reply> cloud_gateway::call_now(std::string_view path,
                                                     protocol::cloud::form parameters,
                                                     importance who)
{
    auto form = sign(path, std::move(parameters));
    https_request request{
        .path = std::string{path},
        .body = std::move(form.text),
        .headers = std::move(form.headers),
        .once_only = path != merchant_.query_path && path != protocol::cloud::trade_query_path,
        .priority = static_cast<int>(who)};
    co_return co_await carry(std::move(request));
}

asio::awaitable<cloud_reply> cloud_gateway::call(std::string_view path,
                                                 protocol::cloud::form parameters, importance who)
{
    const bool leave = co_await governor_.turn(who);
    if (!leave)
        co_return cloud_reply{.how = transport::not_sent, .detail = "the bridge is stopping"};
    co_return co_await call_now(path, std::move(parameters), who);
}

asio::awaitable<cloud_reply> cloud_gateway::get(std::string_view path,
                                                protocol::cloud::form parameters, importance who)
{
    const bool leave = co_await governor_.turn(who);
    if (!leave)
        co_return cloud_reply{.how = transport::not_sent, .detail = "the bridge is stopping"};
    auto form = sign(path, std::move(parameters));
    auto target = std::string{path};
    if (!form.text.empty()) target += "?" + form.text;
    https_request request{.path = std::move(target),
                          .body = {},
                          .headers = std::move(form.headers),
                          .once_only = false,
                          .get = true,
                          .priority = static_cast<int>(who)};
    co_return co_await carry(std::move(request));
}

asio::awaitable<void> cloud_gateway::knock()
{
    https_request request{.path = "/",
                          .body = {},
                          .headers = {},
                          .once_only = false,
                          .get = true,
                          .priority = static_cast<int>(importance::watch)};
    (void)co_await carry(std::move(request));  // whatever it says, it has a Date
}

asio::awaitable<cloud_reply> cloud_gateway::query(protocol::cloud::query_request request,
                                                  importance who)
{
    auto parameters = protocol::cloud::to_form(request);
    if (!parameters)
        co_return cloud_reply{.how = transport::not_sent, .detail = parameters.error().message()};
    co_return co_await call(merchant_.query_path, std::move(*parameters), who);
}

}  // namespace ecr::daemon
