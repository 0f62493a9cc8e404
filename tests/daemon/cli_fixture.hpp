#pragma once

#include "scripted_bridge.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace ecr::daemon {

struct finished {
    int exit_code = -1;
    std::string out;
    std::string err;
};

/// Runs the built ecrbridge.
class CliTest : public testing::Test {
protected:
    /// To its end. `out`: where its standard output goes; default: a file.
    finished run(std::vector<std::string> arguments, const std::filesystem::path& out = {});

    /// Against a bridge that plays `script`.
    finished talk(std::vector<scripted_connection> script, std::vector<std::string> arguments);

    test::temporary_folder place_;
    std::filesystem::path folder_ = place_.path();
    std::filesystem::path in_;  // what the program reads; empty: nothing
    std::vector<std::string> heard_;
    std::string address_;
};

// What a bridge says about order A1.
inline const std::string accepted = R"({"reply":"accepted","order":"A1","out_trade_no":"E-1"})";
inline const std::string still_waiting =
    R"({"reply":"progress","order":"A1","stage":"on_terminal","text":"Waiting for the customer"})";
inline const std::string paid =
    R"({"reply":"result","order":"A1","state":"paid","code":"00","amount":110,"currency":"HKD",)"
    R"("channel":"wx","terminal":"T1","syssn":"S9","safe_to_retry":false,"text":"Paid"})";
inline const std::string running =
    R"({"reply":"result","order":"A1","state":"on_terminal","code":"01","amount":110,)"
    R"("currency":"HKD","safe_to_retry":false,"text":"Waiting for the customer"})";
inline const std::string unknown =
    R"({"reply":"error","order":"A1","code":"31","safe_to_retry":false,)"
    R"("text":"There is no order A1"})";

}  // namespace ecr::daemon
