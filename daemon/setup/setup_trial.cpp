#include "daemon/setup/setup_trial.hpp"

#include "daemon/clock.hpp"
#include "daemon/cloud/merchants.hpp"
#include "daemon/link/pseudo_terminal.hpp"
#include "daemon/link/serial_port.hpp"
#include "daemon/port_taken.hpp"
#include "daemon/secret.hpp"
#include "protocol/cloud/response_code.hpp"
#include "store/private_file.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <filesystem>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;
using enum trial_verdict;
using boost::system::error_code;

trial_finding try_tcp(const link_config& link)
{
    const auto failed = try_port(link.address, link.port);
    if (!failed) return {fine, {}, "the port can be opened"};
    if (is_port_taken(failed))
        return {unsure, {}, "the port is in use: by a bridge that runs, or by another program"};
    auto text = "cannot listen there: " + failed.message();
    if (failed == asio::error::access_denied && link.port < 1024)
        text += ". Ports below 1024 are not for the bridge's user";
    if (failed == boost::system::errc::address_not_available)
        text += ". It is no address of this machine";
    return {wrong, {}, text};
}

trial_finding try_serial(const link_config& link)
{
    const auto opened = open_serial_port(link.device, {.baud = link.baud,
                                                       .data_bits = link.data_bits,
                                                       .parity_bit = link.parity_bit,
                                                       .stop_bits = link.stop_bits});
    if (opened.port) {
        const auto lines = lines_of(opened.port.get());
        const bool silent = lines && !lines->dsr && !lines->cts;
        return {fine,
                {},
                silent ? "the port can be opened; nothing says that a till is there"
                       : "the port can be opened"};
    }
    namespace errc = boost::system::errc;
    const bool comes_later = opened.failed == errc::no_such_file_or_directory ||
                             opened.failed == errc::resource_unavailable_try_again;
    return {comes_later ? unsure : wrong, {}, opened.problem};
}

/// Under another name: the real one may be a running bridge's.
trial_finding try_pty(const link_config& link)
{
    if (!pseudo_terminal::are_there()) return {wrong, {}, pseudo_terminal::none_here};
    const auto folder = link.symlink.parent_path();
    std::error_code failed;
    if (!fs::is_directory(folder, failed))
        return {unsure,
                {},
                folder == "/run/ecrbridge"
                    ? "the service makes its folder when it starts"
                    : folder.string() + " is not there: without it there is no port"};
    const auto there = fs::symlink_status(link.symlink, failed).type();
    if (there != fs::file_type::not_found && there != fs::file_type::symlink)
        return {wrong, {}, link.symlink.string() + " is something else than a virtual port"};
    try {
        const pseudo_terminal port{link.symlink.string() + ".setup." +
                                   std::to_string(store::own_process_id())};
        return {fine, {}, "the port can be made"};
    } catch (const boost::system::system_error& why) {
        return {wrong, {}, why.what()};
    }
}

trial_finding try_link(const link_config& link)
{
    switch (link.kind) {
        case link_kind::tcp: return try_tcp(link);
        case link_kind::serial: return try_serial(link);
        case link_kind::pty: return try_pty(link);
    }
    return {};
}

/// A number that no till gives: it says where it comes from, and when.
std::string trial_number(const clock& time)
{
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(time.wall().time_since_epoch());
    return "ecrbridge-setup-" + std::to_string(seconds.count()) + "-" +
           std::to_string(store::own_process_id());
}

asio::awaitable<void> ask(merchants& all, const config& settings, const clock& time,
                          terminal_answers& into)
{
    auto& account = all.first();
    for (const auto& terminal : settings.terminals) {
        if (terminal.merchant != account.name) continue;
        const protocol::cloud::query_request question{
            .syssn = {}, .out_trade_no = trial_number(time), .termid = terminal.id};
        into.answers.push_back({terminal.id, {}});
        into.answers.back().reply = co_await account.gateway.query(question, importance::doubt);
        if (into.answers.back().reply.how != protocol::transport::answered) break;
    }
    into.ahead = account.gateway.clock_offset();
    all.stop();
    co_await all.ended();
}

std::string sentence_about(std::string_view code, const std::string& said)
{
    const auto& known = protocol::cloud::response_code_of(code);
    return std::string{code} + " (" + std::string{known.meaning} + ")" +
           (said.empty() ? "" : ", in its words: " + said);
}

}  // namespace

