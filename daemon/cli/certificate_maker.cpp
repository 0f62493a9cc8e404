#include "daemon/cli/certificate_maker.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <stdexcept>
#include <unistd.h>

namespace ecr::cli {
namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;

constexpr long day_s = 24L * 3600;
constexpr long valid_from_s = -day_s;       // a till's clock may be behind
constexpr long valid_to_s = 3650L * day_s;  // nobody renews what nobody sees
constexpr std::size_t names_max = 32;

void require(bool done)
{
    if (!done) throw std::runtime_error{"OpenSSL could not make a certificate"};
}

key_ptr make_key()
{
    key_ptr key{EVP_EC_gen("P-256")};
    require(key != nullptr);
    return key;
}

void add_extension(X509& to, X509& issuer, int nid, const char* value)
{
    X509V3_CTX context{};
    X509V3_set_ctx(&context, &issuer, &to, nullptr, nullptr, 0);
    const extension_ptr made{X509V3_EXT_conf_nid(nullptr, &context, nid, value)};
    require(made != nullptr && X509_add_ext(&to, made.get(), -1) == 1);
}

x509_ptr make_blank(EVP_PKEY& key, const std::string& name)
{
    x509_ptr made{X509_new()};
    require(made != nullptr && X509_set_version(made.get(), X509_VERSION_3) == 1);
    unsigned char serial[16] = {};
    require(RAND_bytes(serial, sizeof serial) == 1);
    serial[0] &= 0x7f;
    BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
    require(number != nullptr);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(made.get()));
    BN_free(number);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), valid_from_s);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), valid_to_s);
    require(X509_set_pubkey(made.get(), &key) == 1);
    const auto* bytes = reinterpret_cast<const unsigned char*>(name.c_str());
    require(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                                       bytes, -1, -1, 0) == 1);
    return made;
}

template <class Write>
std::string pem(Write write)
{
    const bio_ptr memory{BIO_new(BIO_s_mem())};
    require(memory != nullptr && write(memory.get()) == 1);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509& certificate)
{
    return pem([&](BIO* into) { return PEM_write_bio_X509(into, &certificate); });
}

bool is_address(const std::string& name)
{
    char bytes[sizeof(in6_addr)];
    return ::inet_pton(AF_INET, name.c_str(), bytes) == 1 ||
           ::inet_pton(AF_INET6, name.c_str(), bytes) == 1;
}

/// A host's name, as it may stand in a certificate: nothing that ends the entry or begins another.
bool is_host(const std::string& name)
{
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
    return !name.empty() && name.size() <= 253 && name.front() != '-' && name.front() != '.' &&
           name.find_first_not_of(allowed) == std::string::npos;
}

struct pem_files {
    std::string ca;
    std::string chain;
    std::string key;
};

pem_files sign(const std::vector<std::string>& names)
{
    std::string alternatives;
    for (const auto& name : names)
        alternatives.append(alternatives.empty() ? "" : ",")
            .append(is_address(name) ? "IP:" : "DNS:")
            .append(name);

    const auto ca_key = make_key();
    const auto ca = make_blank(*ca_key, "ecrbridge authority of " + names.front().substr(0, 40));
    require(X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get())) == 1);
    add_extension(*ca, *ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(*ca, *ca, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(*ca, *ca, NID_subject_key_identifier, "hash");
    require(X509_sign(ca.get(), ca_key.get(), EVP_sha256()) > 0);

    const auto key = make_key();
    const auto leaf = make_blank(*key, names.front().substr(0, 64));
    require(X509_set_issuer_name(leaf.get(), X509_get_subject_name(ca.get())) == 1);
    add_extension(*leaf, *ca, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(*leaf, *ca, NID_key_usage, "critical,digitalSignature");
    add_extension(*leaf, *ca, NID_ext_key_usage, "serverAuth");
    add_extension(*leaf, *ca, NID_subject_key_identifier, "hash");
    add_extension(*leaf, *ca, NID_authority_key_identifier, "keyid");
    add_extension(*leaf, *ca, NID_subject_alt_name, alternatives.c_str());
    require(X509_sign(leaf.get(), ca_key.get(), EVP_sha256()) > 0);

    return {.ca = pem_of(*ca),
            .chain = pem_of(*leaf) + pem_of(*ca),
            .key = pem([&](BIO* into) {
                return PEM_write_bio_PrivateKey(into, key.get(), nullptr, nullptr, 0, nullptr,
                                                nullptr);
            })};
}

/// What went wrong; empty: nothing.
std::string write_new(const std::filesystem::path& file, const std::string& text, mode_t mode)
{
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0 && errno == EEXIST)
        return file.string() + " is there already: tills may trust it. Name another folder";
    if (fd < 0) return "cannot write " + file.string() + ": " + std::strerror(errno);
    const auto written = ::write(fd, text.data(), text.size());
    const bool kept = written == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
    return ::close(fd) == 0 && kept ? std::string{} : "cannot write " + file.string();
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
    const auto made = sign(names);
    auto problem = write_new(folder / "server.key", made.key, 0600);
    if (problem.empty()) problem = write_new(folder / "server.crt", made.chain, 0644);
    if (problem.empty()) problem = write_new(folder / "ca.crt", made.ca, 0644);
    if (!problem.empty()) return {.problem = std::move(problem), .what_to_do = {}};
    return {.problem = {}, .what_to_do = advice(folder, names)};
}

}  // namespace ecr::cli
