#pragma once

#include "tests/bench/child.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace ecr::bench {

/// A folder of its own, gone with its owner.
class folder {
public:
    folder();
    ~folder();
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;

    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const
    {
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

[[nodiscard]] std::string terminal_name(int number);

/// qfpay-sim, whose shoppers pay at once.
class simulated_cloud {
public:
    simulated_cloud(const folder& where, int terminals);

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::filesystem::path ca_file() const { return ca_file_; }

private:
    std::filesystem::path ca_file_;
    child program_;
    std::uint16_t port_ = 0;
};

/// How a bridge is set up. The rest is as in a shop, but for the pace of enquiries.
struct shop {
    std::uint16_t cloud_port = 443;
    std::filesystem::path ca_file;  // empty: the system's store
    int terminals = 1;
    std::string journal = "journal.db";
    int connections_max = 2'048;
    int first_enquiry_ms = 5;  // after the push; also between two
};

/// ecrbridged with a configuration file.
class bridge {
public:
    bridge(const folder& where, const shop& setup);

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] memory held() const { return program_.held(); }
    [[nodiscard]] child& program() { return program_; }
    /// From the start of the program until a till's connection was accepted.
    [[nodiscard]] double started_in_ms() const { return started_in_ms_; }

private:
    child program_;
    std::uint16_t port_ = 0;
    double started_in_ms_ = 0;
};

}  // namespace ecr::bench
