#pragma once

#include "daemon/config.hpp"
#include "daemon/service/journal_entry.hpp"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace ecr::daemon {

/// Who must act: error a human now, warning a human this week, info nobody (one line per step),
/// debug developers.
enum class log_level : std::uint8_t { debug, info, warning, error };

/// One "key=value" of a log line. The keys `sign`, `key`, `client_key`, `secret`, `auth_code` and
/// `token` are a mistake of ours: they never reach the log. What stands under `card` is masked.
struct log_field {
    log_field(std::string_view k, std::string v) : key{k}, value{std::move(v)} {}
    log_field(std::string_view k, std::string_view v) : key{k}, value{v} {}
    log_field(std::string_view k, const char* v) : key{k}, value{v} {}
    log_field(std::string_view k, bool v) : key{k}, value{v ? "yes" : "no"} {}
    template <std::integral Number>
    requires(!std::same_as<Number, bool>) log_field(std::string_view k, Number v)
        : key{k}, value{std::to_string(v)}
    {}

    std::string_view key;
    std::string value;
};

/// Where lines go from now on: to standard error, and to a file when there is one. When standard
/// error is systemd's journal, to the journal's socket, as entries whose fields can be searched;
/// what that does not take goes to standard error with a priority. Until the first call: the same
/// without a file, from `info` on. Also while another thread logs.
///
/// Throws boost::system::system_error: errc::bad_configuration when the file cannot be written.
void set_up_logging(const log_config& how, const std::string& journal = journal_socket_path);

/// Writes one line: the event, then its fields in their order. Whatever the values hold, it stays
/// one line of printable characters, and no value is longer than log_value_size_max bytes.
void log(log_level level, std::string_view event, std::initializer_list<log_field> fields = {});

inline constexpr std::size_t log_value_size_max = 1024;

}  // namespace ecr::daemon
