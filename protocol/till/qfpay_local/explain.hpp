#pragma once

#include "protocol/till/trace_language.hpp"

/// What a trace knows of this dialect. Its units are decrypted: http, tcp and serial as the link
/// would carry them without encryption.
namespace ecr::protocol::till::qfpay_local {

[[nodiscard]] std::vector<std::string> explain_http(heading way, std::string_view bytes,
                                                    std::string_view form);
[[nodiscard]] std::vector<std::string> explain_tcp(heading way, std::string_view bytes,
                                                   std::string_view form);
[[nodiscard]] std::vector<std::string> explain_serial(heading way, std::string_view bytes,
                                                      std::string_view form);
[[nodiscard]] std::string http_kind_of(std::string_view bytes);
[[nodiscard]] std::string tcp_kind_of(std::string_view bytes);
[[nodiscard]] std::string serial_kind_of(std::string_view bytes);
[[nodiscard]] std::vector<trace_number> numbers_in(std::string_view bytes);
[[nodiscard]] std::string renumbered_http(std::string_view bytes,
                                          const std::map<std::string, std::string>& numbers);
[[nodiscard]] std::string renumbered_tcp(std::string_view bytes,
                                         const std::map<std::string, std::string>& numbers);
[[nodiscard]] std::string renumbered_serial(std::string_view bytes,
                                            const std::map<std::string, std::string>& numbers);
/// With a digest of this key, and encrypted as the unit was.
[[nodiscard]] std::string sealed_http(std::string_view bytes, std::string_view form,
                                      std::string_view pos_key);
[[nodiscard]] std::string sealed_tcp(std::string_view bytes, std::string_view form,
                                     std::string_view pos_key);
[[nodiscard]] std::string sealed_serial(std::string_view bytes, std::string_view form,
                                        std::string_view pos_key);
[[nodiscard]] std::unique_ptr<trace_cutter> make_http_cutter(std::string_view pos_key);
[[nodiscard]] std::unique_ptr<trace_cutter> make_tcp_cutter(std::string_view pos_key);
[[nodiscard]] std::unique_ptr<trace_cutter> make_serial_cutter(std::string_view pos_key);

inline constexpr trace_language http_language{.name = "qfpay-local-http",
                                              .explain = explain_http,
                                              .reply_kind = http_kind_of,
                                              .numbers = numbers_in,
                                              .renumbered = renumbered_http,
                                              .sealed = sealed_http,
                                              .make_cutter = make_http_cutter};
inline constexpr trace_language tcp_language{.name = "qfpay-local-tcp",
                                             .explain = explain_tcp,
                                             .reply_kind = tcp_kind_of,
                                             .numbers = numbers_in,
                                             .renumbered = renumbered_tcp,
                                             .sealed = sealed_tcp,
                                             .make_cutter = make_tcp_cutter};
inline constexpr trace_language serial_language{.name = "qfpay-local-serial",
                                                .explain = explain_serial,
                                                .reply_kind = serial_kind_of,
                                                .numbers = numbers_in,
                                                .renumbered = renumbered_serial,
                                                .sealed = sealed_serial,
                                                .make_cutter = make_serial_cutter};

}  // namespace ecr::protocol::till::qfpay_local
