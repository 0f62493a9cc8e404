#include "daemon/cli/certificate_maker.hpp"

#include "daemon/certificate.hpp"
#include "daemon/setup/safe_file.hpp"

#include <system_error>

namespace ecr::cli {
namespace {

using daemon::is_address;

constexpr long day_s = 24L * 3600;
constexpr long valid_from_s = -day_s;       // a till's clock may be behind
constexpr long valid_to_s = 3650L * day_s;  // nobody renews what nobody sees
constexpr std::size_t names_max = 32;

/// A host's name, as it may stand in a certificate: nothing that ends the entry or begins another.
bool is_host(const std::string& name)
{
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
    return !name.empty() && name.size() <= 253 && name.front() != '-' && name.front() != '.' &&
           name.find_first_not_of(allowed) == std::string::npos;
}

/// What went wrong; empty: nothing.
std::string write_new(const std::filesystem::path& file, const std::string& text, bool is_private)
{
    std::error_code unknown;
    if (std::filesystem::exists(std::filesystem::symlink_status(file, unknown)))
        return file.string() + " is there already: tills may trust it. Name another folder";
    return daemon::write_whole(file, text, is_private ? 0600 : 0644, daemon::over::nothing).problem;
}

std::string advice(const std::filesystem::path& folder, const std::vector<std::string>& names)
{
    const auto file = [&](const char* name) { return (folder / name).string(); };
    std::string hosts;
    for (const auto& name : names)
        hosts += (hosts.empty() ? "" : ", ") + name;
    return "Made a certificate for " + hosts + ", good for ten years.\n" +
           "\nOn the bridge: let its user read " + file("server.key") +
           ", then in the [[link]] say\n"
           "    tls = \"both\"\n"
           "    certificate_file = \"" +
           file("server.crt") +
           "\"\n"
           "    certificate_key_file = \"" +
           file("server.key") +
           "\"\n"
           "\nOn each till's PC: trust " +
           file("ca.crt") +
           "\n"
           "    Windows, as administrator:  certutil -addstore Root ca.crt\n"
           "    Debian, Ubuntu:             cp ca.crt "
           "/usr/local/share/ca-certificates/ecrbridge.crt"
           " && update-ca-certificates\n"
           "    Firefox:                    Settings, Certificates, Authorities, Import\n"
           "    Android:                    Settings, Security, Install a CA certificate\n"
           "    and let the till use one of the names above as the terminal's address.\n"
           "\nThe authority's key was thrown away: it has signed this and can sign nothing else.\n";
}

}  // namespace

made_certificate make_certificate(const std::filesystem::path& folder,
                                  const std::vector<std::string>& names)
{
    if (names.size() > names_max) return {.problem = "too many names", .what_to_do = {}};
    for (const auto& name : names)
        if (!is_address(name) && !is_host(name))
            return {.problem = "'" + name + "' is neither a host's name nor an address",
                    .what_to_do = {}};
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        return {.problem = "cannot make " + folder.string() + ": " + failed.message(),
                .what_to_do = {}};
    const auto made =
        daemon::make_server_certificate("ecrbridge authority of " + names.front().substr(0, 40),
                                        names, {.from_s = valid_from_s, .to_s = valid_to_s});
    auto problem = write_new(folder / "server.key", made.key, true);
    if (problem.empty()) problem = write_new(folder / "server.crt", made.chain, false);
    if (problem.empty()) problem = write_new(folder / "ca.crt", made.ca, false);
    if (!problem.empty()) return {.problem = std::move(problem), .what_to_do = {}};
    return {.problem = {}, .what_to_do = advice(folder, names)};
}

}  // namespace ecr::cli
