#include "daemon/logging.hpp"

#include "protocol/errc.hpp"
#include "protocol/json.hpp"

#include <boost/system/system_error.hpp>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace ecr::daemon {
namespace {

constexpr auto forbidden_keys =
    std::to_array<std::string_view>({"sign", "key", "client_key", "secret", "auth_code", "token"});

spdlog::level::level_enum level_of(log_level level)
{
    switch (level) {
        case log_level::debug: return spdlog::level::debug;
        case log_level::info: return spdlog::level::info;
        case log_level::warning: return spdlog::level::warn;
        case log_level::error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

/// The priority prefix that systemd reads. Source: sd-daemon(3).
class priority_flag final : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&,
                spdlog::memory_buf_t& into) override
    {
        const auto* prefix = message.level >= spdlog::level::err    ? "<3>"
                             : message.level == spdlog::level::warn ? "<4>"
                             : message.level == spdlog::level::info ? "<6>"
                                                                    : "<7>";
        into.append(prefix, prefix + 3);
    }

    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override
    {
        return std::make_unique<priority_flag>();
    }
};

/// True when standard error is the journal's stream, and not a file somebody redirected it to.
/// Source: systemd.exec(5), $JOURNAL_STREAM.
bool stderr_is_journal()
{
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat facts {};
    if (stream == nullptr || ::fstat(STDERR_FILENO, &facts) != 0) return false;
    return stream == std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
}

std::unique_ptr<spdlog::formatter> formatter_for(bool journal)
{
    auto made = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
    made->add_flag<priority_flag>('*');
    made->set_pattern(journal ? "%*%v" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v");
    return made;
}

std::shared_ptr<spdlog::logger> make_logger()
{
    // The lines of the store thread, should it have any, must not cut into those of the other.
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_formatter(formatter_for(stderr_is_journal()));
    auto made = std::make_shared<spdlog::logger>("ecrbridge", std::move(sink));
    made->flush_on(spdlog::level::trace);  // the last lines before a crash are the ones needed
    return made;
}

std::shared_ptr<spdlog::logger>& current()
{
    static auto logger = make_logger();
    return logger;
}

spdlog::sink_ptr file_sink(const log_config& how)
{
    try {
        // spdlog counts the old files only; the setting counts the one that grows, too.
        auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
            how.file.string(), how.file_size_max, how.files_max - 1);
        sink->set_formatter(formatter_for(false));
        return sink;
    } catch (const spdlog::spdlog_ex& failed) {
        throw boost::system::system_error{make_error_code(errc::bad_configuration), failed.what()};
    }
}

/// 13 to 19 digits in a row become the first six, stars, and the last four: what PCI DSS 3.4 lets
/// be shown.
std::string masked_card(std::string text)
{
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (auto first = text.begin(); first != text.end();) {
        first = std::find_if(first, text.end(), is_digit);
        const auto last = std::find_if_not(first, text.end(), is_digit);
        if (last - first >= 13 && last - first <= 19) std::fill(first + 6, last - 4, '*');
        first = last;
    }
    return text;
}

/// DEL and the control characters of Latin 1 (C2 80 to C2 9F) become blanks: JSON would leave them,
/// and terminals obey them.
std::string tamed(std::string text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto at = [&](std::size_t n) { return static_cast<unsigned char>(text[n]); };
        if (at(i) == 0x7f) text[i] = ' ';
        if (i + 1 < text.size() && at(i) == 0xc2 && at(i + 1) >= 0x80 && at(i + 1) < 0xa0)
            text.replace(i, 2, " ");
    }
    return text;
}

bool is_plain(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
    });
}

std::string shown(const log_field& field)
{
    auto value = field.key == "card" ? masked_card(field.value) : field.value;
    if (value.size() > log_value_size_max)
        value.replace(log_value_size_max - 3, std::string::npos, "...");
    return is_plain(value) ? value : to_text(json(tamed(std::move(value))));
}

}  // namespace

void set_up_logging(const log_config& how)
{
    auto made = make_logger();
    if (!how.file.empty()) made->sinks().push_back(file_sink(how));
    made->set_level(spdlog::level::from_str(how.level));
    current() = std::move(made);
}

void log(log_level level, std::string_view event, std::initializer_list<log_field> fields)
{
    auto& logger = *current();
    std::string line{event};
    for (const auto& field : fields) {
        assert(std::ranges::count(forbidden_keys, field.key) == 0);
        line += ' ';
        line += field.key;
        line += '=';
        line += shown(field);
    }
    logger.log(level_of(level), spdlog::string_view_t{line.data(), line.size()});
}

}  // namespace ecr::daemon
