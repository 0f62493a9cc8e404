#pragma once

#include "protocol/till/trace_language.hpp"

/// What a trace knows of the line dialect.
namespace ecr::protocol::till::line {

[[nodiscard]] std::vector<std::string> explain_plain(heading way, std::string_view bytes,
                                                     std::string_view form);
[[nodiscard]] std::vector<std::string> explain_framed(heading way, std::string_view bytes,
                                                      std::string_view form);
/// Of a line, or of a frame with one.
[[nodiscard]] std::string reply_kind_of(std::string_view bytes);
[[nodiscard]] std::vector<trace_number> numbers_in(std::string_view bytes);
[[nodiscard]] std::string renumbered_plain(std::string_view bytes,
                                           const std::map<std::string, std::string>& numbers);
[[nodiscard]] std::string renumbered_framed(std::string_view bytes,
                                            const std::map<std::string, std::string>& numbers);
/// Nothing is encrypted here.
[[nodiscard]] std::string sealed_clear(std::string_view bytes, std::string_view form,
                                       std::string_view pos_key);
[[nodiscard]] std::unique_ptr<trace_cutter> make_plain_cutter(std::string_view = {});
[[nodiscard]] std::unique_ptr<trace_cutter> make_framed_cutter(std::string_view = {});

inline constexpr trace_language plain_language{.name = "line",
                                               .explain = explain_plain,
                                               .reply_kind = reply_kind_of,
                                               .numbers = numbers_in,
                                               .renumbered = renumbered_plain,
                                               .sealed = sealed_clear,
                                               .make_cutter = make_plain_cutter};
inline constexpr trace_language framed_language{.name = "line-stx",
                                                .explain = explain_framed,
                                                .reply_kind = reply_kind_of,
                                                .numbers = numbers_in,
                                                .renumbered = renumbered_framed,
                                                .sealed = sealed_clear,
                                                .make_cutter = make_framed_cutter};

}  // namespace ecr::protocol::till::line
