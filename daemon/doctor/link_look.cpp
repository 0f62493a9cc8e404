// The ways by which tills reach the bridge, and the certificates they are shown.
#include "daemon/cloud/proxy_address.hpp"
#include "daemon/doctor/looks.hpp"
#include "daemon/http/server_tls.hpp"
#include "daemon/link/pseudo_terminal.hpp"
#include "daemon/link/serial_port.hpp"
#include "daemon/setup/setup_trial.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/system/system_error.hpp>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <memory>
#include <unistd.h>

namespace ecr::daemon::doctor {
namespace {

namespace fs = std::filesystem;
using enum symptom;
using boost::system::error_code;

/// Where the bridge listens: a link, or what has a section of its own.
struct listening {
    std::string name;
    std::string address;
    std::uint16_t port;

    [[nodiscard]] std::string place() const { return authority_of(address, std::to_string(port)); }
};

bool is_exposed(const link_config& link)
{
    error_code failed;
    const auto address = asio::ip::make_address(link.address, failed);
    return !failed && !address.is_loopback() && link.allow.empty() && link.token_file.empty();
}

symptom symptom_of(const error_code& failed, const listening& where, bool bridge_runs_now)
{
    if (!failed) return bridge_runs_now && where.port != 0 ? port_not_open : port_free;
    if (failed == asio::error::address_in_use) return bridge_runs_now ? port_of_bridge : port_taken;
    if (failed == boost::system::errc::address_not_available) return port_not_ours;
    return port_fault;
}

/// The lowest port that anybody may have. Source: ip(7), ip_unprivileged_port_start.
int ports_from(const surroundings& around)
{
    int first = 1024;
    std::ifstream{around.proc / "sys/net/ipv4/ip_unprivileged_port_start"} >> first;
    return first;
}

void look_at_port(const listening& where, const running_bridge& bridge, const surroundings& around,
                  findings& to)
{
    if (!bridge.pid && where.port != 0 && where.port < ports_from(around))
        return to.push_back({port_privileged, {where.name, where.place()}});
    const auto failed = try_port(where.address, where.port);
    const auto what = symptom_of(failed, where, bridge.pid.has_value());
    to.push_back({what, {where.name, where.place(), failed.message()}});
}

void look_at_tcp(const link_config& link, const running_bridge& bridge, const surroundings& around,
                 findings& to)
{
    const listening where{link.name, link.address, link.port};
    if (is_exposed(link)) to.push_back({port_exposed, {where.name, where.place()}});
    look_at_port(where, bridge, around, to);
}

/// Another name of this port that stays with its adapter or socket; empty: none.
std::string staying_name_of(const fs::path& device, const fs::path& dev)
{
    for (const auto* folder : {"serial/by-id", "serial/by-path"}) {
        std::error_code failed;
        for (fs::directory_iterator at{dev / folder, failed}, end; !failed && at != end;
             at.increment(failed)) {
            std::error_code ignored;  // a link to nothing is not ours
            if (fs::equivalent(at->path(), device, ignored)) return at->path().string();
        }
    }
    return {};
}

finding serial_finding(const link_config& link)
{
    const auto device = link.device.string();
    const auto opened = open_serial_port(link.device, {.baud = link.baud,
                                                       .data_bits = link.data_bits,
                                                       .parity_bit = link.parity_bit,
                                                       .stop_bits = link.stop_bits});
    namespace posix = boost::system::errc;
    if (opened.port) return {serial_fine, {link.name, device}};
    if (opened.failed == posix::permission_denied ||
        opened.failed == posix::operation_not_permitted)
        return {serial_denied, {link.name, device}};
    if (opened.failed == posix::resource_unavailable_try_again ||
        opened.failed == posix::device_or_resource_busy)
        return {serial_busy, {link.name, device}};
    return {serial_fault, {link.name, opened.problem}};
}

void look_at_serial(const link_config& link, const running_bridge& bridge,
                    const surroundings& around, findings& to)
{
    const auto device = link.device.string();
    std::error_code failed;
    if (!fs::exists(link.device, failed))
        to.push_back({serial_missing, {link.name, device}});
    else if (bridge.pid)  // it may be about to open the port again
        to.push_back({serial_of_bridge, {link.name, device}});
    else
        to.push_back(serial_finding(link));
    const auto name = link.device.filename().string();
    if (!name.starts_with("ttyUSB") && !name.starts_with("ttyACM")) return;
    const auto better = staying_name_of(link.device, around.dev);
    to.push_back(
        {serial_unstable, {link.name, device, better.empty() ? "/dev/serial/by-id/…" : better}});
}

/// Under another name: the real one may be a running bridge's.
finding pty_finding(const link_config& link)
{
    const auto folder = link.symlink.parent_path();
    const auto name = link.symlink.string();
    std::error_code failed;
    if (!fs::is_directory(folder, failed))
        return folder == "/run/ecrbridge" ? finding{pty_later, {link.name, name}}
                                          : finding{pty_no_folder, {link.name, folder.string()}};
    const auto there = fs::symlink_status(link.symlink, failed).type();
    if (there != fs::file_type::not_found && there != fs::file_type::symlink)
        return {pty_in_the_way, {link.name, name}};
    try {
        const pseudo_terminal port{name + ".doctor." + std::to_string(::getpid())};
        return {pty_fine, {link.name, name}};
    } catch (const boost::system::system_error& why) {
        return {pty_fault, {link.name, why.what()}};
    }
}

/// When the first certificate of a PEM file ends. Throws boost::system::system_error: not that.
timestamp end_of(const fs::path& certificate)
{
    struct closer {
        void operator()(BIO* file) const { BIO_free(file); }
        void operator()(X509* c) const { X509_free(c); }
    };
    const std::unique_ptr<BIO, closer> file{BIO_new_file(certificate.c_str(), "r")};
    const std::unique_ptr<X509, closer> first{
        file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr};
    std::tm end{};
    if (!first || ASN1_TIME_to_tm(X509_get0_notAfter(first.get()), &end) != 1)
        throw boost::system::system_error{make_error_code(errc::bad_parameter),
                                          certificate.string()};
    return timestamp{std::chrono::seconds{::timegm(&end)}};
}

void look_at_certificate(const std::string& whose, const fs::path& certificate, const fs::path& key,
                         const clock& time, const surroundings& around, findings& to)
{
    if (certificate.empty()) return;
    try {
        (void)make_server_tls(certificate, key);
        const auto end = end_of(certificate);
        const auto what = end < time.wall()                                  ? certificate_ended
                          : end < time.wall() + around.certificate_ends_soon ? certificate_ends_soon
                                                                             : certificate_fine;
        to.push_back({what, {whose, day_of(end)}});
    } catch (const boost::system::system_error& why) {
        to.push_back({certificate_fault, {whose, why.what()}});
    }
}

}  // namespace

std::string day_of(timestamp when)
{
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(when.time_since_epoch()).count();
    const std::time_t raw{seconds};
    std::tm parts{};
    ::gmtime_r(&raw, &parts);
    char text[16];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &parts)};
}

