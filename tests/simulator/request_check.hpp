#pragma once

#include "protocol/cloud/channel.hpp"
#include "protocol/cloud/signature.hpp"
#include "tests/simulator/settings.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::simulator {

/// A request as it arrived.
struct wire_request {
    std::string method;
    std::string target;
    std::string content_type;
    std::string app_code;
    std::string sign;
    std::string sign_type;
    std::string body;
};

/// Why a request is refused before anybody looks at its meaning.
struct refusal {
    std::string respcd;
    std::string text;
};

/// A request whose headers and signature are right.
struct signed_request {
    std::string app_code{};
    protocol::cloud::form parameters;
    protocol::cloud::sign_algorithm algorithm{};

    /// A parameter's value; "" when it was not sent. The API knows no empty values.
    [[nodiscard]] std::string_view at(std::string_view name) const;
};

/// Content type, app code, sign type, signature: 1108 for each. A body that is no form: 1103.
///
/// Source: contract 2.1 to 2.3, 13.12.
[[nodiscard]] std::optional<refusal> check_signature(const wire_request& request,
                                                     const settings& behaviour,
                                                     signed_request& out);

/// What the contract says of one parameter of a call.
struct parameter_rule {
    std::string_view name;
    bool mandatory;
    bool (*good)(std::string_view);
};
using call_rules = std::map<std::string_view, std::vector<parameter_rule>>;  // by path

/// Each parameter by its rule: missing 1103, bad 1104; a path without rules 1103.
[[nodiscard]] std::optional<refusal> check_by_rules(const call_rules& rules, std::string_view path,
                                                    const signed_request& request);

/// The parameter mchid, which every call may have. Source: contract 2.1.
[[nodiscard]] std::optional<refusal> check_mchid(const signed_request& request,
                                                 const settings& behaviour);

/// The parameters of the six calls, each as the contract says: missing 1103, bad 1104.
///
/// Source: contract 3.1 to 3.6.
[[nodiscard]] std::optional<refusal> check_parameters(std::string_view path,
                                                      const signed_request& request,
                                                      const settings& behaviour);

/// "110": digits only, within the bounds. Nothing otherwise.
[[nodiscard]] std::optional<std::int64_t> number_within(std::string_view text, std::int64_t least,
                                                        std::int64_t most);

/// txamt: Int(11), from 1. Source: contract 13.27.
[[nodiscard]] bool is_amount(std::string_view text);
/// A number of ours or theirs: at most 128 bytes, no comma, no blank, ASCII.
[[nodiscard]] bool is_id(std::string_view text);

[[nodiscard]] refusal missing(std::string_view name);
[[nodiscard]] refusal bad(std::string_view name);

}  // namespace ecr::simulator
