#pragma once

#include "daemon/duration_counts.hpp"

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace ecr::daemon {

/// Metrics in Prometheus' text format, written from top to bottom: a family, then its samples.
/// Source: Prometheus "Exposition formats", text format 0.0.4.
class metrics_text {
public:
    using labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    enum class kind { counter, gauge, histogram };

    /// Begins a family. `name` without the prefix that all of ours have.
    void family(std::string_view name, kind what, std::string_view help);

    template <std::integral Number>
    void sample(Number value, labels with = {})
    {
        line({}, std::to_string(value), with);
    }
    void sample(double value, labels with = {});
    void sample(const duration_counts& value, labels with = {});

    [[nodiscard]] std::string take() { return std::move(text_); }

    static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

private:
    void line(std::string_view ending, std::string_view value, labels with,
              std::string_view bound = {});

    std::string name_;
    std::string text_;
};

}  // namespace ecr::daemon
