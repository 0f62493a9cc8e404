#include "daemon/logging.hpp"

#include "daemon/log_often.hpp"
#include "daemon/service/journal_stream.hpp"
#include "daemon/service/system_log.hpp"
#include "daemon/service/unix_datagram.hpp"
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
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

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

/// Source: sd-daemon(3).
std::string_view priority_of(spdlog::level::level_enum level)
{
    return level >= spdlog::level::err    ? "3"
           : level == spdlog::level::warn ? "4"
           : level == spdlog::level::info ? "6"
                                          : "7";
}

/// The priority as a prefix, which systemd reads from standard error.
class priority_flag final : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&,
                spdlog::memory_buf_t& into) override
    {
        const auto prefix = "<" + std::string{priority_of(message.level)} + ">";
        into.append(prefix.data(), prefix.data() + prefix.size());
    }

    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override
    {
        return std::make_unique<priority_flag>();
    }
};

std::unique_ptr<spdlog::formatter> formatter_for(bool journal)
{
    auto made = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
    made->add_flag<priority_flag>('*');
    made->set_pattern(journal ? "%*%v" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v");
    return made;
}

/// Everything a line goes to.
struct outlets {
    explicit outlets(const std::string& journal_path)
    {
        const bool is_journal = stderr_is_journal();
        if (is_journal) journal = unix_datagram{journal_path};
        // The lines of the store thread, should it have any, must not cut into those of the other.
        auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        sink->set_formatter(formatter_for(is_journal));
        screen = logger_of(std::move(sink));
    }

    static std::shared_ptr<spdlog::logger> logger_of(spdlog::sink_ptr sink)
    {
        auto made = std::make_shared<spdlog::logger>("ecrbridge", std::move(sink));
        made->flush_on(spdlog::level::trace);  // the last lines before a crash are the ones needed
        return made;
    }

    std::shared_ptr<spdlog::logger> screen;  // standard error
    std::shared_ptr<spdlog::logger> file;    // none: no file
    unix_datagram journal;                   // to nobody: standard error is no journal
};

/// What is in force. Whoever writes a line keeps it until the line is out, so that a thread of its
/// own, that of the traces, can write while the configuration is read again. A mutex: in GCC 12's
/// std::atomic<std::shared_ptr> nothing orders a load before the next store.
class outlets_in_force {
public:
    [[nodiscard]] std::shared_ptr<const outlets> get()
    {
        const std::scoped_lock lock{mutex_};
        return all_;
    }
    void set(std::shared_ptr<const outlets> all)
    {
        const std::scoped_lock lock{mutex_};
        all_.swap(all);
    }

private:
    std::mutex mutex_;
    std::shared_ptr<const outlets> all_ = std::make_shared<const outlets>(journal_socket_path);
};

outlets_in_force& current()
{
    static outlets_in_force all;
    return all;
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

/// What may be shown of a value, and not more of it than the limit.
std::string harmless(const log_field& field)
{
    auto value = field.key == "card" ? masked_card(field.value) : field.value;
    if (value.size() > log_value_size_max)
        value.replace(log_value_size_max - 3, std::string::npos, "...");
    return value;
}

std::string shown(const log_field& field)
{
    auto value = harmless(field);
    return is_plain(value) ? value : to_text(json(tamed(std::move(value))));
}

/// The line as an entry of the journal, its fields beside it.
std::string entry_of(log_level level, std::string_view event, const std::string& line,
                     std::span<const log_field> fields)
{
    std::vector<std::pair<std::string_view, std::string>> entry{
        {"MESSAGE", line},
        {"PRIORITY", std::string{priority_of(level_of(level))}},
        {"SYSLOG_IDENTIFIER", "ecrbridged"},
        {"ECR_EVENT", std::string{event}}};
    std::vector<std::string> names;
    names.reserve(fields.size());
    for (const auto& field : fields)
        entry.emplace_back(names.emplace_back(journal_name(field.key)), harmless(field));
    return journal_entry(entry);
}

}  // namespace

void set_up_logging(const log_config& how, const std::string& journal)
{
    auto made = std::make_shared<outlets>(journal);
    const auto level = spdlog::level::from_str(how.level);
    if (!how.file.empty()) made->file = outlets::logger_of(file_sink(how));
    for (const auto& logger : {made->screen, made->file})
        if (logger) logger->set_level(level);
    current().set(std::move(made));
}

void log(log_level level, std::string_view event, std::initializer_list<log_field> fields)
{
    log_fields(level, event, {fields.begin(), fields.size()});
}

void log_fields(log_level level, std::string_view event, std::span<const log_field> fields)
{
    const auto all = current().get();
    const auto& to = *all;
    std::string line{event};
    for (const auto& field : fields) {
        assert(std::ranges::count(forbidden_keys, field.key) == 0);
        line += ' ';
        line += field.key;
        line += '=';
        line += shown(field);
    }
    const auto as = level_of(level);
    if (!to.screen->should_log(as)) return;
    const spdlog::string_view_t text{line.data(), line.size()};
    // One time for one line, wherever it is read.
    const auto at = spdlog::log_clock::now();
    if (!to.journal.has_address() || !to.journal.send(entry_of(level, event, line, fields)))
        to.screen->log(at, {}, as, text);
    if (to.file) to.file->log(at, {}, as, text);
    tell_system(level, line);
}

}  // namespace ecr::daemon
