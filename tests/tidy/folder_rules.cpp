#include "tests/tidy/folder_rules.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace ecr::tidy {
namespace {

struct include_rule {
    std::string_view folder;    // of the including file
    std::string_view included;  // how it begins, with its quote or bracket
    std::string_view why;
};

// clang-format off
constexpr auto banned = std::to_array<include_rule>({
    // folder            included                why not
    {"protocol/",        "\"daemon/",            "protocol knows no daemon"},
    {"protocol/",        "\"store/",             "protocol knows no store"},
    {"protocol/",        "\"tests/",             "what ships includes no test"},
    {"protocol/",        "<boost/asio",          "protocol knows no sockets"},
    {"protocol/",        "<boost/beast",         "protocol knows no sockets"},
    {"protocol/",        "<sqlite3.h>",          "protocol knows no disk"},
    {"protocol/",        "<spdlog",              "protocol writes no log"},
    {"protocol/",        "<toml",                "protocol knows no configuration"},
    {"protocol/",        "<CLI",                 "protocol knows no command line"},
    {"protocol/",        "<openssl",             "only the signature computes digests"},
    {"protocol/",        "<thread>",             "protocol knows no threads"},
    {"protocol/",        "<mutex>",              "protocol knows no threads"},
    {"protocol/",        "<atomic>",             "protocol knows no threads"},
    {"protocol/",        "<future>",             "protocol knows no threads"},
    {"protocol/",        "<condition_variable>", "protocol knows no threads"},
    {"protocol/",        "<fstream>",            "protocol knows no files"},
    {"protocol/",        "<filesystem>",         "protocol knows no files"},
    {"protocol/",        "<iostream>",           "protocol knows no files"},
    {"protocol/",        "<random>",             "protocol is deterministic"},
    {"protocol/",        "<unistd.h>",           "protocol knows no operating system"},
    {"protocol/",        "<fcntl.h>",            "protocol knows no operating system"},
    {"protocol/",        "<sys/",                "protocol knows no operating system"},
    {"store/",           "\"daemon/",            "store knows no daemon"},
    {"store/",           "\"tests/",             "what ships includes no test"},
    {"store/",           "\"protocol/json.hpp",  "store knows no JSON"},
    {"store/",           "<nlohmann",            "store knows no JSON"},
    {"store/",           "<boost/asio",          "store knows no sockets"},
    {"store/",           "<boost/beast",         "store knows no sockets"},
    {"store/",           "<openssl",             "store knows no cryptography"},
    {"store/",           "<spdlog",              "store writes no log"},
    {"store/",           "<toml",                "store knows no configuration"},
    {"store/",           "<thread>",             "store is called by one thread"},
    {"store/",           "<mutex>",              "store is called by one thread"},
    {"store/",           "<atomic>",             "store is called by one thread"},
    {"daemon/",          "<sqlite3.h>",          "SQL stays in the store"},
    {"daemon/",          "\"store/sqlite.hpp",   "SQL stays in the store"},
    {"daemon/",          "\"store/statements",   "SQL stays in the store"},
    {"daemon/",          "\"tests/",             "what ships includes no test"},
    {"daemon/",          "<mutex>",              "one thread for I/O, and messages to the other"},
    {"tests/protocol/",  "\"store/",             "tests include what they test"},
    {"tests/protocol/",  "\"daemon/",            "tests include what they test"},
    {"tests/protocol/",  "<boost/asio",          "tests include what they test"},
    {"tests/protocol/",  "<sqlite3.h>",          "tests include what they test"},
    {"tests/store/",     "\"daemon/",            "tests include what they test"},
    {"tests/store/",     "<boost/asio",          "tests include what they test"},
});

constexpr auto exceptions = std::to_array<include_rule>({
    // file                               included             why it may
    {"protocol/cloud/signature.cpp",      "<openssl/evp.h>",   "the cloud's signature is a digest"},
    {"protocol/till/qfpay_local/cipher.cpp", "<openssl/evp.h>", "the till's language is encrypted"},
    {"protocol/till/qfpay_local/http_reader.cpp", "<boost/beast/http/", "a parser that needs no socket"},
    {"daemon/rehearsal/",                 "\"tests/simulator/", "--rehearse ships the simulated cloud"},
    {"daemon/logging.cpp",                "<mutex>",           "every thread writes lines, and a reload moves the file"},
});

// Headers that cost seconds each time they are read, so that only .cpp files read them.
constexpr auto heavy = std::to_array<std::string_view>({
    "<nlohmann/json.hpp>", "\"protocol/json.hpp", "<boost/beast", "<boost/asio/ssl", "<openssl/", "<spdlog/",
    "<toml++/", "<CLI/",
});

constexpr auto heavy_exceptions = std::to_array<include_rule>({
    // header                              included                why it may
    {"protocol/json.hpp",                  "<nlohmann/json.hpp>",  "it is what keeps the library in one place"},
    {"daemon/asio.pch.hpp",                "<",                    "precompiled: read once"},
    {"tests/simulator/https_connection.hpp", "<boost/",            "its stream and buffer are members"},
    {"daemon/cloud/https_connection.hpp",  "<boost/",              "the same, for two files of the client"},
    {"daemon/http/http_reading.hpp",       "<boost/beast/http/",   "a parser is what it prepares"},
    {"tests/simulator/test/shop.hpp",      "\"protocol/json.hpp",  "its every member speaks JSON"},
});
// clang-format on

bool matches(std::span<const include_rule> rules, std::string_view path, std::string_view included)
{
    return std::ranges::any_of(rules, [&](const include_rule& rule) {
        return path.starts_with(rule.folder) && included.starts_with(rule.included);
    });
}

}  // namespace

std::string include_refusal(std::string_view path, std::string_view included)
{
    const auto broken = std::ranges::find_if(banned, [&](const include_rule& rule) {
        return path.starts_with(rule.folder) && included.starts_with(rule.included);
    });
    if (broken != banned.end() && !matches(exceptions, path, included))
        return std::string{broken->why};

    const bool is_heavy = std::ranges::any_of(
        heavy, [&](std::string_view header) { return included.starts_with(header); });
    if (is_heavy && path.ends_with(".hpp") && !matches(heavy_exceptions, path, included))
        return "too heavy for a header: include it in the .cpp";

    const bool ships = !path.starts_with("tests/");
    if (ships && included.starts_with('"') && included.find('/') == included.npos)
        return "include paths start at the top folder";
    return {};
}

}  // namespace ecr::tidy