void look_at_links(const config& settings, const running_bridge& bridge, const surroundings& around,
                   findings& to)
{
    for (const auto& link : settings.links) {
        switch (link.kind) {
            case link_kind::tcp: look_at_tcp(link, bridge, around, to); break;
            case link_kind::serial: look_at_serial(link, bridge, around, to); break;
            case link_kind::pty: to.push_back(pty_finding(link)); break;
        }
    }
    const auto& notifications = settings.notifications;
    if (!notifications.address.empty())
        look_at_port({"[notifications]", notifications.address, notifications.port}, bridge, around,
                     to);
    const auto& page = settings.page;
    if (page.on) look_at_port({"[page]", page.address, page.port}, bridge, around, to);
}

void look_at_certificates(const config& settings, const clock& time, const surroundings& around,
                          findings& to)
{
    for (const auto& link : settings.links)
        look_at_certificate(link.name, link.certificate_file, link.certificate_key_file, time,
                            around, to);
    const auto& notifications = settings.notifications;
    look_at_certificate("[notifications]", notifications.certificate_file,
                        notifications.certificate_key_file, time, around, to);
    look_at_certificate("[page]", settings.page.certificate_file,
                        settings.page.certificate_key_file, time, around, to);
}

}  // namespace ecr::daemon::doctor