error_code try_port(const std::string& address, std::uint16_t port)
{
    using asio::ip::tcp;
    asio::io_context io;
    tcp::acceptor acceptor{io};
    error_code failed;
    const tcp::endpoint endpoint{asio::ip::make_address(address), port};
    (void)acceptor.open(endpoint.protocol(), failed);
    if (!failed) (void)acceptor.set_option(tcp::acceptor::reuse_address{true}, failed);
    if (!failed) (void)acceptor.bind(endpoint, failed);
    return failed;
}

std::vector<trial_finding> try_links(const config& settings)
{
    std::vector<trial_finding> found;
    for (const auto& link : settings.links) {
        found.push_back(try_link(link));
        found.back().what = "link " + link.name;
    }
    return found;
}

trial_finding judge_trial(const std::string& terminal, const protocol::cloud_reply& reply)
{
    using protocol::transport;
    trial_finding made{.verdict = unsure, .what = "terminal " + terminal, .text = {}};
    if (reply.how != transport::answered) {
        made.what = "cloud";
        made.text = "not reached: " + reply.detail +
                    ". Look after network, DNS, proxy and firewall (TCP 443); the account could "
                    "not be tried";
        return made;
    }
    const auto answer = protocol::cloud::read_enquiry(reply.body);
    if (!answer) {
        made.text = "the cloud's answer cannot be read (HTTP " + std::to_string(reply.http_status) +
                    "): is this QFPay's host?";
        return made;
    }
    // Source: contract 5; 3, documented errors.
    constexpr std::string_view unbound = "1106";
    using protocol::cloud::response_class;
    const auto cls = protocol::cloud::class_of(answer->respcd);
    if (answer->respcd == unbound) {
        made.text = "the signature is accepted, but the cloud says " +
                    sentence_about(answer->respcd, answer->resperr) +
                    ". Is its id right, and is somebody logged in at it?";
    } else if (cls == response_class::config_error) {
        made.verdict = wrong;
        made.text =
            "the cloud refuses the account: " + sentence_about(answer->respcd, answer->resperr) +
            ". Look after app code, client key, region and kind of signature";
    } else if (cls == response_class::transient) {
        made.text = "the cloud says " + sentence_about(answer->respcd, answer->resperr);
    } else if (reply.bad_signature) {
        made.text = "the signature is accepted, but the answer's own does not fit the key";
    } else {
        made.verdict = fine;
        made.text = "the signature is accepted (an enquiry was answered with " + answer->respcd +
                    "; no money moved)";
    }
    return made;
}

std::optional<trial_finding> judge_clock(milliseconds ahead)
{
    constexpr std::chrono::seconds tolerated{30};
    if (ahead < tolerated && ahead > -tolerated) return std::nullopt;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(ahead).count();
    return trial_finding{.verdict = unsure,
                         .what = "clock",
                         .text = "this machine's clock is " + std::to_string(std::abs(seconds)) +
                                 " s " + (seconds > 0 ? "behind" : "ahead of") +
                                 " QFPay's: let it be set by NTP"};
}

terminal_answers ask_terminals(const config& settings, const cloud_config& account,
                               merchant_secrets secrets)
{
    config only = settings;
    only.cloud = account;
    only.merchants.clear();
    only.cloud.connect_timeout = std::min(only.cloud.connect_timeout, milliseconds{10'000});
    terminal_answers heard;
    real_clock time;  // before the context: its handlers hold alarms
    asio::io_context io{1};
    merchants all{io.get_executor(), time, only, {std::move(secrets)}};
    asio::co_spawn(io, ask(all, only, time, heard), [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
    io.run();
    return heard;
}

std::vector<trial_finding> try_cloud(const config& settings, const std::string& client_key)
{
    std::vector<trial_finding> found;
    merchant_secrets secrets{
        .client_key = client_key, .proxy_password = {}, .notification_key = {}};
    if (!settings.cloud.proxy_password_file.empty()) {
        auto proxy = read_secret_file(settings.cloud.proxy_password_file);
        if (!proxy.problem.empty()) return {{unsure, "cloud", "proxy password: " + proxy.problem}};
        secrets.proxy_password = std::move(proxy.secret);
    }
    try {
        const auto heard = ask_terminals(settings, settings.cloud, std::move(secrets));
        for (const auto& [terminal, reply] : heard.answers)
            found.push_back(judge_trial(terminal, reply));
        if (heard.ahead)
            if (auto finding = judge_clock(*heard.ahead)) found.push_back(std::move(*finding));
    } catch (const std::exception& failed) {
        found.push_back({wrong, "cloud", failed.what()});
    }
    // Their keys are where only the service sees them.
    for (const auto& other : settings.merchants)
        found.push_back({unsure, "merchant " + other.name, "not tried"});
    return found;
}

}  // namespace ecr::daemon
