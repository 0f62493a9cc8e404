#pragma once

#include "bridge_process.hpp"
#include "simulator_thread.hpp"
#include "tests/support/temporary_folder.hpp"
#include "till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

namespace ecr::process {

/// The configuration of a test. Each text is added to the section of that name.
struct shop_config {
    std::string bridge = "drain_s = 20\n";
    std::string cloud;  // besides app_code, and the following
    std::string url;    // empty: the simulator's
    std::string ca;     // empty: the simulator's
    std::string key;    // file; empty: the right one
    std::string link;   // of the link "shop", a TCP port
    std::string links;  // more of them, with their headers
    std::string orders;
    std::string enquiry;  // repeats override; the pace of a shop whose people do not think
    std::string log = "level = \"debug\"\n";
    std::string journal;  // empty: journal.db in the test's folder
};

/// A shop on this machine: the simulated cloud, a folder, and the program with a configuration.
class ProcessTest : public testing::Test {
public:
    /// Terminals T1 and T2, shoppers who pay at once.
    static simulator::settings quick_cloud();

protected:
    explicit ProcessTest(simulator::settings cloud = quick_cloud());
    ~ProcessTest() override;

    [[nodiscard]] std::string text_of(const shop_config& how) const;
    /// Writes a file of the test's folder. Gives its path.
    std::string write(const std::string& name, const std::string& text, int mode = 0600) const;
    [[nodiscard]] std::string read(const std::string& name) const;

    /// Starts the program with a configuration and waits until tills can come.
    bridge_process& start(const shop_config& how = {}, bridge_options options = {});
    /// Starts it to see it end.
    std::unique_ptr<bridge_process> run(const std::string& config_text,
                                        bridge_options options = {}) const;
    /// Starts a fresh till on the link "shop".
    [[nodiscard]] till new_till(int receive_buffer = 0);

    test::temporary_folder place_;
    std::filesystem::path folder_ = place_.path();
    simulator_thread cloud_;
    std::unique_ptr<bridge_process> bridge_;
};

}  // namespace ecr::process
