#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// What the fuzzer feeds, and what the unit tests replay: one function for each reader of bytes
/// that others write.
namespace ecr::fuzz {

using bytes = std::span<const std::uint8_t>;

/// Feeds `input` to one reader, and checks what it promises. Each has a line in target.cpp.
///
/// Returns: what must never be and was, in words; empty: nothing.
using run_function = std::string(bytes input);

run_function addresses;
run_function config;
run_function ecr_answer;
run_function http_request;
run_function hypercom;
run_function json_line;
run_function journal_file;
run_function journal_row;
run_function line_framed;
run_function line_plain;
run_function notification;
run_function qfpay_content;
run_function qfpay_http;
run_function qfpay_serial;
run_function qfpay_tcp;
run_function settlement;
run_function tolerant_json;
run_function trade_answer;
run_function values;

struct target {
    std::string_view name;
    run_function* run;
};

/// All of them, sorted by name. The folders of corpus/ have the same names.
[[nodiscard]] std::span<const target> targets() noexcept;

}  // namespace ecr::fuzz
