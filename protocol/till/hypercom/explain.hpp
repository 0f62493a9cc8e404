#pragma once

#include "protocol/till/trace_language.hpp"

/// What a trace knows of this dialect.
namespace ecr::protocol::till::hypercom {

[[nodiscard]] std::vector<std::string> explain_frame(heading way, std::string_view bytes,
                                                     std::string_view form);
[[nodiscard]] std::string reply_kind_of(std::string_view bytes);
[[nodiscard]] std::vector<trace_number> numbers_in(std::string_view bytes);
[[nodiscard]] std::string renumbered_frame(std::string_view bytes,
                                           const std::map<std::string, std::string>& numbers);
/// Nothing is encrypted here.
[[nodiscard]] std::string sealed_clear(std::string_view bytes, std::string_view form,
                                       std::string_view pos_key);
[[nodiscard]] std::unique_ptr<trace_cutter> make_frame_cutter(std::string_view = {});

inline constexpr trace_language frames_language{.name = "hypercom",
                                                .explain = explain_frame,
                                                .reply_kind = reply_kind_of,
                                                .numbers = numbers_in,
                                                .renumbered = renumbered_frame,
                                                .sealed = sealed_clear,
                                                .make_cutter = make_frame_cutter};

}  // namespace ecr::protocol::till::hypercom
