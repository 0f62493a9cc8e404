#include "daemon/page/metrics_text.hpp"

#include <charconv>

namespace ecr::daemon {
namespace {

constexpr std::string_view prefix = "ecrbridge_";

std::string_view name_of(metrics_text::kind what)
{
    using enum metrics_text::kind;
    switch (what) {
        case counter: return "counter";
        case gauge: return "gauge";
        case histogram: return "histogram";
    }
    return {};
}

std::string number(double value)
{
    char text[64];
    const auto [end, failed] = std::to_chars(std::begin(text), std::end(text), value);
    return {static_cast<const char*>(text), static_cast<const char*>(end)};
}

double seconds(duration_counts::milliseconds time)
{
    return static_cast<double>(time.count()) / 1000;
}

void append_escaped(std::string& to, std::string_view value)
{
    for (const char c : value) {
        if (c == '\\' || c == '"') to += '\\';
        if (c == '\n')
            to += "\\n";
        else
            to += c;
    }
}

}  // namespace

void metrics_text::family(std::string_view name, kind what, std::string_view help)
{
    name_ = std::string{prefix}.append(name);
    text_.append("# HELP ").append(name_).append(" ").append(help).append("\n# TYPE ");
    text_.append(name_).append(" ").append(name_of(what)).append("\n");
}

void metrics_text::sample(double value, labels with)
{
    line({}, number(value), with);
}

void metrics_text::sample(const duration_counts& value, labels with)
{
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < value.counts().size(); ++i) {
        so_far += value.counts()[i];
        const bool last = i == duration_counts::bounds.size();
        line("_bucket", std::to_string(so_far), with,
             last ? "+Inf" : number(seconds(duration_counts::bounds[i])));
    }
    line("_sum", number(seconds(value.sum())), with);
    line("_count", std::to_string(so_far), with);
}

void metrics_text::line(std::string_view ending, std::string_view value, labels with,
                        std::string_view bound)
{
    text_.append(name_).append(ending);
    char before = '{';
    const auto label = [&](std::string_view name, std::string_view text) {
        text_ += before;
        text_.append(name).append("=\"");
        append_escaped(text_, text);
        text_ += '"';
        before = ',';
    };
    for (const auto& [name, text] : with)
        label(name, text);
    if (!bound.empty()) label("le", bound);
    if (before == ',') text_ += '}';
    text_.append(" ").append(value).append("\n");
}

}  // namespace ecr::daemon
