#pragma once

#include "tests/bench/compared/till_load.hpp"
#include "tests/bench/shop.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace ecr::bench {

enum class competitor { bridge, node, python, relay };

[[nodiscard]] std::string name_of(competitor who);

/// The fixed cloud: bench_cloud, whose answers never differ.
class fixed_cloud {
public:
    fixed_cloud(const folder& where, int delay_ms);

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const std::filesystem::path& ca_file() const { return ca_file_; }
    /// How many it has answered so far.
    [[nodiscard]] std::uint64_t requests() const;

private:
    std::filesystem::path ca_file_;
    std::filesystem::path count_file_;
    child program_;
    std::uint16_t port_ = 0;
};

/// One program under comparison, with a new journal in a folder of its own.
class contestant {
public:
    /// `terminals`: the bridge's; every command of a load takes another.
    ///
    /// Throws std::runtime_error when it does not start, with what it has said.
    contestant(competitor who, const fixed_cloud& cloud, int terminals);
    ~contestant();
    contestant(const contestant&) = delete;
    contestant& operator=(const contestant&) = delete;

    [[nodiscard]] takings run(const till_load& load);
    [[nodiscard]] child& program();
    /// From its start until a connection was accepted.
    [[nodiscard]] double started_in_ms() const { return started_in_ms_; }

    /// Kills it as a power cut would, and looks into its journal.
    ///
    /// Throws std::runtime_error when a command that was acknowledged is not there.
    void check_journal();

private:
    competitor who_;
    folder where_;
    std::unique_ptr<bridge> bridge_;
    std::unique_ptr<child> peer_;
    std::uint16_t port_ = 0;
    double started_in_ms_ = 0;
    int acknowledged_ = 0;
};

/// Where npm has put better-sqlite3. False: no comparison with Node here.
[[nodiscard]] bool has_node();
[[nodiscard]] bool has_relay();

}  // namespace ecr::bench
